import { ConfigError } from '../../config/config-error.ts';
import { type ConfigValue, flagKeys } from '../../config/config-spec.ts';
import { variablePart } from '../../model/index.ts';
import type { OpenedApi, ProxyOptions } from '../../proxy.ts';
import { nearest } from '../../runtime/api/nearest.ts';
import type { Environment } from '../environment.ts';
import { checkHeader } from '../header-option.ts';
import { openDocument, type Purpose } from '../open-document.ts';
import { type ApiFlags, type CommandLine, withApiDefaults } from '../options.ts';
import { runProxyOptions } from '../proxy-options.ts';
import { credentialPrefix } from './credential-prefix.ts';
import type { NamedApi } from './open-target.ts';

type ApiValue = NonNullable<ConfigValue['apis']>[string];

export interface ConfigApiMeans {
  readonly namespace: string;
  /** Where it stands in the file: `apis.pets`. */
  readonly at: string;
  /** The config file. */
  readonly path: string;
  /** What the command line says of this API. */
  readonly line: CommandLine<ApiFlags>;
  readonly variables: Environment;
  /** Of the file, filled in from variables. */
  readonly secrets: readonly string[];
  readonly purpose: Purpose;
}

/**
 * Opens an API as a config file and the command line describe it.
 *
 * @throws ConfigError where it has no such security scheme, and what opening a document throws
 */
export async function openConfigApi(
  api: ApiValue,
  { namespace, at, path, line, variables, secrets, purpose }: ConfigApiMeans,
): Promise<NamedApi> {
  const prefix = credentialPrefix(namespace);
  const environment = { ...variables, ...credentialVariables(api, prefix) };
  const named = runProxyOptions(flagsOf(api, line), environment);
  const proxyOptions: ProxyOptions = {
    ...named,
    secrets: [...(named.secrets ?? []), ...secrets],
    credentialPrefix: prefix,
    headers: headersOf(api.headers, named.headers, 'headers'),
    documentHeaders: headersOf(api.documentHeaders, named.documentHeaders, 'documentHeaders'),
    serverVariables: { ...api.serverVariables, ...named.serverVariables },
  };
  const opened = await openDocument(api.spec, proxyOptions, { purpose });
  const unknown = unknownScheme(api, opened);
  if (unknown === undefined) return { namespace, api: opened };
  await opened.provider.close();
  throw new ConfigError(path, [{ path: `${at}.auth.${unknown.scheme}`, ...unknown.mistake }]);
}

/** As if all of it stood on the command line. What is an object in the file has no such form: it is added later. */
function flagsOf(api: ApiValue, { flags, given }: CommandLine<ApiFlags>): ApiFlags {
  const file = flagKeys('api').flatMap(([flag, { key, as }]) => {
    const value: unknown = api[key as keyof ApiValue];
    return value === undefined || as === 'map' ? [] : [[flag, value]];
  });
  const own = Object.keys(given).map((name) => [name, flags[name as keyof ApiFlags]]);
  return withApiDefaults({ ...Object.fromEntries(file), ...Object.fromEntries(own) });
}

type Headers = NonNullable<ProxyOptions['headers']>;

/** A header of the command line takes the place of one in the file. Names differ in more than case (RFC 9110 §5.1). */
function headersOf(file: Readonly<Record<string, string>> = {}, line: Headers = [], where: string): Headers {
  const given = new Set(line.map(([name]) => name.toLowerCase()));
  const kept = Object.entries(file).filter(([name]) => !given.has(name.toLowerCase()));
  return [...kept.map(([name, value]) => checkHeader(name, value, where)), ...line];
}

/** The credentials of the file, by the names that those of the environment have. */
function credentialVariables({ auth = {} }: ApiValue, prefix: string): Environment {
  const entries = Object.entries(auth).flatMap(([scheme, credential]) => {
    const variable = (kind: string) => `${prefix}_${kind}_${variablePart(scheme)}`;
    // Which of the two is read the scheme decides.
    if (typeof credential === 'string') {
      return [
        [variable('API_KEY'), credential],
        [variable('BEARER_TOKEN'), credential],
      ];
    }
    if ('username' in credential) {
      return [
        [variable('BASIC_USERNAME'), credential.username],
        [variable('BASIC_PASSWORD'), credential.password],
      ];
    }
    return [
      [variable('OAUTH_CLIENT_ID'), credential.clientId],
      [variable('OAUTH_CLIENT_SECRET'), credential.clientSecret],
      ...(credential.scopes ? [[variable('OAUTH_SCOPES'), credential.scopes.join(' ')]] : []),
    ];
  });
  return Object.fromEntries(entries);
}

function unknownScheme({ auth = {} }: ApiValue, { credentials }: OpenedApi) {
  const schemes = credentials.map(({ scheme }) => scheme);
  const scheme = Object.keys(auth).find((name) => !schemes.includes(name));
  if (scheme === undefined) return undefined;
  const meant = nearest(scheme, schemes);
  const known = schemes.length ? `It has: ${schemes.join(', ')}` : 'It has none';
  const message = `is no security scheme of the document. ${meant === undefined ? known : `Did you mean "${meant}"?`}`;
  return { scheme, mistake: { message, isMissingVariable: false } };
}
