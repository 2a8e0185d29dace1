import { keepResults } from '../fit/results/keep-results.ts';
import type { ResultStore, SpilledText } from '../fit/results/result-store.ts';
import type { Provider } from '../provider.ts';

/**
 * `keepResults()` with large results in private temporary files.
 *
 * @param source see its options
 * @throws OptionError if the limit is too small
 */
export const keepResultsInFiles = (provider: Provider, maxTokens: number, source = provider): Provider =>
  keepResults(provider, { maxTokens, source, store: openStore });

async function openStore(): Promise<ResultStore> {
  const { memoryResultStore } = await import('../fit/results/result-store.ts');
  return memoryResultStore({ spill });
}

async function spill(text: string): Promise<SpilledText> {
  const { spillToFile } = await import('./spilled-text.ts');
  return spillToFile(text);
}
