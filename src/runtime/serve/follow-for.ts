import type { ListChange, Provider } from '../provider.ts';
import { followChanges, type ListChanges } from './list-changes.ts';

type Follow = (change: ListChange) => void;

/** Held by the server alone, so that they go when it goes. */
const followers = new WeakMap<object, Set<Follow>>();

/** Made with the first mount: not every platform has it from the start. */
let ended: FinalizationRegistry<ListChanges> | undefined;

/**
 * Follows the provider's changes until it is stopped, or the server is gone. A provider outlives the servers that it is
 * mounted in: over HTTP there may be one for each request, which nobody takes its mounts out of.
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

/** A function of its own: a listener holds all that stands in the scope where it is written, and there it is `follow`. */
function followWeakly(provider: Provider, follow: WeakRef<Follow>): ListChanges {
  return followChanges(provider, (change) => follow.deref()?.(change));
}
