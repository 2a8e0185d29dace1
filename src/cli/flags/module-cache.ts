import { join } from 'node:path';
import { cacheDirectory } from '../../model-cache.ts';
import type { ApiFlags } from '../../options/flags.ts';
import { isPrivate, makePrivateFolder } from '../../runtime/node/private-folder.ts';
import type { Environment } from './environment.ts';

/**
 * Where to cache compiled TypeScript: next to the models, in a folder that only the user can write to. Nowhere with
 * `--no-cache`.
 */
export function moduleCache(options: {
  readonly flags: Pick<ApiFlags, 'cache'>;
  readonly environment: Environment;
}): string | undefined {
  const folder = options.flags.cache ? cacheDirectory(options.environment, process.platform) : undefined;
  return folder && privateFolder(join(folder, '..', 'modules'));
}

/** Cached code is executed. */
function privateFolder(folder: string): string | undefined {
  try {
    makePrivateFolder(folder);
    return isPrivate(folder, 'folder') ? folder : undefined;
  } catch {
    return undefined;
  }
}
