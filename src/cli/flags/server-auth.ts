import type { ApiFlags } from '../../options/flags.ts';
import { isPrivateUrl } from '../../runtime/api/request/server-url.ts';
import type { LoginAuth, RemoteAuth } from '../../runtime/compose/remote/auth/auth-options.ts';
import { resourceUrl } from '../../runtime/compose/remote/auth/resource-url.ts';
import { once } from '../../runtime/once.ts';
import { commandText, shellWord } from '../output/command-text.ts';
import { usageError } from '../output/report.ts';
import type { Environment } from './environment.ts';
import { readHeader, readToken } from './header-option.ts';
import { loginsOption } from './logins-option.ts';

/**
 * The security scheme of every MCP server at a URL, by which its variables are named as those of an API's schemes:
 * `BEARER_TOKEN_MCP`, `OAUTH_CLIENT_ID_MCP`.
 */
export const SERVER_SCHEME = 'mcp';

export interface ServerAuthMeans {
  readonly flags: Pick<ApiFlags, 'auth' | 'header' | 'tokenStore'>;
  readonly environment: Environment;
  /** Prefix of variables, if several targets are opened. */
  readonly prefix?: string;
}

/**
 * How to get the tokens of an MCP server on the command line, from the first of these: `--auth`, a header
 * `Authorization`, the variable `BEARER_TOKEN_MCP`, the login of the person.
 *
 * @throws CommandError if `--auth` is for something else, or its variable is missing
 */
export function serverAuth(url: string, { flags, environment, prefix }: ServerAuthMeans): RemoteAuth | undefined {
  const [given, another] = flags.auth;
  if (another !== undefined) {
    throw usageError('--auth is given twice, but the server requires one token.', 'Remove one.');
  }
  if (given !== undefined) return { token: readToken(given, SERVER_SCHEME, environment) };
  const headers = Object.fromEntries(flags.header.map((text) => readHeader(text, '--header', environment)));
  if (isAuthorised(url, headers)) return undefined;
  const token = environment[`${prefix === undefined ? '' : `${prefix}_`}BEARER_TOKEN_MCP`]?.trim();
  return token ? { token } : serverLogin(url, { flags, environment });
}

/** Whether the address itself has a credential: a header, or the user name and password of the URL. */
export function isAuthorised(url: string, headers: Readonly<Record<string, unknown>> = {}): boolean {
  const { username, password } = URL.canParse(url) ? new URL(url) : { username: '', password: '' };
  return username !== '' || password !== '' || Object.keys(headers).some((name) => /^authorization$/i.test(name));
}

/** The login of the person who runs this, for an MCP server; `undefined` if it could not be sent there. */
export function serverLogin(
  url: string,
  { flags, environment }: Pick<ServerAuthMeans, 'environment'> & { readonly flags: Pick<ApiFlags, 'tokenStore'> },
): LoginAuth | undefined {
  if (!URL.canParse(url) || (new URL(url).protocol !== 'https:' && !isPrivateUrl(url))) return undefined;
  const { logins } = loginsOption(flags, environment);
  const sender = once(async () => {
    const { openSenders } = await import('../../runtime/node/senders.ts');
    return openSenders({ environment }).document;
  });
  return {
    store: logins?.open ?? (async () => undefined),
    command: (scopes) => loginCommand(url, scopes),
    send: async (request) => (await sender())(request),
  };
}

/** What to type to log in to an MCP server. A query is left out, because it may contain a secret. */
export function loginCommand(url: string, scopes: readonly string[] = []): string {
  const words = scopes.length === 0 ? [] : ['--scope', shellWord(scopes.join(' '))];
  return commandText('auth login', shellWord(`mcp+${resourceUrl(url)}`), ...words);
}
