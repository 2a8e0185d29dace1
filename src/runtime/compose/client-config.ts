import { namespaceOf } from '../namespace-form.ts';
import { declareOptions } from '../options/declare-options.ts';
import { OptionError } from '../options/option-error.ts';
import type { Provider } from '../provider.ts';
import { COMPOSITE_KINDS, type CompositeOptions, openComposite } from './composite.ts';
import { configuredServers } from './configured-servers.ts';
import { namespace } from './namespace.ts';
import { fromMcp, REMOTE_KINDS, type RemoteOptions } from './remote.ts';

export type ClientConfigOptions = CompositeOptions & Omit<RemoteOptions, 'name'>;

const { name: _, ...remote } = REMOTE_KINDS;
const checked = declareOptions<ClientConfigOptions>('fromClientConfig()', { ...COMPOSITE_KINDS, ...remote });

/**
 * The MCP servers in a client's configuration file as one provider, each under its name: the `mcpServers` of Claude
 * Desktop, Claude Code, Cursor and others, or the `servers` of VS Code. Entries with `disabled: true` are skipped.
 * Variables (`${API_KEY}`) are not filled in.
 *
 * @param config the parsed JSON
 * @throws OptionError that names an entry with neither a command nor a URL
 */
export function fromClientConfig(config: unknown, options: ClientConfigOptions = {}): Provider {
  checked(options);
  const { info, onDuplicate, listTimeoutMs, maskErrors, onProblem, ...remoteOptions } = options;
  const { connectTimeoutMs } = remoteOptions;
  const whole = openComposite({
    info: { name: 'mcp-servers', version: '1' },
    ...(connectTimeoutMs !== undefined && { listTimeoutMs: connectTimeoutMs }),
    ...options,
  });
  const names = new Map<string, string>();
  for (const [name, target] of Object.entries(configuredServers(config))) {
    const space = namespaceOf(name);
    if (space === '')
      throw new OptionError(`The MCP server "${name}" needs a name that contains a letter from a to z.`);
    const other = names.get(space);
    if (other !== undefined) {
      throw new OptionError(`The MCP servers "${other}" and "${name}" both have the namespace "${space}". Rename one.`);
    }
    names.set(space, name);
    whole.add(namespace(fromMcp(target, { ...remoteOptions, name }), space), name);
  }
  return whole;
}
