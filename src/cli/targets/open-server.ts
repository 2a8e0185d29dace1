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
  refuseApiFlags(options, 'an MCP server', ['trustHints', ...(target.kind === 'url' ? ['header'] : [])]);
  const provider = fromMcp(serverAddress(target, options), { trustHints: options.flags.trustHints });
  try {
    await provider.listTools({});
  } catch (error) {
    await provider.close();
    throw unreachable(target, error);
  }
  return withFlags(provider, options);
}

function unreachable(target: UrlTarget | CommandTarget, error: unknown): CommandError {
  const message = `${targetLabel(target)} cannot be reached: ${messageOf(error)}`;
  if (target.kind === 'command') return new CommandError(EXIT.network, message, 'Check the command.');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
  const credential = "Give what it asks for: --header 'Authorization: Bearer ${TOKEN}'.";
  return isRefusal(error)
    ? new CommandError(EXIT.credential, message, credential)
    : new CommandError(EXIT.network, message, 'Check the URL, and that an MCP server answers there.');
}

/** The SDK's error with the HTTP status is somewhere among the causes. */
function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { status, cause } = error as { readonly status?: unknown; readonly cause?: unknown };
  return status === 401 || status === 403 || isRefusal(cause);
}
