import { credentialPrefix } from '../../config/credential-prefix.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { OpenedApi } from '../../proxy.ts';
import { loginKey } from '../../runtime/api/auth/login-key.ts';
import { canLogIn } from '../../runtime/api/auth/satisfied.ts';
import type { TokenKey } from '../../runtime/secrets/token-store.ts';
import type { CommandLine } from '../flags/command-line.ts';
import type { Environment } from '../flags/environment.ts';
import { CommandError, EXIT, usageError } from '../output/report.ts';
import { describeTarget, type TargetWords } from './describe-target.ts';
import { meantAsServer } from './meant-as-server.ts';
import { openOnce } from './open-once.ts';

/** A security scheme for which a person can log in. */
export interface LoginScheme {
  /** With the namespace of its API, if there is one: `shop.oauth`. */
  readonly label: string;
  readonly scheme: string;
  readonly api: OpenedApi;
  readonly serverUrl: string;
  readonly key: TokenKey;
  /** Prefix of its variables. */
  readonly prefix: string | undefined;
}

export interface LoginSchemes {
  readonly schemes: readonly LoginScheme[];
  close(): Promise<void>;
}

/**
 * The schemes of the documents behind a target, or the one that `--scheme` names. No module is run, and no stored login
 * is read.
 *
 * @throws CommandError if there is none, and any error from opening the target
 */
export async function openLoginSchemes(
  words: TargetWords,
  { flags, given }: CommandLine<FlagsOf<'auth status'>>,
  environment: Environment,
): Promise<LoginSchemes> {
  const { tokenStore: _, scheme: wanted, ...own } = flags;
  const target = describeTarget(words);
  const line = { flags: { ...own, tokenStore: 'memory' as const }, given: { ...given, tokenStore: 'memory' } };
  const options = { purpose: 'inspect', exec: false, environment } as const;
  const { provider, apis } = await openOnce(target, line, options).catch((error) =>
    Promise.reject(meantAsServer(target, error)),
  );
  try {
    const all = apis.flatMap(({ namespace, api }) => schemesOf(api, namespace));
    const schemes = wanted === undefined ? all : all.filter(({ label }) => label === wanted);
    if (schemes.length === 0) throw noScheme(all, wanted);
    return { schemes, close: () => provider.close() };
  } catch (error) {
    await provider.close();
    throw error;
  }
}

function schemesOf(api: OpenedApi, namespace: string | undefined): readonly LoginScheme[] {
  const { model, serverUrl } = api;
  return Object.entries(model.auth).flatMap(([scheme, definition]) => {
    if (!canLogIn(definition)) return [];
    const label = namespace === undefined ? scheme : `${namespace}.${scheme}`;
    if (serverUrl === undefined) {
      throw usageError(api.serverProblem ?? 'The server is unknown.', 'Pass --base-url.');
    }
    const key = loginKey(definition, serverUrl);
    const prefix = namespace === undefined ? undefined : credentialPrefix(namespace);
    return key === undefined ? [] : [{ label, scheme, api, serverUrl, key, prefix }];
  });
}

function noScheme(all: readonly LoginScheme[], wanted: string | undefined): CommandError {
  const labels = all.map(({ label }) => label).join(', ');
  if (all.length > 0) {
    return usageError(`Nobody can log in for "${wanted}".`, `Pass one of these: --scheme ${labels}`);
  }
  return new CommandError(
    EXIT.document,
    'The document has no security scheme for which a person can log in.',
    'That needs OAuth 2.0 with the flow authorizationCode or deviceAuthorization, or OpenID Connect. For an MCP server, pass its URL: mcp+https://….',
  );
}

/** @throws CommandError if there are several */
export function onlyScheme({ schemes }: LoginSchemes): LoginScheme {
  const [scheme, another] = schemes;
  if (scheme !== undefined && another === undefined) return scheme;
  const labels = schemes.map(({ label }) => label).join(', ');
  throw usageError(`There are several security schemes: ${labels}.`, 'Choose one with --scheme.');
}
