import { readdirSync } from 'node:fs';
import { PACKAGE_ROOT } from '../package-root.ts';
import { once } from '../runtime/once.ts';
import type { EmittedFile } from './emitted-file.ts';
import { reachableFiles } from './imports-of.ts';
import { ownManifest, ownText, templateText } from './own-files.ts';
import type { RuntimeKind } from './runtime-kind.ts';

/** The modules of the runtime that every project imports. */
export const FACADES = ['src/runtime/emitted.ts', 'src/runtime/emitted-server.ts'] as const;

/** Whether a path in a project belongs to its runtime. */
export const isRuntimePath = (path: string): boolean => /^src\/(?:runtime|model)\//.test(path);

/**
 * The runtime of a project. `imported`: additional modules that the user's files import, such as
 * `src/runtime/middleware/index.ts`; a copy has them too.
 */
export function runtimeFiles(kind: RuntimeKind, imported: readonly string[] = []): EmittedFile[] {
  if (kind === 'package') return FACADES.map((path) => generated(path, facadeOfPackage(path)));
  const sources = runtimeSources();
  const added = reachableFiles(rootsIn(sources, imported), sources);
  const wanted = (path: string): boolean => kind === 'full' || inEveryCopy().has(path) || added.has(path);
  return [
    ...[...sources].filter(([path]) => wanted(path)).map(([path, text]) => generated(path, text)),
    generated('src/runtime/LICENSE', ownText('LICENSE')),
    generated('src/runtime/README.md', readmeText()),
  ];
}

/**
 * `src/model` and `src/runtime` unchanged, without tests, benchmarks and what only those need. Read once: generating
 * several projects reads 250 files once.
 */
const runtimeSources = once((): ReadonlyMap<string, string> => {
  const paths = ['src/model', 'src/runtime'].flatMap((folder) =>
    readdirSync(new URL(folder, PACKAGE_ROOT), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/\.(?:test|bench|fixture)\./.test(entry.name))
      .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/'))
      .map((path) => path.slice(path.lastIndexOf(`/${folder}/`) + 1))
      .filter((path) => !path.includes('/fixtures/'))
      .sort(),
  );
  return new Map(paths.map((path) => [path, ownText(path)]));
});

const inEveryCopy = once(() => reachableFiles(FACADES, runtimeSources()));

/** Projects of other versions may import modules that no longer exist; the project's compiler reports them. */
const rootsIn = (sources: ReadonlyMap<string, string>, imported: readonly string[]): readonly string[] =>
  imported.filter((path) => sources.has(path));

/** Projects of both kinds import the same modules: with the package, each module is one line that re-exports it. */
function facadeOfPackage(path: (typeof FACADES)[number]): string {
  const name = path.slice('src/runtime/'.length, -'.ts'.length);
  return `// The runtime of this project is the package openapi-mcp; "openapi-mcp eject" puts a copy here instead.\nexport * from 'openapi-mcp/${name}';\n`;
}

/** Plain placeholders, so that this template, which does not depend on the project, needs no template engine. */
const readmeText = (): string => templateText('runtime-README.md').replaceAll('{{{version}}}', ownManifest().version);

const generated = (path: string, text: string): EmittedFile => ({ path, text, owner: 'generated' });
