import { StoreError } from '../runtime/shared-store.ts';

/** Where Redis is. */
export interface RedisPlace {
  /** With user and password. */
  readonly url: string;
  /** Without them, for messages. */
  readonly shown: string;
}

/** @throws StoreError `BAD_STORE`; the message does not repeat the URL, which may contain a password */
export function redisPlace(text: string): RedisPlace {
  if (!URL.canParse(text)) throw bad('is not a URL');
  const url = new URL(text);
  if (!['redis:', 'rediss:'].includes(url.protocol)) throw bad(`starts with ${url.protocol}`);
  if (url.hostname === '') throw bad('names no host');
  if (!/^\/?\d*$/.test(url.pathname)) throw bad('has a path that is not the number of a database');
  if (url.search !== '' || url.hash !== '') throw bad('has a query or a fragment');
  return { url: text, shown: `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}` };
}

const bad = (what: string): StoreError =>
  new StoreError(
    'BAD_STORE',
    `The URL of the store ${what}. Write redis://host:6379, or rediss:// for TLS, with user:password@ and the number of a database if necessary.`,
  );
