import type { Framing } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { endedByDeadline } from './abortable.ts';
import type { Item, ItemsAnswer } from './answer.ts';
import { jsonLines, jsonSequence } from './json-items.ts';
import { serverSentEvents } from './server-sent-events.ts';
import { textChunks } from './text-lines.ts';

const READERS: Record<Framing, (chunks: AsyncIterable<string>) => AsyncIterable<Item>> = {
  lines: jsonLines,
  'json-seq': jsonSequence,
  events: serverSentEvents,
};

interface ItemsReading {
  readonly body: AsyncIterable<Uint8Array>;
  readonly framing: Framing;
  readonly mediaType: string;
  readonly maxBytes: number;
  readonly maxItems: number;
  readonly signal: AbortSignal;
  readonly onProgress: (items: number) => void;
}

/**
 * Collects the items of a stream that may never end. Stops at `maxItems`, at `maxBytes` or when `signal` times out;
 * returns the items received so far, with a note.
 * @throws CallError TIMEOUT if no item arrived in time, CONNECTION_LOST if the stream broke off
 */
export async function readItems(reading: ItemsReading): Promise<ItemsAnswer> {
  const { body, framing, mediaType, maxBytes, maxItems, signal, onProgress } = reading;
  const items: Item[] = [];
  const limit = { reached: false };
  const done = (...notes: string[]): ItemsAnswer => ({ kind: 'items', items, mediaType, notes });
  try {
    for await (const item of READERS[framing](textChunks(upTo(maxBytes, body, limit)))) {
      if (items.length === maxItems) {
        return { ...done(`The stream did not end; reading stopped after ${count(maxItems)}.`), flaw: 'INCOMPLETE' };
      }
      items.push(item);
      onProgress(items.length);
    }
  } catch (error) {
    if (items.length > 0 && endedByDeadline(error, signal)) {
      return done(`The stream did not end; reading stopped at the time limit, after ${count(items.length)}.`);
    }
    throw withCount(error, items.length);
  }
  if (!limit.reached) return done();
  const size = maxBytes.toLocaleString('en');
  return {
    ...done(`The stream did not end; reading stopped after ${size} bytes, the last item may be cut.`),
    flaw: 'INCOMPLETE',
  };
}

async function* upTo(
  maxBytes: number,
  body: AsyncIterable<Uint8Array>,
  limit: { reached: boolean },
): AsyncIterable<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    if (size + chunk.length > maxBytes) {
      limit.reached = true;
      yield chunk.subarray(0, maxBytes - size);
      return;
    }
    size += chunk.length;
    yield chunk;
  }
}

function withCount(error: unknown, items: number): unknown {
  if (!(error instanceof CallError) || items === 0) return error;
  const { code, message, hint, cause } = error;
  const said = `${message} Before that, ${count(items)} had arrived.`;
  return new CallError(code, said, { ...(hint === undefined ? {} : { hint }), cause });
}

function count(items: number): string {
  return items === 1 ? '1 item' : `${items.toLocaleString('en')} items`;
}
