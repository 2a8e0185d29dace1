import { createClient } from '@redis/client';
import { codeOf, messageOf } from '../runtime/errors.ts';
import { StoreError } from '../runtime/shared-store.ts';
import { within } from '../runtime/until-aborted.ts';
import type { RedisPlace } from './place.ts';

/** How long the start waits for Redis. */
const CONNECT_MS = 5_000;
/** How long a command may take. */
const COMMAND_MS = 2_000;
/** An idle connection is checked so often, and given up after three times as long without an answer. */
const PING_MS = 5_000;
const LONGEST_PAUSE_MS = 2_000;

/** One connection, which comes back by itself. */
export interface Connection {
  readonly client: Client;
  /** @throws StoreError if Redis cannot be reached, refuses the command, or takes too long */
  run<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** Called when the connection has ended without being asked to. */
  onLost(listener: () => void): () => void;
  close(): Promise<void>;
}

type Client = ReturnType<typeof makeClient>;

function makeClient({ url }: RedisPlace, mayReconnect: () => boolean) {
  return createClient({
    url,
    name: 'openapi-mcp',
    RESP: 2,
    // Commands fail at once while Redis is away, instead of waiting for it.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: 3 * PING_MS,
      reconnectStrategy: (retries: number, cause: Error) =>
        mayReconnect() ? Math.min(50 * 2 ** Math.min(retries, 10), LONGEST_PAUSE_MS) : cause,
    },
  });
}

/** @throws StoreError */
export async function connect(place: RedisPlace): Promise<Connection> {
  let isOpen = false;
  const client = makeClient(place, () => isOpen);
  const listeners = new Set<() => void>();
  // Without a listener it would end the process. Every command reports what is wrong by itself.
  client.on('error', () => {
    if (isOpen) for (const listener of listeners) listener();
  });
  try {
    const connected = await within(client.connect(), CONNECT_MS);
    if (!connected) throw new Error(`no response within ${CONNECT_MS / 1000} s`);
    isOpen = true;
  } catch (error) {
    client.destroy();
    throw cannotConnect(place, error);
  }
  return {
    client,
    async run(command) {
      if (!client.isReady) throw unavailable(place, new Error('the connection is away'));
      try {
        const done = await within(command(client), COMMAND_MS);
        if (done) return done.value;
      } catch (error) {
        if (isReply(error)) throw refusedCommand(place, error);
        throw unavailable(place, error, true);
      }
      throw unavailable(place, new Error(`no response within ${COMMAND_MS / 1000} s`), true);
    },
    onLost(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      listeners.clear();
      if (isOpen) client.destroy();
      isOpen = false;
    },
  };
}

/** Redis has answered with an error, such as `WRONGPASS …`. */
const isReply = (error: unknown): error is Error =>
  error instanceof Error && /^[A-Z][A-Z0-9]{2,}\b /.test(error.message);

/** Redis restarts, or has become a replica: it will do it later. */
const PASSING = /^(?:LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|OOM|NOREPLICAS|UNKILLABLE)\b/;

function refusedCommand(place: RedisPlace, error: Error): StoreError {
  if (PASSING.test(error.message)) return unavailable(place, error);
  return new StoreError('STORE_REFUSED', `Redis at ${place.shown} refuses a command: ${error.message}`, {
    cause: error,
  });
}

function cannotConnect(place: RedisPlace, error: unknown): StoreError {
  if (
    isReply(error) &&
    /^(?:WRONGPASS|NOAUTH|NOPERM|ERR (?:AUTH|invalid password|Client sent AUTH))/.test(error.message)
  ) {
    return new StoreError('STORE_REFUSED', `Redis at ${place.shown} refuses the user or the password.`);
  }
  return unavailable(place, error);
}

function unavailable(place: RedisPlace, error: unknown, mayHaveRun = false): StoreError {
  const reason = codeOf(error) ?? messageOf(error);
  return new StoreError('STORE_UNAVAILABLE', `Redis at ${place.shown} cannot be reached: ${String(reason)}.`, {
    mayHaveRun,
  });
}
