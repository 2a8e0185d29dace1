import { packedFile } from '../package-root.ts';
import { parsedJson } from '../runtime/text/parsed-json.ts';
import type { RuntimeKind } from './runtime-kind.ts';

/** The packages that an emitted project may depend on: those of the runtime. */
const RUNTIME_PACKAGES = [
  '@modelcontextprotocol/client',
  '@modelcontextprotocol/server',
  'ajv',
  'ajv-formats',
  'jmespath',
  'jose',
  're2js',
  'typebox',
  'undici',
] as const;

const TOOL_PACKAGES = ['@types/node', 'typescript'] as const;

/** For the smoke test, unless the runtime depends on it. */
const TEST_PACKAGES = ['@modelcontextprotocol/client'] as const;

/** The dependencies in a project's `package.json`, by kind of runtime. */
export function projectPackages(runtime: RuntimeKind, manifest: PackageManifest) {
  if (runtime === 'package') {
    return {
      dependencies: { 'openapi-mcp': `file:${packedFile(manifest.version)}` },
      devDependencies: packageVersions([...TEST_PACKAGES, ...TOOL_PACKAGES], manifest),
    };
  }
  return {
    dependencies: packageVersions(RUNTIME_PACKAGES, manifest),
    devDependencies: packageVersions(TOOL_PACKAGES, manifest),
  };
}

/** The fields of our own `package.json` that are used. */
export interface PackageManifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The versions that our own runtime is tested with. */
function packageVersions(names: readonly string[], manifest: PackageManifest): Record<string, string> {
  const all = { ...manifest.devDependencies, ...manifest.dependencies };
  return Object.fromEntries(
    names.map((name) => {
      const version = all[name];
      if (version === undefined) throw new Error(`package.json does not name ${name}.`);
      return [name, version];
    }),
  );
}

/**
 * What an existing `package.json` of a project lacks: `undici ^7.30.2`, and `exports["./runtime"]` if a project of an
 * earlier version has other exports.
 */
export function missingPackages(
  files: readonly { readonly path: string; readonly text: string }[],
  read: (path: string) => string | undefined,
): string[] {
  const wanted = manifestOf(files.find(({ path }) => path === 'package.json')?.text);
  const present = read('package.json');
  if (present === undefined) return [];
  const found = manifestOf(present);
  return [
    ...Object.entries(wanted.dependencies)
      .filter(([name, version]) => !isSatisfied(version, found.dependencies[name]))
      .map(([name, version]) => `${name} ${version}`),
    // A project that does not export its main file lacks exports on purpose.
    ...Object.entries(wanted.exports)
      .filter(([entry]) => Object.hasOwn(found.exports, '.') && !Object.hasOwn(found.exports, entry))
      .map(([entry, target]) => `exports["${entry}"]: ${JSON.stringify(target)}`),
  ];
}

/** A packed file may be anywhere, and of any version. */
const isSatisfied = (wanted: string, found: string | undefined): boolean =>
  wanted === found || (wanted.startsWith('file:') && found !== undefined);

interface ProjectManifest {
  /** Dependencies and devDependencies. */
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: object;
}

function manifestOf(text: string | undefined): ProjectManifest {
  // A manifest that is not JSON, or lacks dependencies, has none.
  const value = parsedJson(text) as Partial<PackageManifest & ProjectManifest> | null | undefined;
  return { dependencies: { ...value?.devDependencies, ...value?.dependencies }, exports: { ...value?.exports } };
}
