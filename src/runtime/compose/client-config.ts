import type { Provider } from '../provider.ts';
import { type CompositeOptions, openComposite } from './composite.ts';
import { namespace } from './namespace.ts';
import { fromMcp, type RemoteOptions, type RemoteTarget } from './remote.ts';

export type ClientConfigOptions = CompositeOptions & Omit<RemoteOptions, 'name'>;

/**
 * The MCP servers of a client's configuration file as one provider, each under its name: the `mcpServers` of Claude
 * Desktop, Claude Code, Cursor and others, or the `servers` of VS Code. Entries with `disabled: true` are left out.
 * Variables (`${API_KEY}`) are not filled in.
 *
 * @param config the parsed JSON.
 * @throws TypeError that names the entry which is neither a command nor a URL.
 */
export function fromClientConfig(config: unknown, options: ClientConfigOptions = {}): Provider {
  const whole = openComposite({ info: { name: 'mcp-servers', version: '1' }, ...options });
  const names = new Map<string, string>();
  for (const [name, entry] of Object.entries(serversOf(config))) {
    if (!isRecord(entry)) throw new TypeError(`The MCP server "${name}" is not an object.`);
    if (entry.disabled === true) continue;
    const target = targetOf(name, entry);
    const space = namespaceOf(name);
    const other = names.get(space);
    if (other !== undefined) {
      throw new TypeError(`The MCP servers "${other}" and "${name}" both have the namespace "${space}". Rename one.`);
    }
    names.set(space, name);
    whole.add(namespace(fromMcp(target, { ...options, name }), space), name);
  }
  return whole;
}

function serversOf(config: unknown): Readonly<Record<string, unknown>> {
  const servers = isRecord(config) ? (config.mcpServers ?? config.servers) : undefined;
  if (isRecord(servers)) return servers;
  throw new TypeError('The configuration has neither "mcpServers" nor "servers".');
}

function targetOf(name: string, entry: Readonly<Record<string, unknown>>): RemoteTarget {
  const { command, args, env, cwd, url, headers, type } = entry;
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
      type: type === 'sse' ? 'sse' : 'http',
    };
  }
  throw new TypeError(`The MCP server "${name}" has neither a "command" nor a "url".`);
}

/** `My Files (home)` → `my-files-home` */
function namespaceOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  if (slug === '') throw new TypeError(`The MCP server "${name}" needs a name with a letter from a to z in it.`);
  return slug;
}

function textsOf(name: string, key: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new TypeError(`"${key}" of the MCP server "${name}" must be a list of strings.`);
}

function textMapOf(name: string, key: string, value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : undefined;
  if (!entries?.every(([, item]) => typeof item === 'string' || typeof item === 'number')) {
    throw new TypeError(`"${key}" of the MCP server "${name}" must be an object of strings.`);
  }
  return Object.fromEntries(entries.map(([each, item]) => [each, String(item)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
