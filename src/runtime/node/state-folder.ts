import { posix, win32 } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A folder of the user's state: below `XDG_STATE_HOME` (or `~/.local/state`), `~/Library/Application Support` on macOS,
 * `%LOCALAPPDATA%` on Windows. `undefined` if the environment names no home.
 */
export function stateFolder(env: Environment, platform: NodeJS.Platform, name: string): string | undefined {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? (env.USERPROFILE && win32.join(env.USERPROFILE, 'AppData', 'Local'));
    return local && win32.join(local, 'openapi-mcp', name);
  }
  const home = env.HOME && posix.isAbsolute(env.HOME) ? env.HOME : undefined;
  if (platform === 'darwin') return home && posix.join(home, 'Library', 'Application Support', 'openapi-mcp', name);
  // XDG Base Directory Specification: a relative path is invalid and must be ignored.
  const state = env.XDG_STATE_HOME && posix.isAbsolute(env.XDG_STATE_HOME) ? env.XDG_STATE_HOME : undefined;
  const base = state ?? (home && posix.join(home, '.local', 'state'));
  return base && posix.join(base, 'openapi-mcp', name);
}
