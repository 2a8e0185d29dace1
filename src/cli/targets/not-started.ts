import { type CommandError, usageError } from '../output/report.ts';
import { type Target, targetLabel } from './target.ts';

/** What `--no-exec` skipped: code, a command, or a connection to a server. */
export interface NotStarted {
  readonly kind: 'module' | 'server' | 'setup';
  /** Its name in the config: its namespace, or `setup`. */
  readonly name: string;
}

/** `module notes: not started (--no-exec)` */
export const notStartedLine = ({ kind, name }: NotStarted): string =>
  `${kind === name ? kind : `${kind} ${name}`}: not started (--no-exec)`;

/** For a target that cannot be shown at all with --no-exec. */
export function cannotShow(target: Target, why: string): CommandError {
  return usageError(
    `${targetLabel(target)} ${why}, which --no-exec forbids.`,
    'If you trust it, remove --no-exec. Otherwise pass an OpenAPI document or a config file in YAML or JSON.',
  );
}
