import { codeOf, messageOf } from '../../runtime/errors.ts';
import { errorLines } from '../../runtime/where-thrown.ts';
import { tell } from '../output/report.ts';

/** Errors that occur outside the calls of a command. */
export interface Down {
  /** Servers behind the target that could not be listed. An unknown name may belong to one of them. */
  readonly names: () => readonly string[];
  /** Reports each problem once. */
  readonly onError: (error: Error) => void;
}

export function watchDown(): Down {
  const told = new Set<string>();
  const names = new Set<string>();
  return {
    names: () => [...names],
    onError(error) {
      if (codeOf(error) === 'CHILD_NOT_LISTED' && 'child' in error) names.add(String(error.child));
      // The command ends before the next attempt.
      const text = messageOf(error).replace(/ Next attempt in \d+ s\.$/, '');
      if (told.has(text)) return;
      told.add(text);
      for (const line of errorLines(new Error(text, { cause: error.cause }))) tell(line);
    },
  };
}
