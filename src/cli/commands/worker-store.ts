import type { Worker } from 'node:cluster';
import { type SharedStore, StoreError } from '../../runtime/shared-store.ts';

// The store of --workers: in the memory of the primary process, which its workers reach over the messages of Node's
// cluster.

/** What can be called by name: everything but listeners. */
const OPERATIONS = [
  'get',
  'set',
  'add',
  'take',
  'delete',
  'touch',
  'consume',
  'secret',
  'publish',
  'listeners',
] as const satisfies readonly (keyof SharedStore)[];
type Operation = (typeof OPERATIONS)[number];

type ToPrimary =
  | { readonly store: 'call'; readonly id: number; readonly operation: Operation; readonly args: readonly unknown[] }
  | { readonly store: 'subscribe' | 'unsubscribe'; readonly id: number; readonly channel: string };

type ToWorker =
  | { readonly store: 'result'; readonly id: number; readonly value?: unknown; readonly error?: string }
  | { readonly store: 'message'; readonly id: number; readonly message: string };

/** Serves the store to a worker for as long as that runs. */
export function serveStore(worker: Worker, store: SharedStore): void {
  const subscriptions = new Map<number, Promise<() => void>>();
  const send = (message: ToWorker) => {
    // A worker that has just ended needs nothing any more.
    if (worker.isConnected()) worker.send(message, () => {});
  };
  const settle = (id: number, work: Promise<unknown>) =>
    work.then(
      (value) => send({ store: 'result', id, value }),
      (error) => send({ store: 'result', id, error: String(error) }),
    );
  worker.on('message', (message: ToPrimary) => {
    switch (message?.store) {
      case 'call': {
        const { id, operation, args } = message;
        const call = store[operation] as (...args: readonly unknown[]) => Promise<unknown>;
        return void settle(id, call(...args));
      }
      case 'subscribe': {
        const { id, channel } = message;
        const subscribed = store.subscribe(channel, (text) => send({ store: 'message', id, message: text }));
        subscriptions.set(id, subscribed);
        return void settle(
          id,
          subscribed.then(() => undefined),
        );
      }
      case 'unsubscribe':
        subscriptions.get(message.id)?.then((end) => end());
        subscriptions.delete(message.id);
    }
  });
  worker.on('exit', () => {
    for (const subscribed of subscriptions.values()) subscribed.then((end) => end());
  });
}

/** The store of the primary process, in a worker. It lasts as long as the worker. */
export function workerStore(): SharedStore {
  let last = 0;
  const calls = new Map<number, (result: Extract<ToWorker, { readonly store: 'result' }>) => void>();
  const listeners = new Map<number, (message: string) => void>();
  process.on('message', (message: ToWorker) => {
    if (message?.store === 'message') listeners.get(message.id)?.(message.message);
    if (message?.store !== 'result') return;
    calls.get(message.id)?.(message);
    calls.delete(message.id);
  });
  const send = (message: ToPrimary) => process.send?.(message, undefined, undefined, () => {});
  const asked = <T>(message: ToPrimary): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!process.connected) return reject(new StoreError('STORE_UNAVAILABLE', 'The primary process has ended.'));
      calls.set(message.id, ({ value, error }) => {
        // What is JSON has no `undefined`: the operations that return nothing return that.
        if (error === undefined) resolve(value as T);
        else reject(new StoreError('STORE_UNAVAILABLE', error));
      });
      send(message);
    });
  const called = Object.fromEntries(
    OPERATIONS.map((operation) => [
      operation,
      (...args: readonly unknown[]) => asked({ store: 'call', id: ++last, operation, args }),
    ]),
  ) as Pick<SharedStore, Operation>;
  return {
    ...called,
    isPrivate: true,
    async subscribe(channel, listener) {
      const id = ++last;
      listeners.set(id, listener);
      await asked({ store: 'subscribe', id, channel });
      return () => {
        listeners.delete(id);
        send({ store: 'unsubscribe', id, channel });
      };
    },
    async ping() {
      await called.listeners('');
    },
    onLost: () => () => {},
    async close() {},
  };
}
