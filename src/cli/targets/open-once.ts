import { withApiDefaults } from '../../options/api-defaults.ts';
import type { ApiFlags } from '../../options/flags.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { type Environment, readEnvironment } from '../flags/environment.ts';
import { tell } from '../output/report.ts';
import { openTarget } from './open-target.ts';
import type { OpenedTarget, OpenOptions } from './opened-target.ts';
import type { Target } from './target.ts';

interface OnceOptions extends Pick<OpenOptions, 'purpose'>, Partial<Pick<OpenOptions, 'exec'>> {
  /** Default: with the `--env-file`. */
  readonly environment?: Environment;
}

/** Opens the target of a command that ends by itself. @throws the errors of `openTarget()` */
export function openOnce(
  target: Target,
  { flags, given }: CommandLine<Partial<ApiFlags>>,
  { purpose, exec = true, environment = readEnvironment(flags.envFile) }: OnceOptions,
): Promise<OpenedTarget> {
  const onError = (error: Error) => tell(`error: ${error.message}`);
  return openTarget(target, { flags: withApiDefaults(flags), given, environment, purpose, exec, onError });
}
