import { type PackSource, type PackVariable, servedFiles } from './pack-source.ts';

/** The token that callers must send. A server that other machines reach does not start without. */
export const TOKEN: PackVariable = {
  name: 'OPENAPI_MCP_TOKEN',
  description: 'The token that MCP clients must send (Authorization: Bearer …).',
  isRequired: true,
  isSecret: true,
};

/** Encrypts what the processes share. */
export const STORE_KEY: PackVariable = {
  name: 'OPENAPI_MCP_STORE_KEY',
  description: 'Encrypts what the processes share: at least 32 characters.',
  isRequired: true,
  isSecret: true,
};

/** Whether several processes share a store. */
export const hasStore = ({ config }: PackSource): boolean => config.store !== undefined;

/** Whether the config names other callers, or none: then it does not need the token. */
export const needsToken = ({ config }: PackSource): boolean =>
  config.auth === undefined && config.token === undefined && config.insecure !== true;

/** The variables of a server that is reached over HTTP. */
export function httpVariables(source: PackSource): readonly PackVariable[] {
  const own = [...(needsToken(source) ? [TOKEN] : []), ...(hasStore(source) ? [STORE_KEY] : [])];
  return [...own, ...source.variables.filter(({ name }) => !own.some((one) => one.name === name))];
}

/** The folders next to the config file. */
export const servedFolders = (source: PackSource): readonly string[] => [
  ...new Set(servedFiles(source).flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.indexOf('/'))] : []))),
];

/** The reference of the image: a version may have a "+" or be longer than a tag. */
export const imageOf = ({ name, version }: PackSource): string => `${name}-mcp:${version}`;
