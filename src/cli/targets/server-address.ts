import type { RemoteCommand, RemoteUrl } from '../../runtime/compose/remote.ts';
import { filledIn, readHeader } from '../flags/header-option.ts';
import { serverAuth } from '../flags/server-auth.ts';
import type { OpenOptions } from './opened-target.ts';
import type { CommandTarget, UrlTarget } from './target.ts';

/**
 * The address of an MCP server, or the command that starts it: for `fromMcp()`, and for the client's `connect()`.
 * `--header` is sent with every request to a URL, and so is the token of `--auth`, of a variable or of a login.
 *
 * @throws CommandError if a header or token is invalid
 */
export function serverAddress(
  target: UrlTarget | CommandTarget,
  { flags, environment, prefix }: Pick<OpenOptions, 'flags' | 'environment'> & { readonly prefix?: string },
): RemoteUrl | RemoteCommand {
  if (target.kind === 'command') return { command: target.command, args: target.args };
  const headers = flags.header.map((text) => readHeader(text, '--header', environment));
  const auth = serverAuth(target.url, { flags, environment, ...(prefix !== undefined && { prefix }) });
  return { url: target.url, headers: Object.fromEntries(headers), ...(auth && { auth }) };
}

/** Values that `--header` took from variables: results must not show them. */
export const headerSecrets = ({ flags, environment }: Pick<OpenOptions, 'flags' | 'environment'>): readonly string[] =>
  flags.header.flatMap((text) => filledIn(text, environment));
