import type { Exchanger } from '../runtime/api/exchange.ts';
import { CallError } from '../runtime/call-error.ts';
import { messageOf } from '../runtime/errors.ts';
import { OptionError } from '../runtime/options/option-error.ts';
import { bytesOf } from './recorded-body.ts';
import { recordedRequest } from './recorded-request.ts';
import {
  type DocumentIdentity,
  documentText,
  isSameDocument,
  keyOf,
  type RecordedRequest,
  type RecordedResponse,
  type Recording,
} from './recording.ts';
import { type FoundRecording, readRecordings } from './recording-folder.ts';

export interface ReplayOptions {
  readonly folder: string;
  readonly document: DocumentIdentity;
}

export interface Replay {
  readonly exchange: Exchanger;
  /** The number of recorded requests. */
  readonly requests: number;
}

/**
 * Answers requests from a folder of recordings. Several responses to the same request come in their order, then the last
 * one again.
 *
 * @throws OptionError if the folder has no recordings of the document
 */
export function openReplay({ folder, document }: ReplayOptions): Replay {
  const recordings = recordingsOf(document, folder);
  const next = new Map<string, number>();
  return {
    requests: recordings.size,
    async exchange(exchange) {
      const request = recordedRequest(exchange);
      const key = keyOf(request);
      const recording = recordings.get(key);
      if (!recording) throw notRecorded(request, folder, [...recordings.values()]);
      const turn = next.get(key) ?? 0;
      next.set(key, turn + 1);
      // A recording has at least one.
      const response = recording.responses[Math.min(turn, recording.responses.length - 1)] as RecordedResponse;
      if (response.omitted !== undefined)
        throw new CallError(
          'NOT_RECORDED',
          `${request.method} ${request.url} was recorded without its body: ${response.omitted}`,
        );
      const { status, headers, body } = response;
      return { status, headers, body: streamOf(body === undefined ? undefined : bytesOf(body)) };
    },
  };
}

async function* streamOf(bytes: Uint8Array | undefined): AsyncIterable<Uint8Array> {
  if (bytes !== undefined) yield bytes;
}

function recordingsOf(document: DocumentIdentity, folder: string): ReadonlyMap<string, Recording> {
  const found = foundIn(folder);
  const own = found.filter(({ recording }) => isSameDocument(recording.document, document));
  const [other] = found;
  if (other === undefined)
    throw new OptionError(`${folder} has no recordings (replay, --replay). Make some with --record ${folder}.`);
  if (own.length === 0) {
    const theirs = documentText(other.recording.document);
    throw new OptionError(
      `The recordings in ${folder} (replay, --replay) are of ${theirs}, but the document is ${documentText(document)}. Pass the document that they were made with, or record again.`,
    );
  }
  return new Map(own.map(({ recording }) => [keyOf(recording.request), recording]));
}

function foundIn(folder: string): readonly FoundRecording[] {
  try {
    return readRecordings(folder);
  } catch (error) {
    if (error instanceof OptionError) throw error;
    throw new OptionError(`Cannot read recordings from ${folder} (replay, --replay): ${messageOf(error)}.`);
  }
}

/** How many recorded requests of the same path are shown. */
const MOST_SHOWN = 3;

function notRecorded(request: RecordedRequest, folder: string, recordings: readonly Recording[]): CallError {
  const line = `${request.method} ${request.url}`;
  const pathOf = ({ url }: RecordedRequest) => url.split('?')[0];
  const similar = recordings
    .map((recording) => recording.request)
    .filter((other) => other.method === request.method && pathOf(other) === pathOf(request));
  const lines = new Set(similar.map(({ method, url }) => `${method} ${url}`));
  const shown = [...lines].slice(0, MOST_SHOWN).join(', ');
  const hasOtherBody = similar.some((other) => other.url === request.url);
  const recorded = hasOtherBody ? ' It is recorded with another body.' : shown && ` Recorded: ${shown}.`;
  return new CallError('NOT_RECORDED', `${line} is not in the recordings of ${folder}.${recorded}`, {
    hint: `Record it first: the same call with --record ${folder} instead of --replay.`,
  });
}
