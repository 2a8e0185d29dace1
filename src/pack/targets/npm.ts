import { openTemplates } from '../../emit/templates.ts';
import { markdownText } from '../../emit/text/markdown.ts';
import { servedFolders } from '../http-server.ts';
import {
  codeText,
  countedTools,
  jsonText,
  PACKED_CONFIG,
  type PackFile,
  type PackSource,
  servedFiles,
} from '../pack-source.ts';
import { ownFiles } from '../program-files.ts';
import { npmName, registryName } from '../published-names.ts';

/** A package for npm, whose command serves over stdio. It contains openapi-mcp. */
export async function npmFiles(source: PackSource): Promise<readonly PackFile[]> {
  const render = await openTemplates();
  return [
    { path: 'package.json', content: jsonText(manifest(source)) },
    { path: 'bin.js', content: render('pack/bin.js')({ config: PACKED_CONFIG }) },
    { path: 'README.md', content: render('pack/README.md')(readmeView(source)) },
    ...servedFiles(source),
    ...ownFiles(),
  ];
}

function manifest(source: PackSource) {
  const mcpName = registryName(source);
  return {
    name: npmName(source),
    version: source.version,
    description: source.description,
    keywords: ['mcp', 'mcp-server', 'openapi'],
    license: 'UNLICENSED',
    type: 'module',
    // The MCP Registry compares it with the name in server.json.
    ...(mcpName !== undefined && { mcpName }),
    bin: { [`${source.name}-mcp`]: 'bin.js' },
    files: ['bin.js', PACKED_CONFIG, ...servedFolders(source)],
    engines: { node: '>=20' },
    // Part of the package, so that npm does not look for it in a registry, where somebody else could claim its name.
    dependencies: { 'openapi-mcp': source.programVersion },
    bundleDependencies: ['openapi-mcp'],
  };
}

function readmeView(source: PackSource) {
  const { name, title, description, variables, tools } = source;
  const env = Object.fromEntries(variables.map((variable) => [variable.name, `<${variable.name}>`]));
  const start = { command: 'npx', args: ['-y', npmName(source)], ...(variables.length > 0 && { env }) };
  return {
    title: markdownText(title),
    description: markdownText(description),
    package: npmName(source),
    count: countedTools(tools.length),
    client: JSON.stringify({ mcpServers: { [name]: start } }, null, 2),
    variables: variables.map((variable) => ({
      name: variable.name,
      about: markdownText(variable.description),
      required: variable.isRequired ? 'yes' : 'no',
    })),
    tools: tools.map((tool) => ({ name: codeText(tool.name), about: markdownText(tool.description) })),
  };
}
