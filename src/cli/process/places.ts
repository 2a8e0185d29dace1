import { homedir } from 'node:os';
import type { Places } from '../../install/places.ts';

/** Where this user, in this folder, has the config files of MCP clients. */
export const places = (): Places => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
  project: process.cwd(),
});
