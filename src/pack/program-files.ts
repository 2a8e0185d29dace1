import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';
import type { PackFile } from './pack-source.ts';

/** The program in a pack, relative to its folder. */
export const PACKED_PROGRAM = 'node_modules/openapi-mcp/dist/bin/openapi-mcp.js';

/** Packages for writing projects, editing config files and asking questions: serving needs none of them. */
const NOT_SERVING = ['ts-morph', 'handlebars', '@clack/prompts', 'jsonc-parser', 'smol-toml'];

interface InstalledPackage {
  readonly folder: string;
  readonly dependencies: readonly string[];
}

/** Optional packages that run the code in code mode. Plain files, unlike other optional packages. */
const CODE_MODE = ['quickjs-emscripten-core', '@jitl/quickjs-ng-wasmfile-release-sync'];

/**
 * openapi-mcp and the packages that serving needs, as they are installed here, below `node_modules/`: started without
 * network. Without type declarations, source maps and packages that depend on the platform.
 *
 * @param runsCode whether the server is listed in code mode
 */
export function programFiles({ runsCode }: { readonly runsCode: boolean }): readonly PackFile[] {
  const placed = placedPackages(fileURLToPath(PACKAGE_ROOT), runsCode ? CODE_MODE : []);
  return [...ownFiles(), ...[...placed].flatMap(([path, folder]) => filesBelow(folder, path))];
}

/** openapi-mcp alone, without the packages that it needs: its `package.json` names them. */
export function ownFiles(): readonly PackFile[] {
  const root = fileURLToPath(PACKAGE_ROOT);
  const own = ['package.json', 'LICENSE'].filter((name) => existsSync(join(root, name)));
  return [
    ...own.map((name) => ({ path: `node_modules/openapi-mcp/${name}`, content: readFileSync(join(root, name)) })),
    ...filesBelow(join(root, 'dist/bin'), 'node_modules/openapi-mcp/dist/bin'),
  ];
}

/**
 * Where each package goes, and the folder that it comes from. A package that is needed in several versions is placed
 * below the one that needs the other version.
 */
function placedPackages(root: string, optional: readonly string[]): ReadonlyMap<string, string> {
  const placed = new Map<string, string>();
  const own = packageIn(root);
  const queue: (InstalledPackage & { readonly at: string })[] = [
    { at: 'node_modules/openapi-mcp', ...own, dependencies: [...own.dependencies, ...optional] },
  ];
  for (const { at, folder, dependencies } of queue) {
    for (const name of dependencies.filter((each) => !NOT_SERVING.includes(each))) {
      const found = installedPackage(name, folder);
      if (found === undefined || placedFor(at, name, placed) === found) continue;
      const path = placed.has(`node_modules/${name}`) ? `${at}/node_modules/${name}` : `node_modules/${name}`;
      placed.set(path, found);
      queue.push({ at: path, ...packageIn(found) });
    }
  }
  return placed;
}

/** What Node would find: the nearest `node_modules` above. */
function placedFor(at: string, name: string, placed: ReadonlyMap<string, string>): string | undefined {
  const nested = placed.get(`${at}/node_modules/${name}`);
  if (nested !== undefined) return nested;
  const above = at.lastIndexOf('/node_modules/');
  return above < 0 ? placed.get(`node_modules/${name}`) : placedFor(at.slice(0, above), name, placed);
}

function packageIn(folder: string): InstalledPackage {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { folder, dependencies: Object.keys(dependencies) };
}

/** The real folder of a package, so that its own dependencies are found next to it. */
function installedPackage(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return realpathSync(folder);
  const above = dirname(from);
  return above === from ? undefined : installedPackage(name, above);
}

function filesBelow(folder: string, path: string): readonly PackFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const [from, to] = [join(folder, entry.name), `${path}/${entry.name}`];
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(from, to);
      return entry.isFile() && isNeeded(entry.name) ? [{ path: to, content: readFileSync(from) }] : [];
    });
}

const isNeeded = (name: string): boolean =>
  /^(?:licen[cs]e|notice|copying)/i.test(name) || !/\.(?:[cm]?ts|map|md|markdown|flow)$|^\./i.test(name);
