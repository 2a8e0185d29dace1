import { isRecord } from '../is-record.ts';
import type { ListChange } from '../provider.ts';
import type { Sharing } from './process-id.ts';

/** A change of a list, or an update of a resource. */
type Notice = { readonly change: ListChange } | { readonly uri: string };

export interface ChangesElsewhere {
  changed(change: ListChange): void;
  updated(uri: string): void;
}

/** What is not valid says nothing. */
function noticeIn(text: string): Partial<{ readonly change: ListChange; readonly uri: string; readonly from: string }> {
  try {
    const notice: unknown = JSON.parse(text);
    return isRecord(notice) ? notice : {};
  } catch {
    return {};
  }
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
      const { from, ...notice } = noticeIn(text);
      if (isStopped || from === process) return;
      const { uri, change } = notice;
      if (typeof uri === 'string') elsewhere.updated(uri);
      else if (change !== undefined && Object.hasOwn(CHANGES, change)) elsewhere.changed(change);
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
