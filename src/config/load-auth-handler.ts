import { type AuthHandler, isAuthHandler } from '../runtime/api/auth/auth-handler.ts';
import type { AuthHandlerModule } from './config.ts';
import { blaming, loadModule, ModuleError } from './load-module.ts';
import { shownPath } from './shown-path.ts';
import { whatItIs } from './what-it-is.ts';

/**
 * The `AuthHandler` that a module exports: directly, as a promise, or through a function that gets `options`.
 *
 * @param given its path is absolute
 * @throws ModuleError if the module fails or does not export one
 */
export async function loadAuthHandler(
  { module: path, export: name = 'default', options }: AuthHandlerModule,
  { cacheFolder }: { readonly cacheFolder: string | undefined },
): Promise<AuthHandler> {
  const exports = await loadModule(path, { cacheFolder });
  if (!Object.hasOwn(exports, name)) {
    throw new ModuleError(`${shownPath(path)} has no export "${name}".`, ADVICE);
  }
  const exported = exports[name];
  const given = options === undefined ? [] : [options];
  const handler = await blaming(path, () => (typeof exported === 'function' ? exported(...given) : exported));
  if (isAuthHandler(handler)) return handler;
  const made = typeof exported === 'function' ? 'returns' : 'is';
  const { what } = whatItIs(handler, shownPath(path));
  throw new ModuleError(`The export "${name}" of ${shownPath(path)} ${made} ${what}, not an auth handler.`, ADVICE);
}

const ADVICE =
  'Write `export default { authorize(request) { return { headers: { … } } } }`, or a function that returns it.';

/** Stands for a handler whose module may not be run. */
export const NOT_LOADED: AuthHandler = {
  authorize() {
    throw new Error('The module of this handler was not loaded.');
  },
};
