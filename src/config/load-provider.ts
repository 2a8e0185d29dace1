import { readFile } from 'node:fs/promises';
import { checkProvider } from '../runtime/compose/check-provider.ts';
import type { Provider } from '../runtime/provider.ts';
import { blaming, type Exports, loadModule, ModuleError } from './load-module.ts';
import { shownPath } from './shown-path.ts';
import { whatItIs } from './what-it-is.ts';

export interface LoadProviderOptions {
  readonly cacheFolder?: string | undefined;
  /** The export to use. Default: the first of `default`, `server` and `provider` that exists. */
  readonly exportName?: string;
  /** Passed to the export if it is a function. Default: nothing. */
  readonly argument?: unknown;
}

const EXPORTS = ['default', 'server', 'provider'];
const ADVICE =
  'Export the return value of createServer(), fromOpenApi() or fromMcp(), a promise of it, or a function that returns it.';

/**
 * The `Provider` that a module exports, directly, as a promise, or through a function.
 *
 * @param path absolute
 * @throws ModuleError if the module fails or does not export one
 */
export async function loadProvider(path: string, options: LoadProviderOptions): Promise<Provider> {
  const exports = await loadModule(path, options);
  const name = await exportOf(exports, path, options.exportName);
  const exported = exports[name];
  const given = options.argument === undefined ? [] : [options.argument];
  const provider = await blaming(path, () => (typeof exported === 'function' ? exported(...given) : exported));
  assertProvider(provider, { exported, where: `The export "${name}" of ${shownPath(path)}`, path });
  return provider;
}

interface Origin {
  /** Before it was called or awaited. */
  readonly exported: unknown;
  /** `The export "default" of server.ts` */
  readonly where: string;
  readonly path: string;
}

function assertProvider(value: unknown, { exported, where, path }: Origin): asserts value is Provider {
  const made = typeof exported === 'function' ? ' returns' : value === exported ? ' is' : ' is a promise of';
  if (typeof value !== 'object' || value === null || !('contract' in value)) {
    const { what, fix = ADVICE } = whatItIs(value, shownPath(path));
    throw new ModuleError(`${where}${made} ${what}, not a server.`, fix);
  }
  try {
    checkProvider(value, where, where);
  } catch (error) {
    throw new ModuleError((error as Error).message, ADVICE, error);
  }
}

async function exportOf(exports: Exports, path: string, wanted: string | undefined): Promise<string> {
  const names = Object.keys(exports);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new ModuleError(`${shownPath(path)} has no export "${wanted}". ${has(names)}`, 'Use one of its exports.');
  }
  const known = EXPORTS.filter((each) => names.includes(each));
  // `module.exports = { server }` also has a default export: the complete object.
  const name = known.find((each) => mayBeProvider(exports[each])) ?? known[0];
  if (name !== undefined) return name;
  const lacks = `${shownPath(path)} has no export "default", "server" or "provider". ${has(names)}`;
  if (!(await runsItself(path))) throw new ModuleError(lacks, `Write \`export default server\` at its end. ${ADVICE}`);
  throw new ModuleError(
    `${lacks} It calls run(), so it is a program of its own.`,
    `Start it with \`node ${shownPath(path)}\`; or write \`export default server\` instead of run().`,
  );
}

const has = (names: readonly string[]): string =>
  names.length ? `It exports ${names.join(', ')}.` : 'It exports nothing.';

const mayBeProvider = (value: unknown): boolean =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && ('contract' in value || 'then' in value));

/** Only for advice, so a `run()` in a comment does no harm. */
const runsItself = async (path: string): Promise<boolean> => /\.run\s*\(/.test(await readFile(path, 'utf8'));
