import {
  type DeclaredContent,
  type DeclaredHeader,
  type DeclaredResponse,
  essenceOf,
  type JsonSchema,
  type JsonValue,
  mediaKind,
  type Operation,
  responseFor,
} from '../../model/index.ts';
import { exampleValue } from '../api/schema/example-value.ts';
import { fitsSchema } from '../api/schema/fits-schema.ts';
import { echoed } from './echo.ts';
import { bodyOf } from './mock-body.ts';
import { randomOf } from './random-of.ts';

export interface MockAsk {
  readonly operation: Pick<Operation, 'request'>;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly responses: readonly DeclaredResponse[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Varies the values; absent: the plainest ones. */
  readonly seed?: number;
  /** Absent: the first successful one. */
  readonly status?: number | undefined;
}

export interface MockResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Absent if there is none. */
  readonly body?: string | Uint8Array;
}

/**
 * A response as the document declares it: its example, or values made from its schemas. Arguments that share the name of
 * a property are echoed. The same question has the same response.
 *
 * @returns `undefined` if the document does not declare the status that is asked for
 */
export function mockResponse(ask: MockAsk): MockResponse | undefined {
  const { responses, operation, seed } = ask;
  const declared = ask.status === undefined ? successOf(responses) : chosen(responses, ask.status);
  if (declared === undefined) return ask.status === undefined ? { status: 204, headers: [] } : undefined;
  const { status, response } = declared;
  const { method } = operation.request;
  const place = `${seed} ${method} ${response.pointer} ${status} ${JSON.stringify(ask.arguments)}`;
  const making: Making = {
    ...ask,
    status,
    ...(seed !== undefined && { random: randomOf(place) }),
  };
  const headers = response.headers.flatMap((header) => headerOf(header, status, making));
  const [content] = response.contents;
  if (content === undefined || BODILESS.has(status)) return { status, headers };
  const mediaType = concreteType(content);
  const body = bodyOf(mediaType, (isItem) => contentValue(content, mediaType, isItem, making));
  return { status, headers: [['content-type', body.mediaType], ...headers], body: body.written };
}

/** RFC 9110 §15.3.5, §15.3.6, §15.4.5 */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

interface Making extends MockAsk {
  readonly status: number;
  readonly random?: () => number;
}

interface Chosen {
  readonly status: number;
  readonly response: DeclaredResponse;
}

function successOf(responses: readonly DeclaredResponse[]): Chosen | undefined {
  const exact = responses.filter(({ status }) => /^[23]\d\d$/.test(status));
  const [first] = [...exact].sort((a, b) => Number(a.status) - Number(b.status));
  const range =
    responses.find(({ status }) => status === '2xx') ?? responses.find(({ status }) => status === 'default');
  // A redirect is the answer only of an operation that has no other.
  const best = first?.status.startsWith('2') || range === undefined ? first : range;
  return best && { status: /^\d+$/.test(best.status) ? Number(best.status) : 200, response: best };
}

function chosen(responses: readonly DeclaredResponse[], status: number): Chosen | undefined {
  const response = responseFor(responses, status);
  return response && { status, response };
}

/** Headers that describe the connection or the bytes of a body, or lead elsewhere. */
const NEVER_MADE: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function headerOf(header: DeclaredHeader, status: number, making: Making): readonly [string, string][] {
  const { name } = header;
  if (NEVER_MADE.has(name) || !/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return [];
  // Nothing is there to be redirected to.
  if (name === 'location' && status >= 300 && status < 400) return [];
  const value = madeValue({ schema: header.schema, examples: header.examples }, making);
  // Printable ASCII is all that every HTTP implementation passes on (RFC 9110 §5.5).
  const text =
    value === undefined
      ? ''
      : headerText(value)
          .replace(/[^\x20-\x7e]/g, '')
          .trim();
  return text === '' ? [] : [[name, text]];
}

/** Style `simple`, the only one of headers (OpenAPI 3.1.1 §4.8.21). */
function headerText(value: JsonValue): string {
  if (Array.isArray(value)) return value.map((item) => headerText(item)).join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key},${headerText(part)}`)
    .join(',');
}

function contentValue(
  content: DeclaredContent,
  mediaType: string,
  isItem: boolean,
  making: Making,
): JsonValue | undefined {
  const schema = (isItem ? content.itemSchema : undefined) ?? content.schema;
  const examples = isItem && content.itemSchema !== undefined ? [] : content.examples;
  const value = madeValue({ schema, examples: examples.flatMap((each) => readings(each, mediaType)) }, making);
  const isJson = mediaKind(mediaType) === 'json';
  return value === undefined || !isJson ? value : echoed(value, { ...making, schema: schema ?? true });
}

/** An example for JSON may be JSON in a string. */
function readings(example: unknown, mediaType: string): readonly unknown[] {
  if (typeof example !== 'string' || mediaKind(mediaType) !== 'json') return [example];
  try {
    return [example, JSON.parse(example)];
  } catch {
    return [example];
  }
}

interface Described {
  readonly schema: JsonSchema | undefined;
  readonly examples: readonly unknown[];
}

/** The documented example that matches the schema, or a value made from it. */
function madeValue({ schema, examples }: Described, making: Making): JsonValue | undefined {
  const { schemas, random, seed = 1 } = making;
  const usable = examples.filter((each) => schema === undefined || fitsSchema(each, schema, schemas));
  // The examples of a document are JSON values.
  if (usable.length > 0) return usable[(seed - 1 + usable.length) % usable.length] as JsonValue;
  return schema === undefined ? undefined : exampleValue(schema, schemas, { ...(random && { random }) });
}

/** A media type for a range. */
function concreteType({ mediaType, schema, examples }: DeclaredContent): string {
  const essence = essenceOf(mediaType);
  if (!essence.includes('*')) return mediaType;
  const isBinary = typeof schema === 'object' && (schema.format === 'binary' || schema.contentEncoding !== undefined);
  const isText = (typeof schema === 'object' && schema.type === 'string') || typeof examples[0] === 'string';
  const [kind] = essence.split('/');
  if (kind === 'text') return 'text/plain';
  if (kind === 'image') return 'image/png';
  if (kind !== '*' && kind !== 'application') return `${kind}/x-example`;
  if (isBinary) return 'application/octet-stream';
  return isText && kind === '*' ? 'text/plain' : 'application/json';
}
