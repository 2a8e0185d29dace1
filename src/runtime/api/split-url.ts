import { rememberedByText } from '../remembered-by-text.ts';

/** An http(s) URL in two parts, as written. */
export interface SplitUrl {
  /** The origin of the URL: parsed, and the same object for all URLs of a server. */
  readonly origin: URL;
  /** The rest, without fragment: starts with `/`. */
  readonly target: string;
}

/**
 * Scheme with authority, and the rest without fragment: the regular expression of RFC 3986, Appendix B, for http(s).
 * `new URL(url).pathname` would rewrite the path (`/a/%2E%2E/b` becomes `/b`), but is fine for the origin.
 */
export function splitUrl(url: string): SplitUrl {
  const [, authority = '', rest = ''] = /^(https?:\/\/[^/?#]*)([^#]*)/i.exec(url) ?? [];
  return { origin: originUrl(authority), target: rest.startsWith('/') ? rest : `/${rest}` };
}

const originUrl = rememberedByText((authority) => new URL(authority));

/** The origin of an http(s) URL. */
export const originOfUrl = (url: string): string => splitUrl(url).origin.origin;
