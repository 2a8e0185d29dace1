import { readText } from '../../api/auth/read-json.ts';
/** An error of RFC 6749 §5.2, RFC 7591 §3.2.2 or RFC 7009 §2.2.1. The message is shown to the client. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The upstream, the store or a client's document cannot be reached now. */
export function unavailable(message: string): OAuthError {
  return new OAuthError('temporarily_unavailable', message, 503);
}

export const NO_STORE: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  'X-Content-Type-Options': 'nosniff',
};

export function json(
  value: unknown,
  init: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Response {
  return Response.json(value, { status: init.status ?? 200, headers: { ...NO_STORE, ...init.headers } });
}

export function errorJson(
  { code, message, status }: OAuthError,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { error: code, error_description: printable(message) };
  return json(body, { status, headers: { ...headers, ...(status === 503 && RETRY) } });
}

/** With 503, in seconds. */
export const RETRY: Readonly<Record<string, string>> = { 'Retry-After': '10' };

/** A redirect that the browser follows with GET (RFC 9700 §4.12). */
export function seeOther(location: string, headers: Readonly<Record<string, string>> = {}): Response {
  const all = { ...NO_STORE, 'Referrer-Policy': 'no-referrer', ...headers, Location: location };
  return new Response(null, { status: 303, headers: all });
}

/** A URI with further query parameters; its own text is not changed. */
export function withParameters(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams(given)}`;
}

/** The characters that `error_description` may have (RFC 6749 §5.2), at most 300. */
export function printable(text: string): string {
  return text
    .replaceAll('"', "'")
    .replace(/[^\x20-\x5b\x5d-\x7e]/g, ' ')
    .slice(0, 300);
}

/** @throws OAuthError if it is not a form, too large, or repeats a parameter (RFC 6749 §3.2) */
export async function readForm(request: Request, maxBytes: number): Promise<ReadonlyMap<string, string>> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw new OAuthError('invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  const text = await readText(request.body, maxBytes);
  if (text === undefined) throw new OAuthError('invalid_request', `The body is larger than ${maxBytes} bytes.`, 413);
  return singleParameters(new URLSearchParams(text));
}

/** @throws OAuthError if a parameter is repeated (RFC 6749 §3.1). `resource` may be, with the same value (RFC 8707). */
export function singleParameters(parameters: URLSearchParams): ReadonlyMap<string, string> {
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    if (values.length > 1 && !(name === 'resource' && new Set(values).size === 1)) {
      throw new OAuthError('invalid_request', `The parameter ${name} is repeated.`);
    }
  }
  // RFC 6749 §3.1: a parameter without a value is treated as absent.
  return new Map([...parameters].filter(([, value]) => value !== ''));
}
