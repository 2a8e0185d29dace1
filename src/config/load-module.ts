import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { PACKAGE_ROOT } from '../package-root.ts';
import { isOwn, placeOf } from './error-place.ts';
import { UnendingRun, whileRunning } from './module-run.ts';
import { shownPath } from './shown-path.ts';

/** A module that cannot be loaded, or threw an error while loading. The cause is what it threw. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
  readonly code = 'MODULE_FAILED';
  readonly hint: string;
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}

let rereads = false;

/** From now on, modules are read from disk each time they are loaded: for a server that reloads while it runs. */
export function readModulesAgain(): void {
  rereads = true;
}

export type Exports = Readonly<Record<string, unknown>>;

/**
 * Imports a JavaScript or TypeScript module. TypeScript is not type-checked. If `openapi-mcp` is not installed next to
 * the module, it gets the running package; TypeScript always does.
 *
 * @param path absolute
 * @param options.cacheFolder where to cache compiled TypeScript; `undefined`: nowhere
 * @throws ModuleError with the file and line of the error
 */
export async function loadModule(
  path: string,
  options: { readonly cacheFolder?: string | undefined },
): Promise<Exports> {
  if (!existsSync(path)) throw new ModuleError(`The module ${shownPath(path)} does not exist.`, 'Check the path.');
  return blaming(path, () =>
    rereads || /\.[cm]?ts$/i.test(path) ? loadCompiled(path, options) : loadPlain(path, options),
  );
}

/**
 * Runs code of a module, or a function that it exported. Reports it as a failure of the module if it throws, never
 * settles, or exits the process.
 *
 * @throws ModuleError
 */
export async function blaming<T>(path: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await whileRunning(path, async () => run());
  } catch (error) {
    throw failure(path, error);
  }
}

async function loadPlain(path: string, options: { readonly cacheFolder?: string | undefined }): Promise<Exports> {
  try {
    return named(await import(pathToFileURL(path).href));
  } catch (error) {
    // Nothing has run yet: the package is not installed there, or it is an ES module in a CommonJS folder. Node does
    // not report the place of other syntax errors, but the compiler does.
    if (isPackageMissing(error) || isSyntaxMistake(error)) return loadCompiled(path, options);
    throw error;
  }
}

const isPackageMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' &&
  error.message.includes("'openapi-mcp'");

/** Distinguishes it from errors that `JSON.parse` and the like throw while the module runs. */
const isSyntaxMistake = (error: unknown): boolean => error instanceof SyntaxError && placeOf(error) === undefined;

async function loadCompiled(
  path: string,
  { cacheFolder }: { readonly cacheFolder?: string | undefined },
): Promise<Exports> {
  const { createJiti } = await import('jiti');
  // The compiler's default folder may be writable by other users.
  // Without its interoperability, which invents a default export.
  const jiti = createJiti(path, { alias: ownEntries(), fsCache: cacheFolder ?? false, interopDefault: false });
  // Neither an installed package nor the code of this one: they would lose their state.
  if (rereads) for (const loaded of Object.keys(jiti.cache)) if (isOwn(loaded)) delete jiti.cache[loaded];
  return named(await jiti.import(path));
}

/**
 * The exports by name. For CommonJS these are the properties of its default export (`module.exports = server`, `export
 * = server`), as in Node, unless it was compiled from an ES module (`__esModule`, a convention of compilers).
 */
function named(exported: unknown): Exports {
  if (types.isModuleNamespaceObject(exported)) {
    const { default: commonJs } = exported as Exports;
    return isRecord(commonJs) && isCompiled(commonJs) ? commonJs : (exported as Exports);
  }
  if (!isRecord(exported)) return { default: exported };
  if (isCompiled(exported)) return exported;
  return Reflect.ownKeys(exported).length === 0 ? {} : { default: exported };
}

const isCompiled = (exported: Exports): boolean => Object.hasOwn(exported, '__esModule');

const isRecord = (value: unknown): value is Exports =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** `openapi-mcp` and its subpaths, mapped to the running package. */
function ownEntries(): Record<string, string> {
  const manifest: { readonly exports: Readonly<Record<string, string | { readonly default?: string }>> } = JSON.parse(
    readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8'),
  );
  const entries = Object.entries(manifest.exports).flatMap(([entry, target]) => {
    const file = typeof target === 'string' ? target : target.default;
    if (file === undefined) return [];
    return [[posix.join('openapi-mcp', entry), fileURLToPath(new URL(file, PACKAGE_ROOT))] as const];
  });
  return Object.fromEntries(entries);
}

function failure(path: string, error: unknown): ModuleError {
  if (error instanceof UnendingRun) {
    return new ModuleError(
      `${shownPath(path)} never finishes loading.`,
      'Look for a top-level await, or an exported or returned promise, that never settles.',
      error,
    );
  }
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  // The lines after the first are the loader's require stack.
  const told = (message.split('\n', 1)[0] ?? '').replace(/^(?:ParseError: )?/, '').trim();
  const file = shownPath(path);
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    return new ModuleError(
      `${file} imports a missing module: ${told}`,
      'Install the module, or correct the import.',
      error,
    );
  }
  const place = placeOf(error);
  return new ModuleError(
    `${file} failed${place === undefined ? '' : ` at ${place}`}: ${told}`,
    'The error is in that file.',
    error,
  );
}
