import { type PackSource, type PackVariable, servedFiles } from './pack-source.ts';

/** The token that callers must send. A server that other machines reach does not start without. */
export const TOKEN: PackVariable = {
  name: 'OPENAPI_MCP_TOKEN',
  description: 'The token that MCP clients must send (Authorization: Bearer …).',
  isRequired: true,
  isSecret: true,
};

/** Whether the config names other callers, or none: then it does not need the token. */
export const needsToken = ({ config }: PackSource): boolean =>
  config.auth === undefined && config.token === undefined && config.insecure !== true;

/** The variables of a server that is reached over HTTP. */
export const httpVariables = (source: PackSource): readonly PackVariable[] =>
  needsToken(source) ? [TOKEN, ...source.variables.filter(({ name }) => name !== TOKEN.name)] : source.variables;

/** The folders next to the config file. */
export const servedFolders = (source: PackSource): readonly string[] => [
  ...new Set(servedFiles(source).flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : []))),
];

/** The reference of the image: a version may have a "+" or be longer than a tag. */
export const imageOf = ({ name, version }: PackSource): string => `${name}-mcp:${version}`;
