import { posix, win32 } from 'node:path';

/**
 * The user's folder for what can be made again: `name` below `XDG_CACHE_HOME` (or `~/.cache`), `~/Library/Caches` on macOS, `%LOCALAPPDATA%`
 * on Windows. `undefined` if the environment has no home: then nothing is cached.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  name: string,
): string | undefined {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA ?? (env.USERPROFILE && win32.join(env.USERPROFILE, 'AppData', 'Local'));
    return local && win32.join(local, 'openapi-mcp', name);
  }
  const base = platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  const home = env.HOME && posix.isAbsolute(env.HOME) ? posix.join(env.HOME, ...base) : undefined;
  // XDG Base Directory Specification: a relative path is invalid and must be ignored.
  const cache = env.XDG_CACHE_HOME && posix.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : home;
  return cache && posix.join(cache, 'openapi-mcp', name);
}
