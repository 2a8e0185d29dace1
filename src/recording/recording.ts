import { isRecord } from '../runtime/is-record.ts';

/** What a recording file is: the responses to one request, in the order in which they arrived. */
export interface Recording {
  readonly format: typeof FORMAT;
  readonly document: DocumentIdentity;
  readonly request: RecordedRequest;
  readonly responses: readonly RecordedResponse[];
}

export const FORMAT = 'openapi-mcp recording 1';

/** Which document a recording belongs to. */
export interface DocumentIdentity {
  readonly title: string;
  readonly version: string;
  /** Origin of the server that the document names; `null` if it names none. */
  readonly server: string | null;
}

export interface RecordedRequest {
  readonly method: string;
  /** Path and query relative to the server; after a redirect, the complete URL. */
  readonly url: string;
  readonly contentType?: string;
  /** SHA-256 of the body, hex. */
  readonly bodyHash?: string;
  readonly body?: RecordedBody;
}

export interface RecordedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: RecordedBody;
  /** The body is only what was read before the reader stopped. */
  readonly partial?: true;
  /** Why the body is not recorded. */
  readonly omitted?: string;
}

/** Bytes, as readable as possible: JSON that was written without spaces, other text, or base64. */
export type RecordedBody = { readonly json: unknown } | { readonly text: string } | { readonly base64: string };

export const isSameDocument = (one: DocumentIdentity, other: DocumentIdentity): boolean =>
  one.title === other.title && one.version === other.version && one.server === other.server;

export const documentText = ({ title, version, server }: DocumentIdentity): string =>
  `"${title}" ${version}${server === null ? '' : ` (${server})`}`;

/** The same for the same request. */
export const keyOf = ({ method, url, bodyHash = '' }: RecordedRequest): string => `${method} ${url} ${bodyHash}`;

/** What is wrong with a parsed file, or nothing. */
export function faultOf(value: unknown): string | undefined {
  if (!isRecord(value) || value.format !== FORMAT) return `it does not have "format": "${FORMAT}"`;
  const { document, request, responses } = value;
  if (!isRecord(document) || typeof document.title !== 'string' || typeof document.version !== 'string')
    return '"document" must have a title and a version';
  if (document.server !== null && typeof document.server !== 'string')
    return '"document.server" must be a text or null';
  if (!isRecord(request) || typeof request.method !== 'string' || typeof request.url !== 'string')
    return '"request" must have a method and a url';
  if (!Array.isArray(responses) || responses.length === 0)
    return '"responses" must be a list with at least one response';
  const broken = responses.findIndex((response) => !isResponse(response));
  return broken < 0 ? undefined : `"responses[${broken}]" must have a status, headers and a body`;
}

function isResponse(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { status, headers, body } = value;
  const isStatus = Number.isInteger(status) && (status as number) >= 100 && (status as number) <= 999;
  return isStatus && Array.isArray(headers) && headers.every(isPair) && (body === undefined || isBody(body));
}

const isPair = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');

const isBody = (value: unknown): boolean =>
  isRecord(value) && ('json' in value || typeof value.text === 'string' || typeof value.base64 === 'string');
