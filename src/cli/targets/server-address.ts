import type { RemoteCommand, RemoteUrl } from '../../runtime/compose/remote.ts';
import { filledIn, readHeader } from '../header-option.ts';
import type { OpenOptions } from './open-target.ts';
import type { CommandTarget, UrlTarget } from './target.ts';

/**
 * Where an MCP server is, or how it is started: for `fromMcp()`, and for `connect()` of the client. `--header` goes with
 * every request to a URL.
 *
 * @throws CommandError where a header is not one
 */
export function serverAddress(
  target: UrlTarget | CommandTarget,
  { flags, environment }: Pick<OpenOptions, 'flags' | 'environment'>,
): RemoteUrl | RemoteCommand {
  if (target.kind === 'command') return { command: target.command, args: target.args };
  const headers = flags.header.map((text) => readHeader(text, '--header', environment));
  return { url: target.url, headers: Object.fromEntries(headers) };
}

/** What `--header` took from variables: no result may show it. */
export const headerSecrets = ({ flags, environment }: Pick<OpenOptions, 'flags' | 'environment'>): readonly string[] =>
  flags.header.flatMap((text) => filledIn(text, environment));
