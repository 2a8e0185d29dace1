import { fromMcp } from '../../runtime/compose/remote.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Provider, Tool } from '../../runtime/provider.ts';
import { refuseApiFlags, startLimit, withFlags } from '../flags/with-flags.ts';
import { CommandError, EXIT, usageError } from '../output/report.ts';
import type { OpenOptions } from './opened-target.ts';
import { headerSecrets, serverAddress } from './server-address.ts';
import { type CommandTarget, targetLabel, type UrlTarget } from './target.ts';

/**
 * A connected remote MCP server: an error in its address is reported immediately.
 *
 * @param options.prefix prefix of its variables, if it is one of several targets
 * @throws CommandError
 */
export async function openServer(
  target: UrlTarget | CommandTarget,
  options: OpenOptions & { readonly prefix?: string },
): Promise<Provider> {
  refuseApiFlags(options, 'an MCP server', ['trustHints', ...(target.kind === 'url' ? ['header', 'auth'] : [])]);
  const { flags, given } = options;
  const provider = fromMcp(serverAddress(target, options), {
    trustHints: flags.trustHints,
    ...(target.kind === 'url' && { secrets: headerSecrets(options) }),
    ...startLimit({ flags, given }),
  });
  let tools: readonly Tool[];
  try {
    tools = await provider.listTools({});
  } catch (error) {
    await provider.close();
    throw await unreachable(target, error);
  }
  const shown = withFlags(provider, options);
  if (tools.length > 0 && (await shown.listTools({})).length === 0) {
    await provider.close();
    throw nothingLeft(target, tools);
  }
  return shown;
}

/** Which tools are read-only is the server's own claim. */
function nothingLeft(target: UrlTarget | CommandTarget, tools: readonly Tool[]): CommandError {
  const claimed = tools.filter(({ annotations }) => annotations?.readOnlyHint === true).length;
  const fix = claimed === 0 ? 'Leave it out.' : 'If you trust the annotations of the server, also pass --trust-hints.';
  const message = `--read-only excludes every tool of ${targetLabel(target)}: ${claimed} of ${tools.length} claim to be read-only.`;
  return usageError(message, fix);
}

async function unreachable(target: UrlTarget | CommandTarget, error: unknown): Promise<CommandError> {
  const message = `${targetLabel(target)} cannot be reached: ${messageOf(error)}`;
  if (target.kind === 'command') return new CommandError(EXIT.network, message, 'Check the command.');
  // They use the SDK, which has been loaded by now.
  const [{ notAuthorizedIn }, { refused }] = await Promise.all([
    import('../../runtime/compose/remote/auth/not-authorized.ts'),
    import('../output/refused.ts'),
  ]);
  const refusal = notAuthorizedIn(error);
  if (refusal !== undefined) return refused(refusal);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
  const credential = "Pass the token that it requires: --auth mcp='${TOKEN}'.";
  return isRefusal(error)
    ? new CommandError(EXIT.credential, message, credential)
    : new CommandError(
        EXIT.network,
        message,
        'Check that the URL is correct and that an MCP server is listening there.',
      );
}

/** The SDK's error with the HTTP status is one of the causes. */
function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { status, cause } = error as { readonly status?: unknown; readonly cause?: unknown };
  return status === 401 || status === 403 || isRefusal(cause);
}
