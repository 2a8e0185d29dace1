import { keepResults } from '../fit/results/keep-results.ts';
import { memoryResultStore } from '../fit/results/result-store.ts';
import type { Provider } from '../provider.ts';
import { spillToFile } from './spilled-text.ts';

/**
 * `keepResults()` with large results in private temporary files.
 *
 * @param source see its options
 * @throws OptionError if the limit is too small
 */
export const keepResultsInFiles = (provider: Provider, maxTokens: number, source = provider): Provider =>
  keepResults(provider, { maxTokens, source, store: memoryResultStore({ spill: spillToFile }) });
