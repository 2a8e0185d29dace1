import { CLIENT_NAMES, CLIENTS, type ClientName, type InstallClient, type Scope } from './clients.ts';
import { readConfig } from './config-text.ts';
import { InstallError } from './install-error.ts';
import { isOurs, readFile } from './installation.ts';
import type { Places } from './places.ts';
import type { Entry } from './server-command.ts';

/** A server in the config file of a client. */
export interface DiscoveredServer {
  readonly client: ClientName;
  readonly scope: Scope;
  readonly path: string;
  readonly name: string;
  /** How the client reaches it; `unknown` if the file has neither a command nor a URL. */
  readonly start: ServerStart;
  /** Whether `openapi-mcp install` put it there. */
  readonly installed: boolean;
}

export type ServerStart =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      /** As the file has it; may contain secrets, and references in the syntax of the client. */
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'url'; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'unknown' };

export interface Discovery {
  readonly servers: readonly DiscoveredServer[];
  /** Files that cannot be read. */
  readonly unreadable: readonly { readonly client: ClientName; readonly path: string; readonly message: string }[];
}

/** The servers that the clients of this computer are configured with, for the user and for the project. */
export async function discover(places: Places): Promise<Discovery> {
  const servers: DiscoveredServer[] = [];
  const unreadable: Discovery['unreadable'][number][] = [];
  for (const client of CLIENT_NAMES) {
    for (const [scope, path] of pathsOf(CLIENTS[client], places)) {
      try {
        const text = readFile(path);
        if (text === undefined) continue;
        const found = (await readConfig(text, CLIENTS[client], path)).servers();
        for (const [name, entry] of Object.entries(found)) {
          servers.push({ client, scope, path, name, start: startOf(entry), installed: isOurs(entry) });
        }
      } catch (error) {
        if (!(error instanceof InstallError)) throw error;
        unreadable.push({ client, path, message: error.message });
      }
    }
  }
  return { servers, unreadable };
}

function pathsOf({ paths }: InstallClient, places: Places): [Scope, string][] {
  return (['user', 'project'] as const).flatMap((scope) => {
    const path = paths[scope]?.(places);
    // In the home folder, both may be the same file.
    const isSecond = scope === 'project' && path === paths.user?.(places);
    return path === undefined || isSecond ? [] : [[scope, path] as [Scope, string]];
  });
}

function startOf(entry: Entry): ServerStart {
  // goose writes `cmd` and `uri`, Windsurf `serverUrl`, Gemini CLI `httpUrl`.
  const command = entry.command ?? entry.cmd;
  if (typeof command === 'string') {
    const args = Array.isArray(entry.args) ? entry.args.filter((arg) => typeof arg === 'string') : [];
    return { kind: 'command', command, args, env: { ...passedOn(entry), ...texts(entry.env ?? entry.envs) } };
  }
  const url = entry.httpUrl ?? entry.serverUrl ?? entry.url ?? entry.uri;
  return typeof url === 'string' ? { kind: 'url', url, headers: texts(entry.headers) } : { kind: 'unknown' };
}

/** Variables by name: Codex writes `env_vars`, goose `env_keys`. */
function passedOn({ env_vars, env_keys }: Entry): Readonly<Record<string, string>> {
  const names = [env_vars, env_keys].flatMap((list) => (Array.isArray(list) ? list : []));
  return Object.fromEntries(names.filter((name) => typeof name === 'string').map((name) => [name, `\${${name}}`]));
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
