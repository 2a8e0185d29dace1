import { checkProvider } from '../runtime/compose/check-provider.ts';
import type { Provider } from '../runtime/provider.ts';
import { shownPath } from './error-place.ts';
import { blaming, type Exports, loadModule, ModuleError } from './load-module.ts';

export interface LoadProviderOptions {
  readonly cacheFolder?: string | undefined;
  /** The export to take. Default: `default`, `server` or `provider`, whichever there is first. */
  readonly exportName?: string;
  /** What a function is called with. Default: nothing. */
  readonly argument?: unknown;
}

const EXPORTS = ['default', 'server', 'provider'];

/**
 * The `Provider` that a module exports, as it is, as a promise of it, or as a function that makes it.
 *
 * @param path absolute
 * @throws ModuleError where the module fails, or exports none
 */
export async function loadProvider(path: string, options: LoadProviderOptions): Promise<Provider> {
  const exports = await loadModule(path, options);
  const name = exportOf(exports, path, options.exportName);
  const exported = exports[name];
  const given = options.argument === undefined ? [] : [options.argument];
  const provider = await blaming(path, () => (typeof exported === 'function' ? exported(...given) : exported));
  try {
    checkProvider(provider, name);
  } catch (error) {
    // What it says begins with the name, and ends with advice.
    const told = (error as Error).message.replace(
      /^What is mounted as "[^"]*"/,
      `The export "${name}" of ${shownPath(path)}`,
    );
    throw new ModuleError(told, 'It may also be a promise of one, or a function that makes one.', error);
  }
  return provider;
}

function exportOf(exports: Exports, path: string, wanted: string | undefined): string {
  const names = Object.keys(exports);
  const name = (wanted === undefined ? EXPORTS : [wanted]).find((each) => names.includes(each));
  if (name !== undefined) return name;
  const has = names.length ? `It exports ${names.join(', ')}.` : 'It exports nothing.';
  throw new ModuleError(
    `${shownPath(path)} has no export ${wanted === undefined ? '"default", "server" or "provider"' : `"${wanted}"`}. ${has}`,
    wanted === undefined
      ? 'Write `export default server` at its end, and do not call run() there.'
      : 'Name one that there is.',
  );
}
