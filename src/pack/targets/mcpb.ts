import { codeModePlaces } from '../code-mode.ts';
import {
  bundleName,
  jsonText,
  PACKED_CONFIG,
  type PackFile,
  type PackSource,
  type PackVariable,
  servedFiles,
} from '../pack-source.ts';
import { PACKED_PROGRAM, programFiles } from '../program-files.ts';
import { zip } from '../zip.ts';

/**
 * A bundle for desktop clients (https://github.com/modelcontextprotocol/mcpb, manifest version 0.3): a folder, and the
 * same as one file. It contains the program, so that it starts without network.
 */
export function mcpbFiles(source: PackSource): readonly PackFile[] {
  const files = [
    { path: 'manifest.json', content: jsonText(manifest(source)) },
    ...servedFiles(source),
    ...programFiles({ runsCode: codeModePlaces(source.config).length > 0 }),
  ];
  return [
    { path: bundleName(source), content: zip(files) },
    ...files.map(({ path, content }) => ({ path: `bundle/${path}`, content })),
  ];
}

function manifest(source: PackSource) {
  const { name, title, version, description, tools, variables, scope } = source;
  return {
    manifest_version: '0.3',
    name,
    display_name: title,
    version,
    description,
    author: { name: scope ?? title },
    server: {
      type: 'node',
      entry_point: PACKED_PROGRAM,
      mcp_config: {
        command: 'node',
        args: [inBundle(PACKED_PROGRAM), 'run', inBundle(PACKED_CONFIG), '--transport', 'stdio'],
        ...(variables.length > 0 && {
          env: Object.fromEntries(
            variables.map(({ name: variable }) => [variable, `\${user_config.${keyOf(variable)}}`]),
          ),
        }),
      },
    },
    ...(tools.length > 0 && {
      tools: tools.map(({ name: tool, description: about }) => ({ name: tool, description: about })),
    }),
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20' } },
    ...(variables.length > 0 && {
      user_config: Object.fromEntries(variables.map((variable) => [keyOf(variable.name), question(variable)])),
    }),
  };
}

/** `__dirname` is the folder of the bundle, filled in by the client. */
const inBundle = (path: string): string => `\${__dirname}/${path}`;

const keyOf = (variable: string): string => variable.toLowerCase();

/** A client keeps sensitive values in the keychain. Without a default, it would pass on the name of the placeholder. */
const question = ({ name, description, isRequired, isSecret }: PackVariable) => ({
  type: 'string',
  title: name,
  description,
  sensitive: isSecret,
  required: isRequired,
  ...(!isRequired && { default: '' }),
});
