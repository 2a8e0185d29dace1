import type { FlagsOf } from '../../options/flags.ts';
import type { Provider } from '../../runtime/provider.ts';

/**
 * Cuts results that are too large for a model, and keeps the rest for a while.
 *
 * @param source the provider before it was listed in a mode
 */
export async function withKeptResults(
  provider: Provider,
  source: Provider,
  { maxResultTokens }: Pick<FlagsOf<'run'>, 'maxResultTokens'>,
): Promise<Provider> {
  if (maxResultTokens === 0) return provider;
  const { keepResultsInFiles } = await import('../../runtime/node/keep-results-in-files.ts');
  return keepResultsInFiles(provider, maxResultTokens, source);
}
