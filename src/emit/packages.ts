import type { RuntimeKind } from './runtime-kind.ts';

/** The packages that an emitted project may depend on: its runtime is a copy of ours. */
const RUNTIME_PACKAGES = [
  '@modelcontextprotocol/client',
  '@modelcontextprotocol/node',
  '@modelcontextprotocol/server',
  'ajv',
  'ajv-formats',
  're2js',
  'typebox',
  'undici',
] as const;

const TOOL_PACKAGES = ['@types/node', 'typescript'] as const;

/** Of the smoke test, where the runtime does not bring it. */
const TEST_PACKAGES = ['@modelcontextprotocol/client'] as const;

/** What the `package.json` of a project names, by kind of runtime. */
export function projectPackages(runtime: RuntimeKind, manifest: PackageManifest) {
  if (runtime === 'package') {
    return {
      dependencies: { 'openapi-mcp': `^${manifest.version}` },
      devDependencies: packageVersions([...TEST_PACKAGES, ...TOOL_PACKAGES], manifest),
    };
  }
  return {
    dependencies: packageVersions(RUNTIME_PACKAGES, manifest),
    devDependencies: packageVersions(TOOL_PACKAGES, manifest),
  };
}

/** What is read of our own `package.json`. */
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

/** `undici ^7.30.2`: what the `package.json` of a project needs and lacks, where its owner has one already. */
export function missingPackages(
  files: readonly { readonly path: string; readonly text: string }[],
  read: (path: string) => string | undefined,
): string[] {
  const wanted = dependenciesOf(files.find(({ path }) => path === 'package.json')?.text);
  const present = read('package.json');
  if (present === undefined) return [];
  const found = dependenciesOf(present);
  return Object.entries(wanted)
    .filter(([name, version]) => found[name] !== version)
    .map(([name, version]) => `${name} ${version}`);
}

function dependenciesOf(manifest: string | undefined): Readonly<Record<string, string>> {
  try {
    // A manifest without dependencies, or one that is no JSON, has none.
    const value = JSON.parse(manifest ?? '{}') as Partial<PackageManifest> | null;
    return { ...value?.devDependencies, ...value?.dependencies };
  } catch {
    return {};
  }
}
