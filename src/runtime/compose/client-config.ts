import { namespaceOf } from '../namespace-form.ts';
import type { Provider } from '../provider.ts';
import { type CompositeOptions, openComposite } from './composite.ts';
import { configuredServers } from './configured-servers.ts';
import { namespace } from './namespace.ts';
import { fromMcp, type RemoteOptions } from './remote.ts';

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
  const { connectTimeoutMs } = options;
  const whole = openComposite({
    info: { name: 'mcp-servers', version: '1' },
    ...(connectTimeoutMs !== undefined && { listTimeoutMs: connectTimeoutMs }),
    ...options,
  });
  const names = new Map<string, string>();
  for (const [name, target] of Object.entries(configuredServers(config))) {
    const space = namespaceOf(name);
    if (space === '') throw new TypeError(`The MCP server "${name}" needs a name with a letter from a to z in it.`);
    const other = names.get(space);
    if (other !== undefined) {
      throw new TypeError(`The MCP servers "${other}" and "${name}" both have the namespace "${space}". Rename one.`);
    }
    names.set(space, name);
    whole.add(namespace(fromMcp(target, { ...options, name }), space), name);
  }
  return whole;
}
