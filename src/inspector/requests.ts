import { readText } from '../runtime/api/auth/read-json.ts';
import { isRecord } from '../runtime/is-record.ts';
import type { Completion, ElicitAnswer } from '../runtime/provider.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import { RequestError } from './respond.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** @throws RequestError 413, 415 or 400 */
export async function jsonBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new RequestError(415, 'The body must be application/json.');
  const text = await readText(request.body, MAX_BODY_BYTES);
  if (text === undefined) throw new RequestError(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  const value = parsedJson(text);
  if (value === undefined) throw new RequestError(400, 'The body is not valid JSON.');
  if (!isRecord(value)) throw new RequestError(400, 'The body must be a JSON object.');
  return value;
}

type Body = Readonly<Record<string, unknown>>;

/** @throws RequestError 400, as all of these */
export function text(body: Body, key: string): string {
  const value = body[key];
  if (typeof value === 'string') return value;
  throw new RequestError(400, `"${key}" must be a string.`);
}

export function object(body: Body, key: string): Body {
  const value = body[key];
  if (isRecord(value)) return value;
  throw new RequestError(400, `"${key}" must be an object.`);
}

export function texts(body: Body, key: string): Readonly<Record<string, string>> {
  const value = object(body, key);
  const wrong = Object.entries(value).find(([, each]) => typeof each !== 'string');
  if (wrong) throw new RequestError(400, `"${key}.${wrong[0]}" must be a string.`);
  return value as Readonly<Record<string, string>>;
}

/** A number of a query, from 1. */
export function count(url: URL, key: string): number {
  const value = url.searchParams.get(key) ?? '';
  if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw new RequestError(400, `"${key}" must be a positive integer.`);
}

export function answer(body: Body): ElicitAnswer {
  switch (body.action) {
    case 'accept':
      return { action: 'accept', content: object(body, 'content') };
    case 'decline':
      return { action: 'decline' };
    default:
      throw new RequestError(400, '"action" must be "accept" or "decline".');
  }
}

export function completion(body: Body): Completion {
  const ref = object(body, 'ref');
  const argument = object(body, 'argument');
  return {
    ref: reference(ref),
    argument: { name: text(argument, 'name'), value: text(argument, 'value') },
    given: texts(body, 'given'),
  };
}

function reference(ref: Body): Completion['ref'] {
  switch (ref.type) {
    case 'prompt':
      return { type: 'prompt', name: text(ref, 'name') };
    case 'resource':
      return { type: 'resource', uri: text(ref, 'uri') };
    default:
      throw new RequestError(400, '"ref.type" must be "prompt" or "resource".');
  }
}
