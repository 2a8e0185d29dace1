import type { Server } from '../runtime/server.ts';
import type { SetupFunction } from './config-spec.ts';
import { blaming, loadModule, ModuleError } from './load-module.ts';
import { shownPath } from './shown-path.ts';

export interface SetupMeans {
  /** The config file. */
  readonly path: string;
  readonly cacheFolder: string | undefined;
}

/**
 * Runs the setup of a config on its server.
 *
 * @param setup the function, or the absolute path of a module whose default export is one
 * @throws ModuleError
 */
export async function runSetup(
  server: Server,
  setup: string | SetupFunction,
  { path, cacheFolder }: SetupMeans,
): Promise<void> {
  if (typeof setup === 'function') return blaming(path, () => setup(server));
  const exports = await loadModule(setup, { cacheFolder });
  const run = Object.hasOwn(exports, 'default') ? exports.default : undefined;
  if (typeof run !== 'function') {
    throw new ModuleError(
      `The default export of ${shownPath(setup)} is not a function.`,
      'Write `export default (server) => { server.tool(…) }`.',
    );
  }
  await blaming(setup, () => run(server));
}
