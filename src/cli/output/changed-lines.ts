import { type FileChange, isRuntimePath } from '../../emit/index.ts';
import { counted } from './counted.ts';

/** What was done about the files of a project, or would be. */
export interface FileUpdate {
  readonly changes: readonly FileChange[];
  /** False: nothing was written. */
  readonly written: boolean;
}

/** What a run writes and removes. */
export const changesOf = ({ changes }: Pick<FileUpdate, 'changes'>): readonly FileChange[] =>
  changes.filter(({ action }) => action !== 'same' && action !== 'keep');

/** A line for each file; the runtime takes one line or two. */
export function changedLines(update: FileUpdate): string[] {
  const changes = changesOf(update);
  const words = (action: FileChange['action']) => WORDS[action][update.written ? 0 : 1];
  const isShown = ({ path, action }: FileChange) => !isRuntimePath(path) || action === 'conflict';
  const runtime = changes.filter((change) => !isShown(change));
  const removed = runtime.filter(({ action }) => action === 'remove').length;
  const added = runtime.length - removed;
  return [
    ...changes.filter(isShown).map(({ path, action }) => `${words(action)} ${path}`),
    ...(added ? [`${update.written ? 'written:' : 'to write:'} ${counted(added, 'file')} of the runtime`] : []),
    ...(removed ? [`${words('remove')} ${counted(removed, 'file')} of the runtime`] : []),
    ...update.changes.filter(({ action }) => action === 'keep').map(({ path }) => `yours, not changed: ${path}`),
    ...(changes.length === 0 ? ['No changes.'] : []),
  ];
}

/** What was done, or would be. */
const WORDS: Readonly<Record<FileChange['action'], readonly [done: string, toDo: string]>> = {
  add: ['new:', 'to write:'],
  replace: ['replaced:', 'to replace:'],
  remove: ['removed:', 'to remove:'],
  conflict: ['edited files, overwritten:', 'edited files:'],
  keep: ['', ''],
  same: ['', ''],
};
