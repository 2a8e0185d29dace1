import { isRecord } from '../is-record.ts';
import type { ListChange, Provider } from '../provider.ts';
import { parsedJson } from '../text/parsed-json.ts';
import { followChanges } from './list-changes.ts';
import type { Sharing } from './process-id.ts';

/** A change of a list, or an update of a resource. */
type Notice = { readonly change: ListChange } | { readonly uri: string };

/** Who hears of changes: the clients of this process. */
export interface ChangeListener {
  changed(change: ListChange): void;
  updated(uri: string): void;
}

/** What is not valid says nothing. */
function noticeIn(text: string): Partial<{ readonly change: ListChange; readonly uri: string; readonly from: string }> {
  const notice = parsedJson(text);
  return isRecord(notice) ? notice : {};
}

const CHANNEL = 'changes';
const CHANGES: Readonly<Record<ListChange, true>> = { tools: true, resources: true, prompts: true };

/**
 * Tells the other processes what has changed in this one, and learns what has changed in them. Notices are lost while the
 * store is away: they only say that something has changed.
 */
function shareChanges({ store, process }: Sharing, elsewhere: ChangeListener) {
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

/**
 * Tells the clients of this process what changes in its provider, and in those of the other processes.
 *
 * @param sharing absent if this is the only process
 */
export function changesEverywhere(provider: Provider, sharing: Sharing | undefined, listener: ChangeListener) {
  const { changed, updated } = listener;
  const others =
    sharing &&
    shareChanges(sharing, {
      changed(change) {
        changes.note(change);
        changed(change);
      },
      updated,
    });
  const changes = followChanges(provider, (change) => {
    changed(change);
    others?.tell({ change });
  });
  const unfollow = provider.onResourceUpdate?.((uri) => {
    updated(uri);
    others?.tell({ uri });
  });
  return {
    announced: changes.announced,
    stop() {
      changes.stop();
      unfollow?.();
      others?.stop();
    },
  };
}
