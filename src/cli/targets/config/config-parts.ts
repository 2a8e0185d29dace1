import { dirname } from 'node:path';
import type { AroundValue } from '../../../config/around.ts';
import { ConfigError } from '../../../config/config-error.ts';
import type { ConfigValue } from '../../../config/config-spec.ts';
import type { LoadedConfig } from '../../../config/load-config.ts';
import { loadProvider } from '../../../config/load-provider.ts';
import type { ApiFlags } from '../../../options/flags.ts';
import type { LoginAuth } from '../../../runtime/compose/remote/auth/auth-options.ts';
import { fromMcp, type RemoteOptions, type RemoteTarget } from '../../../runtime/compose/remote.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Provider } from '../../../runtime/provider.ts';
import type { CommandLine } from '../../flags/command-line.ts';
import { flagsOfEach } from '../../flags/flags-of-each.ts';
import { moduleCache } from '../../flags/module-cache.ts';
import { isAuthorised, serverLogin } from '../../flags/server-auth.ts';
import { startLimit, withFlags } from '../../flags/with-flags.ts';
import type { NamedApi, OpenOptions } from '../opened-target.ts';
import { apiMistakes } from './api-mistakes.ts';
import { openConfigApi } from './open-config-api.ts';

/** An API, server or module in a config file, not opened yet. */
export interface ConfigPart {
  readonly kind: 'api' | 'server' | 'module';
  readonly namespace: string;
  /** `apis.pets` */
  readonly at: string;
  readonly around: AroundValue;
  /** Checks everything that can be checked without opening it. @throws ConfigError */
  readonly prepare: () => OpenPart;
}

export type OpenPart = () => Promise<{ readonly provider: Provider; readonly apis: readonly NamedApi[] }>;

type ServerValue = NonNullable<ConfigValue['servers']>[string];
type ModuleValue = NonNullable<ConfigValue['modules']>[string];

/** In the order of the file. @throws CommandError if a flag does not say which API it applies to */
export function configParts(
  { config, path, variables, secrets }: LoadedConfig,
  options: OpenOptions,
): readonly ConfigPart[] {
  const { apis = {}, servers = {}, modules = {} } = config;
  const lines = flagsOfEach(Object.keys(apis), options);
  const isPrefixed = usesPrefix(config);
  const secretsAt = (at: string) => secrets.filter((one) => one.path.startsWith(`${at}.`)).map(({ secret }) => secret);
  return [
    ...Object.entries(apis).map(([namespace, api]) => {
      const at = `apis.${namespace}`;
      const line = lines.get(namespace) ?? options;
      const prepare = () => {
        const mistakes = apiMistakes(at, api);
        if (mistakes.length > 0) throw new ConfigError(path, mistakes);
        return async () => {
          const { purpose, exec, refreshing } = options;
          const modules = { exec, cacheFolder: moduleCache(options) };
          const shared = { purpose, refreshing, modules };
          const means = { namespace, isPrefixed, at, path, line, variables, secrets: secretsAt(at), ...shared };
          const opened = await openConfigApi(api, means);
          return { provider: opened.api.provider, apis: [opened] };
        };
      };
      return { kind: 'api' as const, namespace, at, around: api, prepare };
    }),
    ...Object.entries(servers).flatMap(([namespace, server]) => {
      if (server.disabled) return [];
      const prepare = () => {
        const line = withTimeout(server.timeout, options);
        const secrets = secretsAt(`servers.${namespace}`);
        const login = serverLogin(server.url ?? '', { flags: options.flags, environment: variables });
        const means = { name: namespace, path, secrets, login, ...startLimit(line) };
        const provider = withFlags(openServer(server, means), line);
        return async () => ({ provider, apis: [] });
      };
      return [{ kind: 'server' as const, namespace, at: `servers.${namespace}`, around: server, prepare }];
    }),
    ...Object.entries(modules).map(([namespace, module]) => {
      const open = async () => ({
        provider: withFlags(await openModule(module, moduleCache(options)), options),
        apis: [],
      });
      return { kind: 'module' as const, namespace, at: `modules.${namespace}`, around: module, prepare: () => open };
    }),
  ];
}

/** One API alone has the names of its document. */
export function usesPrefix({ prefix, apis = {}, servers = {}, modules = {} }: ConfigValue): boolean {
  const others = Object.keys(servers).length + Object.keys(modules).length;
  return prefix ?? (Object.keys(apis).length !== 1 || others > 0);
}

/** Flags override the file. */
function withTimeout(timeout: number | undefined, { flags, given }: OpenOptions): CommandLine<ApiFlags> {
  if (timeout === undefined || given.timeout !== undefined) return { flags, given };
  return { flags: { ...flags, timeout }, given: { ...given, timeout } };
}

/** The time limit for all lists: the longest of the servers. */
export function listLimit({ servers = {} }: LoadedConfig['config'], options: OpenOptions): { listTimeoutMs?: number } {
  const limits = Object.values(servers).flatMap(
    ({ timeout }) => startLimit(withTimeout(timeout, options)).connectTimeoutMs ?? [],
  );
  return limits.length === 0 ? {} : { listTimeoutMs: Math.max(START_MS, ...limits) };
}

/** The default for servers. */
const START_MS = 30_000;

interface ServerMeans extends Pick<RemoteOptions, 'secrets' | 'connectTimeoutMs'> {
  readonly name: string;
  /** The config file. */
  readonly path: string;
  readonly login: LoginAuth | undefined;
}

/** Not connected yet: calls report a server that is down. @throws ConfigError if the server cannot exist */
function openServer(server: ServerValue, { path, login, ...options }: ServerMeans): Provider {
  const invalid = (message: string, key = '') =>
    new ConfigError(path, [{ path: `servers.${options.name}${key}`, message, isMissingVariable: false }]);
  if (server.url === undefined && server.auth !== undefined) {
    throw invalid('applies to a server at a URL. A command gets its credential in env.', '.auth');
  }
  try {
    return fromMcp(targetOf(server, path, login), { ...options, trustHints: server.trustHints ?? false });
  } catch (error) {
    throw invalid(`is invalid: ${messageOf(error)}`);
  }
}

function targetOf(
  { url, headers, auth, type, command = '', args, env, cwd }: ServerValue,
  path: string,
  login: LoginAuth | undefined,
): RemoteTarget {
  if (url === undefined) {
    return { command, ...(args && { args }), ...(env && { env }), cwd: cwd ?? dirname(path) };
  }
  const own = auth ?? (isAuthorised(url, headers) ? undefined : login);
  return { url, ...(headers && { headers }), ...(own && { auth: own }), type: type === 'sse' ? 'sse' : 'http' };
}

function openModule({ path, export: exportName, options: argument }: ModuleValue, cacheFolder: string | undefined) {
  return loadProvider(path, { cacheFolder, argument, ...(exportName !== undefined && { exportName }) });
}
