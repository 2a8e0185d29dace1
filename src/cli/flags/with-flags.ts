import type { ApiFlags } from '../../options/flags.ts';
import { flagName, longFlag } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import { responseLimit } from '../../runtime/middleware/response-limit.ts';
import { timeout } from '../../runtime/middleware/timeout.ts';
import { withMiddleware } from '../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../runtime/provider.ts';
import { readOnly } from '../../runtime/transforms/filter.ts';
import { usageError } from '../output/report.ts';
import type { CommandLine } from './command-line.ts';

/**
 * Applies flags to a target that is not an OpenAPI document: `--read-only`, `--timeout` and `--max-result`, if given.
 */
export function withFlags(provider: Provider, { flags, given }: CommandLine<ApiFlags>): Provider {
  const shown = flags.readOnly ? readOnly(provider) : provider;
  return withMiddleware(
    shown,
    ...(given.maxResult === undefined ? [] : [responseLimit({ maxBytes: flags.maxResult })]),
    ...(given.timeout === undefined ? [] : [timeout({ ms: flags.timeout * 1000 })]),
  );
}

/** Time limits for startup and lists of a server: the options of `fromMcp()`. */
export function startLimit({ flags, given }: CommandLine<Pick<ApiFlags, 'timeout'>>): { connectTimeoutMs?: number } {
  return given.timeout === undefined ? {} : { connectTimeoutMs: flags.timeout * 1000 };
}

const FOR_ALL = ['readOnly', 'timeout', 'maxResult'];

/**
 * @param what the target in the reader's words: `a module` @param more flags that also apply to it @throws CommandError
 *   if a flag that only applies to OpenAPI documents was given
 */
export function refuseApiFlags({ given }: CommandLine<ApiFlags>, what: string, more: readonly string[] = []): void {
  const meant = new Set([...FOR_ALL, ...more]);
  const row = OPTIONS.find((each) => {
    const name = flagName(each);
    return each.config?.of === 'api' && given[name] !== undefined && !meant.has(name);
  });
  if (row === undefined) return;
  throw usageError(`${longFlag(row)} applies to an OpenAPI document, but this is ${what}.`, 'Leave it out.');
}
