/** The packages that an emitted project may depend on: its runtime is a copy of ours. Held by `architecture.test.ts`. */
export const RUNTIME_PACKAGES = [
  '@modelcontextprotocol/client',
  '@modelcontextprotocol/node',
  '@modelcontextprotocol/server',
  'ajv',
  'ajv-formats',
  'undici',
] as const;

export const TOOL_PACKAGES = ['@types/node', 'typescript'] as const;

/** What is read of our own `package.json`. */
export interface PackageManifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The versions that our own runtime is tested with. */
export function packageVersions(names: readonly string[], manifest: PackageManifest): Record<string, string> {
  const all = { ...manifest.devDependencies, ...manifest.dependencies };
  return Object.fromEntries(
    names.map((name) => {
      const version = all[name];
      if (version === undefined) throw new Error(`package.json does not name ${name}.`);
      return [name, version];
    }),
  );
}
