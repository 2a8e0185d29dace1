import { createHash } from 'node:crypto';
import { httpVariables } from '../http-server.ts';
import { jsonText, type PackFile, type PackSource, type PublishedPackage } from '../pack-source.ts';
import { npmName, requireRegistryName } from '../published-names.ts';
import { mcpbFiles } from './mcpb.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';

/** Limits of the schema, in characters. */
const MOST = { description: 100, title: 100 };

/** `server.json` of the MCP Registry: what the server is, and where it is published. */
export function registryFiles(source: PackSource): readonly PackFile[] {
  return [{ path: 'server.json', content: jsonText(serverJson(source)) }];
}

function serverJson(source: PackSource) {
  const { title, version, description, published } = source;
  const isElsewhere = published.url !== undefined && published.packages.length === 0;
  const packages: readonly PublishedPackage[] =
    published.packages.length > 0 ? published.packages : [{ type: 'npm', identifier: npmName(source) }];
  return {
    $schema: SCHEMA,
    name: requireRegistryName(source),
    title: cut(title, MOST.title),
    description: cut(description, MOST.description),
    version,
    ...(!isElsewhere && { packages: packages.map((each) => packageOf(each, source)) }),
    ...(published.url !== undefined && { remotes: [remoteOf(published.url)] }),
  };
}

function packageOf({ type, identifier }: PublishedPackage, source: PackSource) {
  const environmentVariables = source.variables;
  const shared = { registryType: type, identifier };
  switch (type) {
    case 'npm':
      return { ...shared, version: source.version, transport: { type: 'stdio' }, environmentVariables };
    case 'mcpb':
      return { ...shared, fileSha256: bundleHash(source), transport: { type: 'stdio' }, environmentVariables };
    case 'oci':
      // The tag is a part of the reference, so there is no version.
      return {
        ...shared,
        runtimeHint: 'docker',
        runtimeArguments: [{ type: 'named', name: '-p', value: '127.0.0.1:8000:8000' }],
        transport: { type: 'streamable-http', url: 'http://localhost:8000/mcp' },
        environmentVariables: httpVariables(source),
      };
  }
}

/** The bundle that --target mcpb writes: the same source makes the same bytes. */
function bundleHash(source: PackSource): string {
  const [bundle] = mcpbFiles(source);
  return createHash('sha256')
    .update(bundle?.content ?? '')
    .digest('hex');
}

const remoteOf = (url: string) => ({
  type: 'streamable-http',
  url,
  headers: [{ name: 'Authorization', description: 'Bearer token of the server', isRequired: true, isSecret: true }],
});

const cut = (text: string, most: number): string =>
  [...text].length <= most ? text : `${[...text].slice(0, most - 1).join('')}…`;
