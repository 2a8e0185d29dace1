import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { defined } from '../model/own.ts';
import type { HttpResponse, HttpSender } from '../runtime/api/http.ts';
import { DocumentError } from './api-document.ts';
import { publicAddress } from './public-address.ts';
import type { RawSource, ReadOptions } from './source.ts';

export type FetchOptions = Pick<ReadOptions, 'sendRedirected' | 'headers' | 'timeoutMs' | 'maxBytes' | 'cached'> & {
  readonly send: HttpSender;
  /** The origin that receives `headers`. */
  readonly headersOrigin: string;
};

const MAX_REDIRECTS = 5;

/**
 * Fetches a document. Credentials in the URL are sent as HTTP Basic, only to their own origin, like `headers`.
 * Redirects are followed, but never from https to http, and never from a public host to a private address.
 *
 * @throws DocumentError of kind `network`: refused, lost, timed out, too large, or an error status
 */
export async function fetchSource(address: string, options: FetchOptions): Promise<RawSource> {
  const { url, headers } = separateCredentials(address, options);
  const signal = AbortSignal.timeout(options.timeoutMs);
  const location = shown(url);
  try {
    return await follow(url, { ...options, headers, signal, location });
  } catch (error) {
    if (error instanceof DocumentError) throw error;
    throw networkError(error, { location, signal, timeoutMs: options.timeoutMs });
  }
}

interface Attempt extends FetchOptions {
  readonly signal: AbortSignal;
  readonly location: string;
}

async function follow(start: URL, attempt: Attempt): Promise<RawSource> {
  let url = start;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const send = senderTo(url, start, attempt);
    const response = await send({
      method: 'GET',
      url: withoutHash(url),
      headers: requestHeaders(url, attempt),
      signal: attempt.signal,
    });
    const target = redirectTarget(response, url);
    if (!target) return receive(response, { url, start }, attempt);
    await discard(response);
    if (!/^https?:$/.test(target.protocol))
      throw unfollowed(attempt, `The server redirects to ${target.protocol}, which is not followed.`);
    if (url.protocol === 'https:' && target.protocol === 'http:')
      throw unfollowed(attempt, `The server redirects from https to http (${shown(target)}), which is not followed.`);
    url = target;
  }
  throw unfollowed(attempt, `There were more than ${MAX_REDIRECTS} redirects.`);
}

const unfollowed = (attempt: Attempt, message: string): DocumentError =>
  fail(attempt, message, 'Pass the final address.');

/**
 * The user's own host may resolve to any address; other hosts only to addresses that a redirect from it may lead to.
 * `http://host` and `https://host` count as the same host.
 */
function senderTo(url: URL, start: URL, { send, sendRedirected, location }: Attempt): HttpSender {
  if (url.hostname === start.hostname && url.port === start.port) return send;
  const elsewhere = sendRedirected(start.origin);
  return async (request) => {
    try {
      return await elsewhere(request);
    } catch (error) {
      if (!/FORBIDDEN_ADDRESS/.test(codesOf(error))) throw error;
      const message = `The server redirects to ${shown(url)}, a private or link-local address, which is not allowed for a public URL.`;
      throw fail({ location }, message, 'Pass the final address, or --allow-private.');
    }
  };
}

function requestHeaders(url: URL, { headers, headersOrigin, cached }: Attempt): HttpRequestHeaders {
  const own = url.origin === headersOrigin ? headers : [];
  const given = new Set(own.map(([name]) => name.toLowerCase()));
  const standard: HttpRequestHeaders = [
    ['accept', 'application/json, application/yaml, text/yaml, */*;q=0.5'],
    ['accept-encoding', 'gzip, deflate, br'],
    ['user-agent', 'openapi-mcp'],
    ...(cached?.etag ? [['if-none-match', cached.etag] as const] : []),
    ...(cached?.lastModified ? [['if-modified-since', cached.lastModified] as const] : []),
  ];
  return [...standard.filter(([name]) => !given.has(name)), ...own];
}
type HttpRequestHeaders = readonly (readonly [name: string, value: string])[];

/** RFC 9110 §15.4: the statuses with a target. */
function redirectTarget({ status, headers }: HttpResponse, url: URL): URL | undefined {
  const target = header(headers, 'location');
  if (![301, 302, 303, 307, 308].includes(status) || target === undefined || !URL.canParse(target, url.href))
    return undefined;
  return new URL(target, url);
}

async function receive(
  response: HttpResponse,
  { url, start }: { readonly url: URL; readonly start: URL },
  attempt: Attempt,
): Promise<RawSource> {
  const { status, headers } = response;
  const { cached } = attempt;
  const notModified = status === 304 && cached !== undefined;
  if (notModified) await discard(response);
  else if (status < 200 || status > 299) {
    await discard(response);
    throw badStatus(status, attempt);
  }
  const kept = notModified ? cached : undefined;
  const charset = /charset="?([\w-]+)/i.exec(header(headers, 'content-type') ?? '')?.[1];
  return {
    bytes: kept?.bytes ?? (await readBody(response, attempt)),
    location: shown(url),
    // A token in the query, or a password in a redirect, is only for this address.
    base: { kind: 'web', url: publicAddress(url.href), origin: start.origin },
    notModified,
    ...defined({
      charset,
      etag: header(headers, 'etag') ?? kept?.etag,
      lastModified: header(headers, 'last-modified') ?? kept?.lastModified,
    }),
  };
}

async function readBody(response: HttpResponse, attempt: Attempt): Promise<Uint8Array> {
  const bytes = await collect(response.body, attempt.maxBytes, () => tooLarge(attempt));
  return decompress(bytes, header(response.headers, 'content-encoding'), attempt);
}

/** @throws what `tooLarge` returns if there are more than `maxBytes` */
export async function collect(
  chunks: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
  tooLarge: () => DocumentError,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += part.byteLength;
    if (size > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const DECOMPRESS: Readonly<
  Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

async function decompress(bytes: Uint8Array, encoding: string | undefined, attempt: Attempt): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase();
  if (!name || name === 'identity' || bytes.byteLength === 0) return bytes;
  const decode = Object.hasOwn(DECOMPRESS, name) ? DECOMPRESS[name] : undefined;
  if (!decode)
    throw fail(attempt, `The response is encoded as "${name}", which was not requested.`, 'Try later, or use a copy.');
  try {
    return await decode(bytes, { maxOutputLength: attempt.maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(attempt);
    throw fail(attempt, `The response is not valid ${name}.`, 'Try later, or use a copy.');
  }
}

/** Cancels the response, which frees the connection. */
async function discard({ body }: HttpResponse): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}

function separateCredentials(address: string, options: FetchOptions): { url: URL; headers: HttpRequestHeaders } {
  const url = new URL(address);
  if (!url.username && !url.password) return { url, headers: options.headers };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  const basic = ['authorization', `Basic ${Buffer.from(pair).toString('base64')}`] as const;
  const others = options.headers.filter(([name]) => name.toLowerCase() !== 'authorization');
  return { url, headers: others.length < options.headers.length ? options.headers : [...others, basic] };
}

function withoutHash(url: URL): string {
  const copy = new URL(url);
  copy.hash = '';
  return copy.href;
}

/** Without parts that may be secret: credentials and query. */
const shown = (url: URL): string => `${url.origin}${url.pathname}`;

function header(headers: HttpResponse['headers'], name: string): string | undefined {
  return headers.find(([key]) => key === name)?.[1];
}

function badStatus(status: number, attempt: Attempt): DocumentError {
  const needsCredentials = status === 401 || status === 403;
  const fix = needsCredentials
    ? // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how the user writes it
      "Pass credentials for it: --document-header 'Authorization: Bearer ${TOKEN}'."
    : status === 404 || status === 410
      ? 'Check the address of the document.'
      : 'Try again later, or use a copy of the document.';
  return new DocumentError(`The server responded with status ${status}.`, { ...attempt, fix, kind: 'network', status });
}

const tooLarge = (attempt: Attempt): DocumentError =>
  fail(
    attempt,
    `The document is larger than ${attempt.maxBytes} bytes.`,
    'Use a smaller document, or raise the limit.',
  );

function fail(
  { location }: { readonly location: string },
  message: string,
  fix: string,
  cause?: unknown,
): DocumentError {
  return new DocumentError(message, { location, fix, kind: 'network', cause });
}

/** Codes of Node, undici and our own sender, in the reader's words. */
const REASONS: readonly (readonly [codes: RegExp, message: string, fix: string])[] = [
  [
    /ENOTFOUND|EAI_AGAIN|HOST_NOT_FOUND/,
    'The host name does not resolve.',
    'Check the address and the network connection.',
  ],
  [
    /ECONNREFUSED|CONNECTION_REFUSED/,
    'Nothing is listening at that address.',
    'Check the host and port, and that the server is running.',
  ],
  [
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|CONNECTION_LOST/,
    'The server closed the connection.',
    'Try again; if the server expects TLS, write https:// instead of http://.',
  ],
  [/TIMEOUT/, 'The server did not respond in time.', 'Try again, or use a copy of the document.'],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|EPROTO/,
    'The server does not use TLS at that port.',
    'Write http:// instead of https://.',
  ],
  [
    /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/,
    'The secure connection failed.',
    'Check the certificate; --ca adds your own certificate authority.',
  ],
  [/FORBIDDEN_ADDRESS/, 'The address is private or link-local, which is not allowed here.', 'Use a copy of the file.'],
];

function networkError(
  error: unknown,
  { location, signal, timeoutMs }: { location: string; signal: AbortSignal; timeoutMs: number },
): DocumentError {
  if (signal.aborted) {
    return fail(
      { location },
      `The server did not respond within ${timeoutMs / 1000} s.`,
      'Try again, or use a copy of the document.',
      error,
    );
  }
  const codes = codesOf(error);
  const [, message, fix] = REASONS.find(([pattern]) => pattern.test(codes)) ?? [];
  return fail(
    { location },
    message ?? 'The document cannot be fetched.',
    fix ?? 'Check the address and the network.',
    error,
  );
}

function codesOf(error: unknown): string {
  const codes: string[] = [];
  for (let at = error; at instanceof Error && codes.length < 5; at = at.cause) {
    codes.push(String((at as NodeJS.ErrnoException).code ?? ''));
  }
  return codes.join(' ');
}
