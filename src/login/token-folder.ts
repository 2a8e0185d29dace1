import { stateFolder } from '../runtime/node/state-folder.ts';

/** The folder of logins: `OPENAPI_MCP_TOKENS`, or a folder of the user's state. */
export const tokenFolder = (
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string | undefined => env.OPENAPI_MCP_TOKENS || stateFolder(env, platform, 'tokens');
