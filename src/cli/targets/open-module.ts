import { resolve } from 'node:path';
import { loadProvider } from '../../config/load-provider.ts';
import type { Provider } from '../../runtime/provider.ts';
import { moduleCache } from '../flags/module-cache.ts';
import { refuseApiFlags, withFlags } from '../flags/with-flags.ts';
import { freeStdout } from '../output/free-stdout.ts';
import type { OpenOptions } from './opened-target.ts';
import type { ModuleTarget } from './target.ts';

/** @throws ModuleError */
export async function openModule({ path }: ModuleTarget, options: OpenOptions): Promise<Provider> {
  refuseApiFlags(options, 'a module');
  freeStdout();
  const provider = await loadProvider(resolve(path), { cacheFolder: moduleCache(options) });
  return withFlags(provider, options);
}
