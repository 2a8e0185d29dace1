import { isJsonType, parseMediaType } from '../model/index.ts';
import type { Concealer } from '../runtime/api/conceal/index.ts';
import type { Exchange, Exchanger } from '../runtime/api/exchange.ts';
import { type HttpResponse, headerValue } from '../runtime/api/http.ts';
import { decodeContent } from '../runtime/api/read/content-encoding.ts';
import { readBytes } from '../runtime/api/read/read-bytes.ts';
import { messageOf } from '../runtime/errors.ts';
import { nodeDecoders } from '../runtime/node/decoders.ts';
import { concealIssuedInJson } from './issued-secrets.ts';
import { isJson, recordedBody, utf8 } from './recorded-body.ts';
import { recordedRequest } from './recorded-request.ts';
import {
  type DocumentIdentity,
  FORMAT,
  isSameDocument,
  keyOf,
  type RecordedResponse,
  type Recording,
} from './recording.ts';
import { openFolder, readRecordings, writeRecording } from './recording-folder.ts';

export interface RecordOptions {
  readonly folder: string;
  readonly document: DocumentIdentity;
  /** Receives what could not be recorded, in words. */
  readonly onProblem: (message: string) => void;
}

export interface Recorder {
  readonly exchange: Exchanger;
  /** Ends when everything is written. */
  close(): Promise<void>;
}

/** A longer body is not recorded. */
const LONGEST_BODY = 20_000_000;
/** No more is recorded once the files of the folder have this size together. */
const LARGEST_FOLDER = 200_000_000;
/** No more responses are recorded for one request. */
const MOST_RESPONSES = 100;

/**
 * Sends requests to the API, and writes each with its response to a folder: one file for each distinct request, without
 * the secrets of the call. The caller gets a body as it arrives; the copy is written afterwards.
 *
 * @throws OptionError if the folder cannot be used
 */
export function openRecorder({ folder, document, onProblem }: RecordOptions): Recorder {
  openFolder(folder);
  const found = readRecordings(folder);
  const own = found.filter(({ recording }) => isSameDocument(recording.document, document));
  const known = new Map(own.map(({ recording, bytes }) => [keyOf(recording.request), { recording, bytes }]));
  let total = found.reduce((sum, { bytes }) => sum + bytes, 0);
  const pending = new Set<Promise<void>>();

  function keep(exchange: Exchange, response: RecordedResponse): void {
    const request = recordedRequest(exchange);
    const key = keyOf(request);
    const { recording: old, bytes: oldBytes = 0 } = known.get(key) ?? {};
    const before = old?.responses ?? [];
    // A retry with other credentials takes the place of the response that asked for them.
    const earlier = exchange.attempt > 0 ? before.slice(0, -1) : before;
    if (earlier.length >= MOST_RESPONSES || total > LARGEST_FOLDER) {
      onProblem(`${request.method} ${request.url} is not recorded: ${folder} has enough of it.`);
      return;
    }
    const recording: Recording = { format: FORMAT, document, request, responses: [...earlier, response] };
    try {
      const bytes = writeRecording(folder, recording);
      known.set(key, { recording, bytes });
      total += bytes - oldBytes;
    } catch (error) {
      onProblem(`${request.method} ${request.url} is not recorded: ${messageOf(error)}.`);
    }
  }

  return {
    async exchange(exchange) {
      const response = await exchange.send(exchange.request);
      const body = copied(response.body, (copy) => {
        const writing = recordedResponse(response, copy, exchange).then((recorded) => keep(exchange, recorded));
        pending.add(writing);
        writing.finally(() => pending.delete(writing));
      });
      return { ...response, body };
    },
    async close() {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
  };
}

/** What was read of a body. */
interface Copy {
  readonly chunks: readonly Uint8Array[];
  readonly bytes: number;
  readonly isWhole: boolean;
}

/** The same body; `onEnd` gets a copy when it ends, or the reader stops. A body that fails is not recorded. */
async function* copied(body: HttpResponse['body'], onEnd: (copy: Copy) => void): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let state: 'open' | 'whole' | 'failed' = 'open';
  try {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes <= LONGEST_BODY) chunks.push(chunk);
      yield chunk;
    }
    state = 'whole';
  } catch (error) {
    state = 'failed';
    throw error;
  } finally {
    if (state !== 'failed') onEnd({ chunks, bytes, isWhole: state === 'whole' });
  }
}

async function recordedResponse(
  { status, headers }: HttpResponse,
  copy: Copy,
  { conceal, operation }: Exchange,
): Promise<RecordedResponse> {
  const isHead = operation.request.method === 'HEAD';
  const shown = conceal
    .headers(headers)
    .filter(([name]) => isHead || !OF_THE_BYTES.has(name))
    .map(([name, value]) => [name, name === 'set-cookie' ? withoutCookie(value) : value] as const);
  const response = { status, headers: shown };
  if (copy.bytes > LONGEST_BODY) return { ...response, omitted: `The body is longer than ${inWords(LONGEST_BODY)}.` };
  try {
    const encoding = headerValue(headers, 'content-encoding');
    const { bytes, cut } = await readBytes(decodeContent(streamOf(copy.chunks), encoding, nodeDecoders), LONGEST_BODY);
    if (cut) return { ...response, omitted: `The body is longer than ${inWords(LONGEST_BODY)}.` };
    const type = parseMediaType(headerValue(headers, 'content-type'))?.essence ?? '';
    const body = bytes.length === 0 ? {} : { body: recordedBody(withoutSecrets(bytes, type, conceal)) };
    return { ...response, ...body, ...(!copy.isWhole && { partial: true as const }) };
  } catch (error) {
    return { ...response, omitted: messageOf(error) };
  }
}

/** The recorded body is decoded, because a secret does not show in compressed bytes. */
const OF_THE_BYTES: ReadonlySet<string> = new Set(['content-encoding', 'content-length', 'transfer-encoding']);

const inWords = (bytes: number): string => `${bytes.toLocaleString('en')} bytes`;

/** A cookie is a credential that the API has just issued. */
const withoutCookie = (value: string): string => value.replace(/^([^=;]*=)[^;]*/, '$1[credential]');

function withoutSecrets(bytes: Uint8Array, type: string, conceal: Concealer): Uint8Array {
  const text = utf8(bytes);
  if (text === undefined) return conceal.bytes(bytes);
  const shown = isJsonType(type) && isJson(text) ? concealIssuedInJson(conceal.json(text)) : conceal.text(text);
  return shown === text ? bytes : new TextEncoder().encode(shown);
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* chunks;
}
