import type { ListChange, Provider } from '../../provider.ts';
import { followChanges, type ListChanges } from '../list-changes.ts';

type Follow = (change: ListChange) => void;

/** Referenced only by the server, so they are collected with it. */
const followers = new WeakMap<object, Set<Follow>>();

/** Created with the first mount: not every platform has it at startup. */
let ended: FinalizationRegistry<ListChanges> | undefined;

/**
 * Follows the provider's changes until it is stopped, or the server is collected. A provider outlives the servers that
 * it is mounted into: over HTTP there may be one per request, which nobody unmounts.
 */
export function followFor(server: object, provider: Provider, follow: Follow): { stop(): void } {
  const own = followers.get(server) ?? new Set();
  followers.set(server, own.add(follow));
  const changes = followWeakly(provider, new WeakRef(follow));
  ended ??= new FinalizationRegistry((gone) => gone.stop());
  ended.register(follow, changes);
  return {
    stop() {
      own.delete(follow);
      changes.stop();
    },
  };
}

/** A separate function: a listener keeps everything in its scope alive, and here that is only `follow`. */
function followWeakly(provider: Provider, follow: WeakRef<Follow>): ListChanges {
  return followChanges(provider, (change) => follow.deref()?.(change));
}
