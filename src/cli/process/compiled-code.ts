import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import module from 'node:module';
import { basename, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import zlib from 'node:zlib';
import { cacheFolder } from '../../cache-folder.ts';
import { isPrivate, makePrivateFolder } from '../../runtime/node/private-folder.ts';
import { replaceFile } from '../../runtime/node/replace-file.ts';

/** Node 22.8 and later. */
type EnableCompileCache = (folder: string) => unknown;

interface Kept {
  /** The folder, which only this user can write: V8 executes what it contains, and checks little of it. */
  readonly folder: string;
  /** What else, besides the text of a script, its compiled code is valid for: V8 itself compares the text's length only. */
  readonly suffix: string;
}

let kept: Kept | undefined;
/** Scripts without compiled code of an earlier process. */
let compiled: { readonly path: string; readonly script: Script }[] = [];

/**
 * Keeps the compiled code of this program in the user's cache folder, which makes later starts faster: V8 compiles a
 * function when it is first called, and compiling takes a fifth of a start. What a process has compiled is stored
 * 3 seconds after its start, or when it ends. `NODE_DISABLE_COMPILE_CACHE=1` turns it off.
 *
 * Node has a cache for compiled modules too, since 22.8, but what it keeps are the functions that are compiled when a
 * module is loaded, which is a part. It is used for all modules that are not scripts, see {@link runScript}.
 *
 * @param command the first word of the command line: each command runs other functions
 * @param asInStartup runs an action with the settings of the engine as they are now
 */
export function keepCompiledCode({
  command = '',
  asInStartup,
}: {
  readonly command?: string | undefined;
  readonly asInStartup: (action: () => void) => void;
}): void {
  const folder = cacheFolder(process.env, process.platform, 'code');
  if (folder === undefined || process.env.NODE_DISABLE_COMPILE_CACHE === '1' || !isReady(folder)) return;
  const { enableCompileCache } = module as unknown as { readonly enableCompileCache?: EnableCompileCache };
  enableCompileCache?.(folder);
  // Node 20.15, 22.2 and later.
  if (typeof zlib.crc32 !== 'function') return;
  const name = /^[a-z]{1,12}$/.test(command) ? command : 'other';
  // The version of V8, its flags, and the features of the processor.
  kept = { folder, suffix: `-${name}-${hex(cachedDataVersionTag())}${ENDING}` };
  const store = () => asInStartup(storeCompiled);
  setTimeout(store, START_MS).unref();
  process.once('exit', (code) => code === 0 && store());
}

/**
 * Runs a script, which `scripts/bundle.mjs` makes of a chunk, with the code that an earlier process compiled, if there
 * is any.
 *
 * @param name its file, in the folder of the module that calls this. ASCII.
 * @param load `import()` of that module
 * @param meta `import.meta` of that module
 * @returns what the chunk exports
 */
export function runScript(
  name: string,
  load: (specifier: string) => Promise<unknown>,
  meta: ImportMeta,
  imported: readonly unknown[],
): readonly unknown[] {
  const file = new URL(name, meta.url);
  const source = readFileSync(file);
  const path = kept && join(kept.folder, `${basename(name, '.script.js')}-${hex(zlib.crc32(source))}${kept.suffix}`);
  const cachedData = path === undefined ? undefined : readCompiled(path);
  // In stack traces, as for a module.
  const options = { filename: file.href, ...(cachedData && { cachedData }) };
  const script = new Script(source.toString('latin1'), options);
  if (path !== undefined && (cachedData === undefined || script.cachedDataRejected)) compiled.push({ path, script });
  return script.runInThisContext()(load, meta, builtin, ...imported);
}

const builtin = module.createRequire(import.meta.url);

const hex = (value: number): string => value.toString(16);

const START_MS = 3_000;
const ENDING = '.v8';
const CHECKSUM_BYTES = 4;

/** Whether the folder can be trusted. Creates it if there is none. */
function isReady(folder: string): boolean {
  try {
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) makePrivateFolder(folder);
    return isPrivate(folder, 'folder');
  } catch {
    return false;
  }
}

/** `undefined` if there is none, or if it is damaged, which V8 would not notice. */
function readCompiled(path: string): Buffer | undefined {
  try {
    if (!isPrivate(path, 'file')) return undefined;
    const bytes = readFileSync(path);
    const code = bytes.subarray(0, -CHECKSUM_BYTES);
    return zlib.crc32(code) === bytes.readUInt32LE(code.length) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** A folder that cannot be written, or a full disk: the next start compiles again. */
function storeCompiled(): void {
  if (kept === undefined || compiled.length === 0) return;
  const scripts = compiled;
  compiled = [];
  try {
    for (const { path, script } of scripts) {
      const code = script.createCachedData();
      const checksum = Buffer.alloc(CHECKSUM_BYTES);
      checksum.writeUInt32LE(zlib.crc32(code));
      replaceFile(path, Buffer.concat([code, checksum]), 0o600);
    }
    prune(kept.folder);
  } catch {}
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;
const OURS = new RegExp(`\\${ENDING}(\\.[0-9a-f]{16}\\.tmp)?$`);

/** Removes what was stored long ago, mostly by other versions. What is still in use is stored again. */
function prune(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!OURS.test(name)) continue;
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs !== undefined && Date.now() - mtimeMs > KEPT_MS) rmSync(path, { force: true });
  }
}
