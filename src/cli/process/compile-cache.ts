import module from 'node:module';
import { cacheFolder } from '../../cache-folder.ts';

/** Node 22.8 and later. */
type Enable = (folder: string) => unknown;

/**
 * Keeps the compiled code of this program in the user's cache folder, which makes the next start faster: Node checks that
 * it belongs to the same code and version. Node's default, a folder for temporary files, is shared with other users.
 * `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 */
export function keepCompiledCode(): void {
  const { enableCompileCache } = module as unknown as { readonly enableCompileCache?: Enable };
  const folder = cacheFolder(process.env, process.platform, 'code');
  if (folder !== undefined) enableCompileCache?.(folder);
}
