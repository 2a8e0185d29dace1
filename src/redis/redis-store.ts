import { OptionError } from '../runtime/options/option-error.ts';
import type { SetOptions, SharedStore } from '../runtime/shared-store.ts';
import { openSealed } from '../runtime/store/sealed-store.ts';
import { randomText } from '../runtime/text/random-text.ts';
import { type Connection, connect } from './connection.ts';
import { type RedisPlace, redisPlace } from './place.ts';
import { SET_BOUNDED, TAKE_TOKEN } from './scripts.ts';

export interface RedisStoreOptions {
  /**
   * Part of every key: the same for all processes of one server, and different for each server that uses the same database.
   * Default: none.
   */
  readonly name?: string;
  /**
   * At least 32 characters, the same in all processes: encrypts everything before it is sent to Redis. Required if callers
   * are authenticated. Default: nothing is encrypted.
   */
  readonly key?: string;
}

/**
 * What the processes of a server share, in one Redis (or Valkey) from version 6.2, not a cluster. Two connections, which
 * come back by themselves.
 *
 * ```ts
 * const store = await redisStore('redis://localhost:6379', { name: 'shop', key: process.env.OPENAPI_MCP_STORE_KEY });
 * await server.run({ transport: 'http', store });
 * ```
 *
 * @param url `redis://` or `rediss://`, with user, password and database
 * @throws StoreError if Redis cannot be reached within five seconds, or another process has another key
 */
export async function redisStore(url: string, { name, key }: RedisStoreOptions = {}): Promise<SharedStore> {
  if (name !== undefined && !/^[\w.@-]{1,100}$/.test(name)) {
    throw new OptionError('redisStore(): "name" may contain up to 100 letters, digits and . _ @ -');
  }
  const place = redisPlace(url);
  const store = await openRedis(place, name === undefined ? 'openapi-mcp:' : `openapi-mcp:${name}:`);
  try {
    return await openSealed(store, key);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openRedis(place: RedisPlace, prefix: string): Promise<SharedStore> {
  const commands = await connect(place);
  let messages: Connection;
  try {
    messages = await connect(place);
  } catch (error) {
    await commands.close();
    throw error;
  }
  return { ...values(commands, prefix), ...channels(commands, messages, prefix), isPrivate: false };
}

/** Redis accepts whole milliseconds, at least one. */
const whole = (ms: number): string => String(Math.max(1, Math.ceil(ms)));

type Values = Pick<SharedStore, 'get' | 'set' | 'add' | 'take' | 'delete' | 'touch' | 'consume' | 'secret'>;

function values({ run }: Connection, prefix: string): Values {
  const at = (key: string) => `${prefix}${key}`;
  const evaluate = (script: string, keys: readonly string[], args: readonly string[]) =>
    run((client) => client.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args]));
  const get = async (key: string) => (await run((client) => client.get(at(key)))) ?? undefined;
  const bounded = (key: string, value: string, { ttlMs, bounds = [] }: SetOptions) =>
    evaluate(
      SET_BOUNDED,
      [at(key), ...bounds.flatMap(({ group }) => [at(`group:${group}`), at(`group-sizes:${group}`)])],
      [
        value,
        whole(ttlMs),
        ...bounds.flatMap(({ max, maxBytes = -1, ageMs = ttlMs }) => [String(max), String(maxBytes), whole(ageMs)]),
      ],
    );
  return {
    get,
    async set(key, value, options) {
      if (options.bounds) await bounded(key, value, options);
      else await run((client) => client.sendCommand(['SET', at(key), value, 'PX', whole(options.ttlMs)]));
    },
    async add(key, value, ttlMs) {
      const set = await run((client) => client.sendCommand(['SET', at(key), value, 'PX', whole(ttlMs), 'NX']));
      return set !== null;
    },
    take: async (key) => (await run((client) => client.getDel(at(key)))) ?? undefined,
    delete: async (key) => (await run((client) => client.del(at(key)))) > 0,
    async touch(key, ttlMs) {
      await run((client) => client.sendCommand(['PEXPIRE', at(key), whole(ttlMs)]));
    },
    async consume(key, { size, perSecond }) {
      return Number(await evaluate(TAKE_TOKEN, [at(key)], [String(size), String(perSecond / 1000)]));
    },
    async secret(purpose) {
      const place = `secret:${purpose}`;
      // Without an end: the processes that know it would not agree with those that start later.
      await run((client) => client.sendCommand(['SET', at(place), randomText(), 'NX']));
      return (await get(place)) ?? '';
    },
  };
}

type Channels = Pick<SharedStore, 'publish' | 'subscribe' | 'listeners' | 'ping' | 'onLost' | 'close'>;

function channels(commands: Connection, messages: Connection, prefix: string): Channels {
  const at = (channel: string) => `${prefix}${channel}`;
  return {
    publish: (channel, message) => commands.run((client) => client.publish(at(channel), message)),
    async subscribe(channel, listener) {
      const receive = (message: string) => listener(message);
      await messages.run((client) => client.subscribe(at(channel), receive));
      return () => void messages.client.unsubscribe(at(channel), receive).catch(() => {});
    },
    async listeners(channel) {
      const counts = await commands.run((client) => client.pubSubNumSub([at(channel)]));
      return counts[at(channel)] ?? 0;
    },
    async ping() {
      // Whoever cannot receive messages cannot serve either.
      if (!messages.client.isReady)
        await messages.run(() => Promise.reject(new Error('the connection for messages is away')));
      await commands.run((client) => client.ping());
    },
    onLost(listener) {
      const [first, second] = [commands.onLost(listener), messages.onLost(listener)];
      return () => {
        first();
        second();
      };
    },
    async close() {
      await Promise.all([commands.close(), messages.close()]);
    },
  };
}
