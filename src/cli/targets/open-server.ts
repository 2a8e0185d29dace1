import { fromMcp } from '../../runtime/compose/remote.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Provider } from '../../runtime/provider.ts';
import { CommandError, EXIT } from '../report.ts';
import type { OpenOptions } from './open-target.ts';
import { serverAddress } from './server-address.ts';
import { type CommandTarget, targetLabel, type UrlTarget } from './target.ts';
import { refuseApiFlags, withFlags } from './with-flags.ts';

/** A remote MCP server, connected: a mistake in its address is told at once. @throws CommandError */
export async function openServer(target: UrlTarget | CommandTarget, options: OpenOptions): Promise<Provider> {
  refuseApiFlags(options, 'an MCP server', target.kind === 'url' ? ['header'] : []);
  const provider = fromMcp(serverAddress(target, options));
  try {
    await provider.listTools({});
  } catch (error) {
    await provider.close();
    throw new CommandError(
      EXIT.network,
      `${targetLabel(target)} cannot be reached: ${messageOf(error)}`,
      target.kind === 'url' ? 'Check the URL, and that an MCP server answers there.' : 'Check the command.',
    );
  }
  return withFlags(provider, options);
}
