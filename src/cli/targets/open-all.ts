import { ConfigError } from '../../config/config-error.ts';
import type { Provider } from '../../runtime/provider.ts';
import { SeveralErrors } from '../output/report.ts';

/**
 * Opens all concurrently; if one fails, the others are closed again.
 *
 * @throws the error if there is one, SeveralErrors if there are more; ConfigErrors are merged
 */
export async function openAll<Opened extends { readonly provider: Provider }>(
  openings: readonly (() => Promise<Opened>)[],
): Promise<readonly Opened[]> {
  const settled = await Promise.allSettled(openings.map((open) => open()));
  const opened = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const failures = settled.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length === 0) return opened;
  await Promise.allSettled(opened.map(({ provider }) => provider.close()));
  const [failure, ...more] = merged(failures);
  throw more.length === 0 ? failure : new SeveralErrors([failure, ...more]);
}

/** Merges config errors into one, followed by the other errors. */
function merged(failures: readonly unknown[]): readonly unknown[] {
  const ofConfig = failures.filter((failure) => failure instanceof ConfigError);
  const [first] = ofConfig;
  if (first === undefined) return failures;
  const one = new ConfigError(
    first.path,
    ofConfig.flatMap(({ mistakes }) => mistakes),
  );
  return [one, ...failures.filter((failure) => !(failure instanceof ConfigError))];
}
