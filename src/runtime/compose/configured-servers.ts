import { isRecord } from '../is-record.ts';
import { OptionError } from '../options/option-error.ts';
import type { RemoteAuth } from './remote/auth/auth-options.ts';
import type { RemoteCommand, RemoteUrl } from './remote/target.ts';

/**
 * The servers in a client's configuration file by name, in order: the `mcpServers` of Claude Desktop, Claude Code,
 * Cursor and others, or the `servers` of VS Code. Entries with `disabled: true` are skipped.
 *
 * @param config the parsed JSON
 * @throws OptionError that names an entry with neither a command nor a URL
 */
export function configuredServers(config: unknown): Readonly<Record<string, RemoteUrl | RemoteCommand>> {
  const servers = Object.entries(serversOf(config)).flatMap(([name, entry]) => {
    if (!isRecord(entry)) throw new OptionError(`The MCP server "${name}" is not an object.`);
    return entry.disabled === true ? [] : [[name, targetOf(name, entry)] as const];
  });
  return Object.fromEntries(servers);
}

function serversOf(config: unknown): Readonly<Record<string, unknown>> {
  const servers = isRecord(config) ? (config.mcpServers ?? config.servers) : undefined;
  if (isRecord(servers)) return servers;
  throw new OptionError('The configuration has neither "mcpServers" nor "servers".');
}

function targetOf(name: string, entry: Readonly<Record<string, unknown>>): RemoteUrl | RemoteCommand {
  const { command, args, env, cwd, url, headers, auth, type } = entry;
  if (typeof command === 'string') {
    return {
      command,
      ...(args !== undefined && { args: textsOf(name, 'args', args) }),
      ...(env !== undefined && { env: textMapOf(name, 'env', env) }),
      ...(typeof cwd === 'string' && { cwd }),
    };
  }
  if (typeof url === 'string') {
    return {
      url,
      ...(headers !== undefined && { headers: textMapOf(name, 'headers', headers) }),
      // Other clients write so for a login of the person; `auth` of a program is checked with the target.
      ...(auth !== undefined && auth !== 'oauth' && { auth: auth as RemoteAuth }),
      type: type === 'sse' ? 'sse' : 'http',
    };
  }
  throw new OptionError(`The MCP server "${name}" has neither a "command" nor a "url".`);
}

function textsOf(name: string, key: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new OptionError(`"${key}" of the MCP server "${name}" must be a list of strings.`);
}

function textMapOf(name: string, key: string, value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : undefined;
  if (!entries?.every(([, item]) => typeof item === 'string' || typeof item === 'number')) {
    throw new OptionError(`"${key}" of the MCP server "${name}" must be an object of strings.`);
  }
  return Object.fromEntries(entries.map(([each, item]) => [each, String(item)]));
}
