import { posix, win32 } from 'node:path';

/** What the paths of config files depend on. */
export interface Places {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home folder, absolute. */
  readonly home: string;
  /** The folder of the project, absolute. */
  readonly project: string;
}

const pathOf = ({ platform }: Pick<Places, 'platform'>) => (platform === 'win32' ? win32 : posix);

export const atHome = (places: Places, ...parts: readonly string[]): string =>
  pathOf(places).join(places.home, ...parts);

export const inProject = (places: Places, ...parts: readonly string[]): string =>
  pathOf(places).join(places.project, ...parts);

/** `%APPDATA%` on Windows. */
export const roaming = (places: Places, ...parts: readonly string[]): string =>
  win32.join(places.env.APPDATA ?? win32.join(places.home, 'AppData', 'Roaming'), ...parts);

/** `$XDG_CONFIG_HOME` or `~/.config`. A relative path is invalid and ignored (XDG Base Directory Specification). */
export function xdgConfig({ env, home }: Places, ...parts: readonly string[]): string {
  const set = env.XDG_CONFIG_HOME;
  return posix.join(set && posix.isAbsolute(set) ? set : posix.join(home, '.config'), ...parts);
}

/** Where desktop applications keep their settings: Electron's `appData`. */
export function applicationData(places: Places, ...parts: readonly string[]): string {
  switch (places.platform) {
    case 'win32':
      return roaming(places, ...parts);
    case 'darwin':
      return atHome(places, 'Library', 'Application Support', ...parts);
    default:
      return xdgConfig(places, ...parts);
  }
}

/** A path from the environment, or the default. */
export const fromEnv = (value: string | undefined, fallback: string): string => value || fallback;
