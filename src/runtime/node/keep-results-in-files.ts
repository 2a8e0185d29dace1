import { keepResults } from '../fit/results/keep-results.ts';
import { memoryResultStore } from '../fit/results/result-store.ts';
import type { Provider } from '../provider.ts';
import { spillToFile } from './spilled-text.ts';

/** `keepResults()` with large results in private temporary files. @throws OptionError if the limit is too small */
export const keepResultsInFiles = (provider: Provider, maxTokens: number): Provider =>
  keepResults(provider, { maxTokens, store: memoryResultStore({ spill: spillToFile }) });
