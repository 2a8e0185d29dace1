import type { ListChange, Provider } from '../provider.ts';

export interface ListChanges {
  /** The kinds of list that have changed since `followChanges` was called. */
  readonly announced: ReadonlySet<ListChange>;
  /** Takes note of a change in another process. */
  note(change: ListChange): void;
  stop(): void;
}

/**
 * Calls `tell` once per kind of list for a burst of changes, `quietMs` after its first change: clients respond to each
 * notification by fetching the complete list again.
 */
export function followChanges(provider: Provider, tell: (change: ListChange) => void, quietMs = 50): ListChanges {
  const announced = new Set<ListChange>();
  const burst = new Set<ListChange>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    timer = undefined;
    const changes = [...burst];
    burst.clear();
    changes.forEach(tell);
  };
  const unfollow = provider.onChange((change) => {
    announced.add(change);
    burst.add(change);
    timer ??= setTimeout(end, quietMs);
  });
  return {
    announced,
    note: (change) => void announced.add(change),
    stop() {
      unfollow();
      clearTimeout(timer);
    },
  };
}
