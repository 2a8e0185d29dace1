import { join } from 'node:path';
import { cacheDirectory } from '../model-cache.ts';
import type { Environment } from './environment.ts';
import type { ApiFlags } from './options.ts';

/** Where compiled TypeScript is kept, beside the models; nowhere with `--no-cache`. */
export function moduleCache(options: {
  readonly flags: Pick<ApiFlags, 'cache'>;
  readonly environment: Environment;
}): string | undefined {
  const folder = options.flags.cache ? cacheDirectory(options.environment, process.platform) : undefined;
  return folder && join(folder, '..', 'modules');
}
