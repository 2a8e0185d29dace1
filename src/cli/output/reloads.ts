import type { Problem } from '../../problems.ts';
import { type Change, isBreaking } from '../../surface/change.ts';
import { counted } from './counted.ts';
import { problemLines } from './problem-lines.ts';
import { PartError, tell, tellError } from './report.ts';

export interface TellReloadOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** That of the document, if there are several. */
  readonly namespace?: string | undefined;
}

/** A target as it was opened. */
interface Opened {
  readonly problems: readonly Problem[];
}

const MOST = 10;

/** Says what a reload changes for clients, and which problems of the document are new. */
export function tellReload(
  changes: readonly Change[],
  { before, after }: { readonly before: Opened; readonly after: Opened },
  { json, quiet, namespace }: TellReloadOptions,
): void {
  if (quiet) return;
  const breaking = changes.filter(isBreaking).length;
  if (json) {
    tell(JSON.stringify({ reloaded: { ...(namespace !== undefined && { namespace }), breaking, changes } }));
    return;
  }
  const reloaded = namespace === undefined ? 'Reloaded' : `Reloaded ${namespace}`;
  for (const line of changeLines(changes, { breaking, reloaded })) tell(line);
  for (const line of newProblemLines(before.problems, after.problems)) tell(line);
}

/** Says why a changed target is not served. */
export function tellNotReloaded(error: unknown, { json, namespace }: Omit<TellReloadOptions, 'quiet'>): void {
  tellError(namespace === undefined ? error : new PartError(namespace, error), json ? { report: tell } : {});
  if (!json) tell('The last version that worked is served on.');
}

function changeLines(
  changes: readonly Change[],
  { breaking, reloaded }: { readonly breaking: number; readonly reloaded: string },
): readonly string[] {
  if (changes.length === 0) return [`${reloaded}. Clients see no difference.`];
  return [
    `${reloaded}: ${counted(changes.length, 'change')}${breaking > 0 ? `, ${breaking} breaking` : ''}.`,
    ...changes
      .slice(0, MOST)
      .map((change) => `  ${isBreaking(change) ? '!' : ' '} ${change.subject}: ${change.message}`),
    ...(changes.length > MOST ? [`    … and ${changes.length - MOST} more`] : []),
  ];
}

/** What an edit made worse: the rest has been reported. */
function newProblemLines(before: readonly Problem[], after: readonly Problem[]): readonly string[] {
  const known = new Set(before.map(identityOf));
  const added = after.filter((problem) => !known.has(identityOf(problem)));
  const shown = problemLines(added.slice(0, MOST));
  return added.length > MOST ? [...shown, `… and ${added.length - MOST} more problems`] : shown;
}

const identityOf = ({ code, pointer, message }: Problem): string => JSON.stringify([code, pointer, message]);
