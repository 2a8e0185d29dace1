import type { EventStore as StreamEvents } from '@modelcontextprotocol/server';

/** Keeps the messages of streams, so that a client that has lost its connection gets what it missed. */
export interface EventStore {
  /** The messages of one session; no other session can read them. */
  open(session: string): SessionEvents;
}

export interface SessionEvents extends Required<StreamEvents> {
  /** Nobody will resume this stream. */
  forget(streamId: string): void;
  /** The session has ended. */
  close(): void;
}

export interface EventBounds {
  readonly maxStreamBytes: number;
  readonly maxEventBytes: number;
}

type Message = Parameters<StreamEvents['storeEvent']>[1];

interface StoredEvent {
  readonly number: number;
  readonly bytes: number;
  readonly message: Message;
}

interface Stream {
  readonly id: string;
  /** The streams of its session. */
  readonly siblings: Map<string, Stream>;
  readonly events: StoredEvent[];
  bytes: number;
  /** The number of the last event of this stream that is not kept any more. */
  lost: number;
}

/** What an event costs besides its text. */
const OVERHEAD_BYTES = 512;

/** The SDK's name for the stream of a session that belongs to no request. */
const STANDALONE = '_GET_stream';

/** Keeps messages in memory: the latest of each stream, and the latest streams. */
export function memoryEvents({ maxStreamBytes, maxEventBytes }: EventBounds): EventStore {
  /** In the order in which they began. */
  const streams = new Set<Stream>();
  let total = 0;

  const shrink = (stream: Stream, most: number) => {
    while (stream.bytes > most) {
      const dropped = stream.events.shift();
      if (!dropped) return;
      stream.bytes -= dropped.bytes;
      total -= dropped.bytes;
      stream.lost = dropped.number;
    }
  };
  const drop = (stream: Stream) => {
    shrink(stream, 0);
    streams.delete(stream);
    stream.siblings.delete(stream.id);
  };
  const add = (stream: Stream, event: StoredEvent) => {
    stream.events.push(event);
    stream.bytes += event.bytes;
    total += event.bytes;
    streams.add(stream);
    shrink(stream, maxStreamBytes);
    if (stream.events.length === 0) drop(stream);
    for (const oldest of streams) {
      if (total <= maxEventBytes) return;
      drop(oldest);
    }
  };
  return { open: () => sessionEvents(add, drop) };
}

function sessionEvents(
  add: (stream: Stream, event: StoredEvent) => void,
  drop: (stream: Stream) => void,
): SessionEvents {
  const own = new Map<string, Stream>();
  /** Numbers increase over all streams of the session: a stream that was dropped and goes on repeats none. */
  let last = 0;
  const find = (eventId: string) => {
    const end = eventId.lastIndexOf('_');
    const number = Number(eventId.slice(end + 1));
    const stream = own.get(eventId.slice(0, end));
    if (!stream || !Number.isInteger(number)) return undefined;
    // A call that has lost its response cannot be resumed. A lost notification only says that something has changed.
    return stream.lost > number && stream.id !== STANDALONE ? undefined : { stream, number };
  };
  return {
    async storeEvent(id, message) {
      const stream = own.get(id) ?? { id, siblings: own, events: [], bytes: 0, lost: last };
      own.set(id, stream);
      last += 1;
      add(stream, { number: last, bytes: JSON.stringify(message).length + OVERHEAD_BYTES, message });
      return `${id}_${last}`;
    },
    getStreamIdForEventId: async (eventId) => find(eventId)?.stream.id,
    // Without an `await` between the events: nothing is stored before the SDK has taken the stream over.
    async replayEventsAfter(eventId, { send }) {
      const found = find(eventId);
      if (!found) throw new Error(`The event ${eventId} is not known.`);
      for (const { number, message } of found.stream.events) {
        // The first event of a stream has no message: it only gives the client an id.
        if (number > found.number && 'jsonrpc' in message) void send(`${found.stream.id}_${number}`, message);
      }
      return found.stream.id;
    },
    forget(id) {
      const stream = own.get(id);
      if (stream) drop(stream);
    },
    close() {
      for (const stream of own.values()) drop(stream);
    },
  };
}
