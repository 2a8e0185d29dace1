/** Encodes text for one position in a URI. */
export type Encode = (text: string) => string;

const UNRESERVED_ONLY = /^[A-Za-z0-9\-._~]*$/;
/** Reserved by RFC 3986 §2.2, but not encoded by `encodeURIComponent`. */
const LEFT_ALONE = /[!'()*]/g;

/**
 * Percent-encodes the UTF-8 of everything but RFC 3986's unreserved characters (RFC 6570 §3.2.2 simple expansion). A
 * lone surrogate, which UTF-8 cannot represent, becomes U+FFFD.
 */
export function encodeComponent(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text;
  return encodeUtf8(text).replace(LEFT_ALONE, percent);
}

/**
 * `application/x-www-form-urlencoded` for a name or value (WHATWG URL §1.3, the form set): as above, but a space
 * becomes `+`, `*` is kept and `~` is encoded.
 */
export function encodeFormComponent(text: string): string {
  return encodeUtf8(text).replace(FORM_DIFFERENCES, (found) => (found === '%20' ? '+' : percent(found)));
}
const FORM_DIFFERENCES = /%20|[!'()~]/g;

/**
 * Reserved expansion (RFC 6570 §3.2.3) for a path: keeps reserved characters and percent-encoded triplets. Encodes `?`
 * and `#`, which would end the path (OpenAPI 3.2.0 "Path Templating" forbids them unescaped), and `[` and `]`, which
 * are not allowed in paths (RFC 3986 §3.3).
 */
export function encodeReservedPath(text: string): string {
  return text.replace(NOT_IN_PATH, keepTriplet);
}
const NOT_IN_PATH = /(%[0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/]/gu;

/**
 * Reserved expansion (RFC 6570 §3.2.3) for a query: keeps reserved characters and percent-encoded triplets. Encodes
 * `#`, which would end the query, and `&`, which would start another parameter: OpenAPI 3.2.0 (Parameter Object,
 * `allowReserved`) leaves it to the application to encode what the position does not allow.
 */
export function encodeReservedQuery(text: string): string {
  return text.replace(NOT_IN_QUERY, keepTriplet);
}
const NOT_IN_QUERY = /(%[0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$'()*+,;=:@/?[\]]/gu;

/** A query that is already structured (`a=1&b=2`): keeps everything that a query may contain. */
export function encodeWholeQuery(text: string): string {
  return text.replace(NOT_IN_WHOLE_QUERY, keepTriplet);
}
const NOT_IN_WHOLE_QUERY = /(%[0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?[\]]/gu;

function keepTriplet(found: string, triplet: string | undefined): string {
  return triplet ?? encodeComponent(found);
}

function encodeUtf8(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return encodeURIComponent(wellFormed(text));
  }
}

/** Replaces each lone surrogate with U+FFFD, as UTF-8 encoders do (Encoding Standard). */
function wellFormed(text: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** Text that is not percent-encoded UTF-8 is returned unchanged. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
