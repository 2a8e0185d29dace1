import { parseMediaType, sequenceFraming } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { type HttpResponse, headerValue } from '../http.ts';
import { abortable } from './abortable.ts';
import type { Answer } from './answer.ts';
import { type AnswerHold, FREE_BYTES } from './answer-hold.ts';
import { type Decoders, decodeContent } from './content-encoding.ts';
import { readBytes } from './read-bytes.ts';
import { readItems } from './read-items.ts';
import { understand } from './understand.ts';

export interface AnswerReading {
  readonly response: HttpResponse;
  /** Of the request: a response to HEAD has no body. */
  readonly method: string;
  /** Whether the document lists JSON for success ({@link acceptsJson} of the plan's `accept`). */
  readonly promisesJson: boolean;
  readonly decoders: Decoders;
  /** Maximum bytes after decoding: text is cut there, binary data is rejected. */
  readonly maxBytes: number;
  /** Maximum items of a stream. */
  readonly maxItems: number;
  /** Reserves memory for the response, until the call releases it. */
  readonly hold: AnswerHold;
  /** Ends the wait for memory: the call's signal, with its time limit. */
  readonly waitSignal: AbortSignal;
  /**
   * Ends the reading. A time limit (`TimeoutError`, or a CallError TIMEOUT) ends a stream with the items received so
   * far.
   */
  readonly signal: AbortSignal;
  /** Called with the number of stream items received so far. */
  readonly onProgress: (items: number) => void;
}

/**
 * Reads the body of a response with any status.
 * @throws CallError ANSWER_UNREADABLE, ANSWER_TOO_LARGE, TIMEOUT, CANCELLED, and any error of the body itself
 */
export async function readAnswer(reading: AnswerReading): Promise<Answer> {
  const { response, method, promisesJson, decoders, maxBytes, hold, waitSignal, signal } = reading;
  if (method === 'HEAD' || BODILESS.has(response.status)) return discard(abortable(response.body, signal));
  const header = (name: string) => headerValue(response.headers, name);
  const encoding = header('content-encoding');
  const type = parseMediaType(header('content-type'));
  const framing = type && sequenceFraming(type.essence);
  const understood = ({ bytes, cut }: Awaited<ReturnType<typeof readBytes>>) =>
    understand({ bytes, cut, type, promisesJson, disposition: header('content-disposition') });
  const isPlain = encoding === undefined && !framing && !signal.aborted;
  const small = isPlain ? response.body.arrived?.(Math.min(FREE_BYTES, maxBytes)) : undefined;
  if (small) return understood({ bytes: small, cut: false });
  const length = encoding === undefined ? lengthOf(header('content-length')) : undefined;
  const room = { most: Math.min(maxBytes, length ?? maxBytes), known: length !== undefined };
  const arriving = abortable(response.body, signal);
  const body = hold.admitted(decodeContent(arriving, encoding, decoders), room, waitSignal);
  if (framing) return readItems({ ...reading, body, framing, mediaType: type.essence });

  const read = await readBytes(body, maxBytes);
  const answer = understood(read);
  if (!read.cut) return answer;
  const size = maxBytes.toLocaleString('en');
  if (answer.kind === 'binary') {
    throw new CallError('ANSWER_TOO_LARGE', `The response (${answer.mediaType}) is larger than ${size} bytes.`, {
      hint: 'Request only a part of it, if the API supports that.',
    });
  }
  return {
    ...answer,
    flaw: 'INCOMPLETE',
    notes: [`The response is larger than ${size} bytes; only the beginning was read.`, ...answer.notes],
  };
}

/** For a body without content encoding: RFC 9112 §6.2. */
function lengthOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}

/** RFC 9110 §15.3.5, §15.3.6, §15.4.5: these have no content, whatever their headers say. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

async function discard(body: AsyncIterable<Uint8Array>): Promise<Answer> {
  for await (const _ of body) break;
  return { kind: 'empty', notes: [] };
}
