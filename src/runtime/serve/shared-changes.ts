import type { ListChange } from '../provider.ts';
import type { Sharing } from './process-id.ts';

/** A change of a list, or an update of a resource. */
type Notice = { readonly change: ListChange } | { readonly uri: string };

export interface ChangesElsewhere {
  changed(change: ListChange): void;
  updated(uri: string): void;
}

const CHANNEL = 'changes';
const CHANGES: Readonly<Record<ListChange, true>> = { tools: true, resources: true, prompts: true };

/**
 * Tells the other processes what has changed in this one, and learns what has changed in them. Notices are lost while the
 * store is away: they only say that something has changed.
 */
export function shareChanges({ store, process }: Sharing, elsewhere: ChangesElsewhere) {
  let isStopped = false;
  const subscribed = store
    .subscribe(CHANNEL, (text) => {
      const { from, ...notice } = JSON.parse(text) as Notice & { readonly from: string };
      if (isStopped || from === process) return;
      if ('uri' in notice) elsewhere.updated(notice.uri);
      else if (Object.hasOwn(CHANGES, notice.change)) elsewhere.changed(notice.change);
    })
    .catch(() => () => {});
  return {
    tell: (notice: Notice) => void store.publish(CHANNEL, JSON.stringify({ ...notice, from: process })).catch(() => {}),
    stop() {
      isStopped = true;
      subscribed.then((unsubscribe) => unsubscribe());
    },
  };
}
