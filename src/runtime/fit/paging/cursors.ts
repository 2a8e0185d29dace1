import { sorted } from '../../middleware/canonical.ts';
import type { PagePosition } from '../../provider.ts';
import { fromBase64Url } from '../../text/base64.ts';
import { base64Url, digestText } from '../../text/random-text.ts';

export interface CursorsOptions {
  /** The secret that signs them. Default: random, so that cursors are valid in this process only. */
  readonly key?: string | (() => Promise<string>) | undefined;
  /** Milliseconds that a cursor is valid. */
  readonly ttlMs: number;
  readonly now?: () => number;
}

/** The call that a cursor belongs to. */
export interface CursorOwner {
  readonly tool: string;
  /** Without those that say which page is wanted. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The id of the caller. */
  readonly caller: string;
}

/** Where a call goes on. */
export interface PageStart {
  /** Absent: the first page. */
  readonly at?: PagePosition;
  /** Items of the page that the caller already has. */
  readonly skip: number;
}

export interface Cursors {
  seal(start: PageStart, owner: CursorOwner): Promise<string>;
  /** @returns what is wrong with the cursor, and what to do */
  open(cursor: string, owner: CursorOwner): Promise<PageStart | { readonly problem: string }>;
}

/** Expiry, tool, digest of the arguments, items to skip, position. Arrays are the shortest JSON. */
type Payload = readonly [until: number, tool: string, args: string, skip: number, at: PagePosition | null];

/**
 * Cursors hold all that is needed to go on, so nothing is stored. They are signed for their caller, tool and arguments: a
 * changed one would let a model choose the path of a request.
 */
export function createCursors({ key, ttlMs, now = Date.now }: CursorsOptions): Cursors {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  let imported: ReturnType<typeof crypto.subtle.importKey> | undefined;
  const signing = () => {
    imported ??= secretOf(key).then(
      (secret) => crypto.subtle.importKey('raw', secret, hmac, false, ['sign', 'verify']),
      (error) => {
        // A store may be reached later.
        imported = undefined;
        throw error;
      },
    );
    return imported;
  };
  const signed = (payload: string, caller: string) => new TextEncoder().encode(JSON.stringify([payload, caller]));
  return {
    async seal({ at, skip }, { tool, arguments: args, caller }) {
      const payload: Payload = [now() + ttlMs, tool, await digest(args), skip, at ?? null];
      const text = base64Url(new TextEncoder().encode(JSON.stringify(payload)));
      const mac = await crypto.subtle.sign('HMAC', await signing(), signed(text, caller));
      return `${text}.${base64Url(new Uint8Array(mac))}`;
    },
    async open(cursor, { tool, arguments: args, caller }) {
      const [text = '', mac = '', ...rest] = cursor.split('.');
      const bytes = rest.length === 0 ? fromBase64Url(mac) : undefined;
      const payload = fromBase64Url(text);
      const isOwn =
        bytes && payload && (await crypto.subtle.verify('HMAC', await signing(), bytes, signed(text, caller)));
      if (!isOwn) return { problem: FOREIGN };
      // Signed, so it is what `seal` wrote.
      const [until, of, digested, skip, at] = JSON.parse(new TextDecoder().decode(payload)) as Payload;
      if (of !== tool) return { problem: `belongs to the tool "${of}". Pass it to that tool, or leave it out.` };
      if (until <= now()) return { problem: `has expired. ${FROM_START}` };
      if (digested !== (await digest(args)))
        return { problem: 'belongs to a call with other arguments. Repeat those of the call that returned it.' };
      return { ...(at && { at }), skip };
    },
  };
}

async function secretOf(key: CursorsOptions['key']): Promise<Uint8Array<ArrayBuffer>> {
  if (key === undefined) return crypto.getRandomValues(new Uint8Array(32));
  return new TextEncoder().encode(typeof key === 'string' ? key : await key());
}

const FROM_START = 'Call the tool without it to start from the first page.';
const FOREIGN = `is not one that this server gave to you: copy it exactly as it was returned. It may also be from before the server was restarted. ${FROM_START}`;

/** 72 bits are enough to notice other arguments: the signature is what protects. */
const digest = async (args: Readonly<Record<string, unknown>>): Promise<string> =>
  (await digestText(JSON.stringify(sorted(args)))).slice(0, 12);
