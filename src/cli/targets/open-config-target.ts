import { resolve } from 'node:path';
import { type AroundMeans, type AroundValue, middlewareOf, withTransforms } from '../../config/around.ts';
import { ConfigError } from '../../config/config-error.ts';
import { type ConfigValue, flagKeys } from '../../config/config-spec.ts';
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts';
import { loadProvider } from '../../config/load-provider.ts';
import { runSetup } from '../../config/run-setup.ts';
import { variablePart } from '../../model/index.ts';
import type { ProxyOptions } from '../../proxy.ts';
import { nearest } from '../../runtime/api/nearest.ts';
import { fromMcp } from '../../runtime/compose/remote.ts';
import { middlewareRound } from '../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../runtime/provider.ts';
import { createServer } from '../../runtime/server.ts';
import { type Environment, readEnvironment } from '../environment.ts';
import { freeStdout } from '../free-stdout.ts';
import { checkHeader } from '../header-option.ts';
import { moduleCache } from '../module-cache.ts';
import { openDocument } from '../open-document.ts';
import { type ApiFlags, type CommandLine, withApiDefaults } from '../options.ts';
import { runProxyOptions } from '../proxy-options.ts';
import { PartError, tell } from '../report.ts';
import { credentialPrefix } from './credential-prefix.ts';
import { flagsOfEach } from './flags-of-each.ts';
import { openAll } from './open-all.ts';
import type { NamedApi, OpenedTarget, OpenOptions, ServeSettings } from './open-target.ts';
import type { ConfigTarget } from './target.ts';
import { withFlags } from './with-flags.ts';

type ApiValue = NonNullable<ConfigValue['apis']>[string];
type ServerValue = NonNullable<ConfigValue['servers']>[string];
type ModuleValue = NonNullable<ConfigValue['modules']>[string];

export type OpenedConfig = Omit<OpenedTarget, 'target'>;

interface Part {
  readonly namespace: string;
  /** `apis.pets` */
  readonly at: string;
  readonly around: AroundValue;
  readonly open: () => Promise<{ readonly provider: Provider; readonly apis: readonly NamedApi[] }>;
}

/**
 * All that a config file describes, as one server. Flags win over what the file says. Documents and modules that cannot
 * be opened end the start; a remote server that is down does not.
 *
 * @throws ConfigError, ModuleError, PartError
 */
export async function openConfigTarget({ path: file }: ConfigTarget, options: OpenOptions): Promise<OpenedConfig> {
  freeStdout();
  const loaded = await loadConfig(file, {
    variables: (envFile) =>
      options.flags.envFile === undefined ? readEnvironment(envFile, 'envFile') : options.environment,
    cacheFolder: moduleCache(options),
  });
  const { config, path, variables } = loaded;
  const means = { path, tell, onError: options.onError };
  const opened = await openAll(partsOf(loaded, options).map((part) => () => openPart(part, means)));
  const server = createServer({ ...infoOf(config), onError: options.onError });
  for (const { namespace, provider } of opened) server.mount(namespace, provider);
  const provider = await closedOnFailure(server, async () => {
    if (config.setup !== undefined) {
      await runSetup(server, config.setup, { path, cacheFolder: moduleCache(options) });
    }
    // As a program does: calls that the parts make of each other pass it too.
    server.use(...(await middlewareOf(config.middleware, { ...means, at: '' })));
    return withTransforms(server, config.transforms, { ...means, at: '' });
  });
  return { provider, apis: opened.flatMap(({ apis }) => apis), settings: settingsOf(config, variables) };
}

function infoOf({ name = 'openapi-mcp', version = '0.0.0', title, description, instructions }: ConfigValue) {
  return {
    name,
    version,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(instructions !== undefined && { instructions }),
  };
}

async function openPart({ namespace, at, around, open }: Part, means: Omit<AroundMeans, 'at'>) {
  try {
    const { provider, apis } = await open();
    const shown = await closedOnFailure(provider, async () => {
      const chain = await middlewareOf(around.middleware, { ...means, at });
      const watched = middlewareRound(provider, chain, { maskErrors: false, onError: means.onError });
      return withTransforms(watched, around.transforms, { ...means, at });
    });
    return { namespace, provider: shown, apis };
  } catch (error) {
    throw error instanceof ConfigError ? error : new PartError(namespace, error);
  }
}

async function closedOnFailure(provider: Provider, act: () => Promise<Provider>): Promise<Provider> {
  try {
    return await act();
  } catch (error) {
    await provider.close();
    throw error;
  }
}

function partsOf({ config, path, variables }: LoadedConfig, options: OpenOptions): readonly Part[] {
  const { apis = {}, servers = {}, modules = {} } = config;
  const lines = flagsOfEach(Object.keys(apis), options);
  return [
    ...Object.entries(apis).map(([namespace, api]) => {
      const at = `apis.${namespace}`;
      const line = lines.get(namespace) ?? options;
      const open = async () => {
        const opened = await openApi(api, { namespace, line, variables, options });
        checkSchemes(api, { at, path, schemes: opened.credentials.map(({ scheme }) => scheme) });
        return { provider: opened.provider, apis: [{ namespace, api: opened }] };
      };
      return { namespace, at, around: api, open };
    }),
    ...Object.entries(servers).flatMap(([namespace, server]) => {
      if (server.disabled) return [];
      const open = async () => ({
        provider: withFlags(openServer(server, namespace, resolve(path, '..')), options),
        apis: [],
      });
      return [{ namespace, at: `servers.${namespace}`, around: server, open }];
    }),
    ...Object.entries(modules).map(([namespace, module]) => {
      const open = async () => ({
        provider: withFlags(await openModule(module, moduleCache(options)), options),
        apis: [],
      });
      return { namespace, at: `modules.${namespace}`, around: module, open };
    }),
  ];
}

interface ApiMeans {
  readonly namespace: string;
  readonly line: CommandLine<ApiFlags>;
  readonly variables: Environment;
  readonly options: OpenOptions;
}

async function openApi(api: ApiValue, { namespace, line, variables, options }: ApiMeans) {
  const prefix = credentialPrefix(namespace);
  const environment = { ...variables, ...credentialVariables(api, prefix) };
  const named = runProxyOptions(flagsOf(api, line), environment);
  const proxyOptions: ProxyOptions = {
    ...named,
    credentialPrefix: prefix,
    headers: headersOf(api.headers, named.headers, 'headers'),
    documentHeaders: headersOf(api.documentHeaders, named.documentHeaders, 'documentHeaders'),
    serverVariables: { ...api.serverVariables, ...named.serverVariables },
  };
  return openDocument(api.spec, proxyOptions, { emptyPaths: options.emptyPaths ?? 'refused' });
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

interface Schemes {
  readonly at: string;
  readonly path: string;
  readonly schemes: readonly string[];
}

function checkSchemes({ auth = {} }: ApiValue, { at, path, schemes }: Schemes): void {
  const unknown = Object.keys(auth).find((scheme) => !schemes.includes(scheme));
  if (unknown === undefined) return;
  const meant = nearest(unknown, schemes);
  const known = schemes.length ? `It has: ${schemes.join(', ')}` : 'It has none';
  const message = `is no security scheme of the document. ${meant === undefined ? known : `Did you mean "${meant}"?`}`;
  throw new ConfigError(path, [{ path: `${at}.auth.${unknown}`, message, isMissingVariable: false }]);
}

/** Not connected yet: one that is down is told by its calls. */
function openServer(
  { url, headers, type, command, args, env, cwd }: ServerValue,
  name: string,
  folder: string,
): Provider {
  if (url !== undefined) {
    return fromMcp({ url, ...(headers && { headers }), type: type === 'sse' ? 'sse' : 'http' }, { name });
  }
  const started = { command: command ?? '', ...(args && { args }), ...(env && { env }), cwd: cwd ?? folder };
  return fromMcp(started, { name });
}

function openModule({ path, export: exportName, options: argument }: ModuleValue, cacheFolder: string | undefined) {
  return loadProvider(path, { cacheFolder, argument, ...(exportName !== undefined && { exportName }) });
}

function settingsOf(config: ConfigValue, variables: Environment): ServeSettings {
  const settings = flagKeys('whole').flatMap(([flag, { key }]) => {
    const value: unknown = config[key as keyof ConfigValue];
    return value === undefined ? [] : [[flag, value]];
  });
  const token = config.token ?? variables.OPENAPI_MCP_TOKEN;
  return { ...Object.fromEntries(settings), ...(token !== undefined && { token }) };
}
