import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

export interface Watched {
  /** Absolute paths. A file may be missing, and is reported when it comes back. */
  readonly files: readonly string[];
  /** Folders with code: a module imports others that nobody names. */
  readonly codeFolders: readonly string[];
}

export interface WatchFilesOptions {
  /** What to watch, read again at each look: a reload may change it. */
  readonly watched: () => Watched;
  /** Called when something has changed and stayed as it is for one look, so that nothing half-written is read. */
  readonly onChange: () => void;
  /** Time between two looks. Default 200. */
  readonly everyMs?: number;
}

/**
 * Looks at files regularly: unlike change notifications of the operating system, this works in containers, on network
 * drives, and with editors that replace files.
 *
 * @returns a function that stops
 */
export function watchFiles({ watched, onChange, everyMs = 200 }: WatchFilesOptions): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  /** As of the last call of `onChange`, and as of the last look. */
  let [known, last]: [Stamps | undefined, Stamps | undefined] = [undefined, undefined];
  const look = async () => {
    const now = await stampsOf(watched());
    if (stopped) return;
    known ??= now;
    const isQuiet = last !== undefined && same(last, now);
    last = now;
    if (isQuiet && changed(known, now)) {
      known = now;
      onChange();
    } else if (isQuiet) {
      // What is watched may have become more, or less.
      known = now;
    }
    timer = setTimeout(look, everyMs);
    timer.unref();
  };
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Size, time and identity of each file, by path; `missing` if there is none. */
type Stamps = ReadonlyMap<string, string>;

const same = (one: Stamps, other: Stamps): boolean => one.size === other.size && !changed(one, other);

/** Whether a file of both is different, or one of code is new or gone. */
function changed(before: Stamps, now: Stamps): boolean {
  for (const [path, stamp] of now) {
    const earlier = before.get(path);
    if (earlier === undefined ? stamp.startsWith(CODE) : earlier !== stamp) return true;
  }
  for (const [path, stamp] of before) if (stamp.startsWith(CODE) && !now.has(path)) return true;
  return false;
}

const CODE = 'code ';

async function stampsOf({ files, codeFolders }: Watched): Promise<Stamps> {
  const stamps = new Map<string, string>();
  const code = await Promise.all(codeFolders.map((folder) => codeFiles(folder)));
  for (const path of code.flat()) stamps.set(path, `${CODE}${await stampOf(path)}`);
  for (const path of files) if (!stamps.has(path)) stamps.set(path, await stampOf(path));
  return stamps;
}

async function stampOf(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    return 'missing';
  }
}

const MOST_CODE_FILES = 2_000;
const CODE_EXTENSIONS: ReadonlySet<string> = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']);

/** Without packages and hidden folders; at most 2,000. */
async function codeFiles(folder: string, found: string[] = []): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (found.length >= MOST_CODE_FILES) break;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await codeFiles(path, found);
    else if (CODE_EXTENSIONS.has(extname(entry.name))) found.push(path);
  }
  return found;
}
