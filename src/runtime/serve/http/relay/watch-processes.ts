import type { SharedStore } from '../../../shared-store.ts';
import { channelOf } from '../../process-id.ts';

/** How often processes look whether those at the other end still run. */
const LOOK_MS = 2_000;

export interface WatchedProcesses {
  /** The processes at the other end; may contain duplicates. */
  ids(): Iterable<string>;
  /** A process has ended. */
  ended(id: string): void;
}

/** Looks whether other processes still run: one that was killed says nothing. @returns what ends it */
export function watchProcesses(store: SharedStore, { ids, ended }: WatchedProcesses): () => void {
  const look = async (id: string) => {
    if ((await store.listeners(channelOf(id))) === 0) ended(id);
  };
  const timer = setInterval(() => {
    for (const id of new Set(ids())) look(id).catch(() => {});
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
