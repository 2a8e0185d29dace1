import { ConfigError } from '../../../config/config-error.ts';
import { type ConfigValue, flagKeys } from '../../../config/config-spec.ts';
import { credentialPrefix } from '../../../config/credential-prefix.ts';
import { type CredentialModuleMeans, loadCredentialModules } from '../../../config/load-credential-modules.ts';
import { withApiDefaults } from '../../../options/api-defaults.ts';
import type { ApiFlags } from '../../../options/flags.ts';
import type { ProxyOptions } from '../../../proxy.ts';
import { headerPairs } from '../../../runtime/api/open-model.ts';
import { OptionError } from '../../../runtime/options/option-error.ts';
import type { CommandLine } from '../../flags/command-line.ts';
import type { Environment } from '../../flags/environment.ts';
import { checkHeader } from '../../flags/header-option.ts';
import { runProxyOptions } from '../../flags/proxy-options.ts';
import { commandText, shellWord } from '../../output/command-text.ts';
import { openDocument, type Purpose, type RefreshListener } from '../open-document.ts';
import type { NamedApi } from '../opened-target.ts';

type ApiValue = NonNullable<ConfigValue['apis']>[string];

export interface ConfigApiMeans {
  readonly namespace: string;
  /** Whether names and variables are prefixed with the namespace. */
  readonly isPrefixed: boolean;
  /** Its path in the file: `apis.pets`. */
  readonly at: string;
  /** The config file. */
  readonly path: string;
  /** Flags that apply to this API. */
  readonly line: CommandLine<ApiFlags>;
  readonly variables: Environment;
  /** From the config file, with variables filled in. */
  readonly secrets: readonly string[];
  readonly purpose: Purpose;
  readonly refreshing: RefreshListener | undefined;
  readonly modules: CredentialModuleMeans;
}

/**
 * Opens an API as described by the config file and the command line.
 *
 * @throws ConfigError if a security scheme does not exist, and any error from opening a document
 */
export async function openConfigApi(api: ApiValue, means: ConfigApiMeans): Promise<NamedApi> {
  const { namespace, isPrefixed, at, path, line, variables, secrets, purpose, refreshing, modules } = means;
  const own = runProxyOptions(flagsOf(api, line), variables);
  const proxyOptions: ProxyOptions = {
    ...own,
    // A file can also forbid what the document’s place would allow.
    ...(api.allowPrivate === false && !own.allowPrivate && { allowPrivate: false }),
    secrets: [...(own.secrets ?? []), ...secrets],
    ...(isPrefixed && { credentialPrefix: credentialPrefix(namespace) }),
    ...(own.logins && {
      logins: { ...own.logins, command: loginCommandOf(path, isPrefixed ? `${namespace}.` : '') },
    }),
    auth: { ...(await loadCredentialModules(api.auth ?? {}, modules)), ...own.auth },
    // Checked by `apiMistakes`.
    ...(api.pagination && { pagination: api.pagination }),
    headers: headersOf(api.headers, headerPairs(own.headers), 'headers'),
    documentHeaders: headersOf(api.documentHeaders, headerPairs(own.documentHeaders), 'documentHeaders'),
    serverVariables: { ...api.serverVariables, ...own.serverVariables },
  };
  const named = isPrefixed ? { namespace } : {};
  try {
    const opened = await openDocument(api.spec, proxyOptions, { purpose, refreshing, ...named });
    return { ...named, api: opened };
  } catch (error) {
    if (!(error instanceof OptionError) || error.option === undefined) throw error;
    const { option, reason: message } = error;
    throw new ConfigError(path, [{ path: `${at}.${option}`, message, isMissingVariable: false }]);
  }
}

const loginCommandOf = (path: string, start: string) => (scheme: string) =>
  commandText('auth login', shellWord(path), '--scheme', shellWord(start + scheme));

/** Converts config keys to flags. Objects have no such form and are added later. */
function flagsOf(api: ApiValue, { flags, given }: CommandLine<ApiFlags>): ApiFlags {
  const file = flagKeys('api').flatMap(([flag, { key, as }]) => {
    const value: unknown = api[key as keyof ApiValue];
    return value === undefined || as === 'map' ? [] : [[flag, value]];
  });
  const own = Object.keys(given).map((name) => [name, flags[name as keyof ApiFlags]]);
  return withApiDefaults({ ...Object.fromEntries(file), ...Object.fromEntries(own) });
}

type Headers = ReturnType<typeof headerPairs>;

/** Header flags override those in the file. Names are compared case-insensitively (RFC 9110 §5.1). */
function headersOf(file: Readonly<Record<string, string>> = {}, line: Headers = [], where: string): Headers {
  const given = new Set(line.map(([name]) => name.toLowerCase()));
  const kept = Object.entries(file).filter(([name]) => !given.has(name.toLowerCase()));
  return [...kept.map(([name, value]) => checkHeader(name, value, where)), ...line];
}
