import { appendFile } from 'node:fs/promises';
import { type AroundMeans, middlewareOf, withTransforms } from '../../../config/around.ts';
import { ConfigError, together } from '../../../config/config-error.ts';
import { type ConfigValue, flagKeys } from '../../../config/config-spec.ts';
import { isProgram, loadConfig } from '../../../config/load-config.ts';
import { runSetup } from '../../../config/run-setup.ts';
import { serverInfo } from '../../../config/server-info.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { middlewareRound } from '../../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../../runtime/provider.ts';
import { createServer } from '../../../runtime/server.ts';
import type { ScopeRules } from '../../../runtime/transforms/scope-rules.ts';
import { type Environment, readEnvironment } from '../../flags/environment.ts';
import { moduleCache } from '../../flags/module-cache.ts';
import { freeStdout } from '../../output/free-stdout.ts';
import { PartError, tell } from '../../output/report.ts';
import { cannotShow, type NotStarted } from '../not-started.ts';
import { openAll } from '../open-all.ts';
import type { OpenedTarget, OpenOptions, ServeSettings } from '../opened-target.ts';
import type { ConfigTarget } from '../target.ts';
import { type ConfigPart, configParts, listLimit, usesPrefix } from './config-parts.ts';

export type OpenedConfig = Omit<OpenedTarget, 'target'>;

/**
 * Opens everything in a config file as one server. Flags override the file. A document or module that cannot be opened
 * ends the startup; a remote server that is down does not.
 *
 * @throws ConfigError, ModuleError, PartError, SeveralErrors
 */
export async function openConfigTarget(target: ConfigTarget, options: OpenOptions): Promise<OpenedConfig> {
  const { path: file } = target;
  if (!options.exec && isProgram(file)) throw cannotShow(target, 'is a program that cannot be read without running it');
  freeStdout();
  const loaded = await loadConfig(file, {
    variables: (envFile) =>
      options.flags.envFile === undefined ? readEnvironment(envFile, 'envFile') : options.environment,
    cacheFolder: moduleCache(options),
  });
  const { config, path, variables } = loaded;
  const line = withWhole(config, options);
  const append = (name: string, text: string) => appendFile(name, `${text}\n`);
  const means = { path, tell, onError: options.onError, append };
  const parts = configParts(loaded, line);
  const rules = scopeRules(config, options);
  const notStarted = options.exec ? [] : startedParts(config, parts);
  const [openings, chain] = together(path, [
    () =>
      together(
        path,
        parts.filter(({ kind }) => options.exec || kind === 'api').map((part) => () => prepared(part, means, rules)),
      ),
    () => middlewareOf(config.middleware, { ...means, at: '' }),
  ]);
  const opened = await openAll(openings);
  const server = createServer({ ...serverInfo(config), ...listLimit(config, options), onError: options.onError });
  const isPrefixed = usesPrefix(config);
  for (const { namespace, provider } of opened) {
    if (isPrefixed) server.mount(namespace, provider);
    else server.mount(provider);
  }
  const provider = await closedOnFailure(server, async () => {
    if (config.setup !== undefined && options.exec) {
      await runSetup(server, config.setup, { path, cacheFolder: moduleCache(options) });
    }
    // As in a program: calls between the parts of the server pass through it too.
    server.use(...chain);
    const scoped = await withScopes(server, rules, path);
    if (notStarted.length === 0)
      return withTransforms(scoped, config.transforms, { ...means, at: '', ...restricting(rules) });
    // They may refer to items that are missing.
    if (config.transforms !== undefined) tell('The top-level transforms of the config are not applied (--no-exec).');
    return scoped;
  });
  const apis = opened.flatMap((each) => each.apis);
  const files = [path, ...loaded.files.map(({ file }) => file)];
  return { provider, apis, settings: settingsOf(config, variables), files, notStarted };
}

/**
 * Scopes belong to callers, who exist over HTTP only: whoever starts a server over stdio, or calls a tool from the command
 * line, already has its credentials.
 */
function scopeRules(config: ConfigValue, { purpose, transport = config.transport }: OpenOptions) {
  return purpose === 'serve' && transport === 'http' ? config.auth?.scopes : undefined;
}

/** Once more for all parts together, by the names that clients see. @throws ConfigError if a rule matches nothing */
async function withScopes(provider: Provider, rules: ScopeRules | undefined, path: string): Promise<Provider> {
  if (!rules) return provider;
  const { requireScopes } = await import('../../../runtime/transforms/require-scopes.ts');
  try {
    return await requireScopes(provider, rules);
  } catch (error) {
    throw new ConfigError(path, [{ path: 'auth.scopes', message: messageOf(error), isMissingVariable: false }]);
  }
}

function restricting(rules: ScopeRules | undefined, namespace?: string): Pick<AroundMeans, 'restrict'> {
  if (!rules) return {};
  return {
    async restrict(provider) {
      const { restricted } = await import('../../../runtime/transforms/require-scopes.ts');
      return restricted(provider, rules, { ...(namespace !== undefined && { namespace }) });
    },
  };
}

/** What the file says once for all parts, and flags do not: documents are prepared for the mode, and logins are stored. */
function withWhole({ mode, tokenStore, shape, ...config }: ConfigValue, options: OpenOptions): OpenOptions {
  const { flags, given } = options;
  const file = {
    ...(mode !== undefined && given.mode === undefined && { mode }),
    ...(tokenStore !== undefined && given.tokenStore === undefined && { tokenStore }),
    ...((shape || shapesResults(config)) && { shape: true }),
  };
  return { ...options, flags: { ...flags, ...file }, given: { ...given, ...file } };
}

/** Whether a transform checks names against the schemas of responses. */
function shapesResults({ transforms = [], apis = {} }: Pick<ConfigValue, 'transforms' | 'apis'>): boolean {
  const all = [...transforms, ...Object.values(apis).flatMap((api) => api.transforms ?? [])];
  return all.some(
    (transform) => transform === 'shapeResults' || (typeof transform === 'object' && 'shapeResults' in transform),
  );
}

function startedParts({ setup }: ConfigValue, parts: readonly ConfigPart[]): readonly NotStarted[] {
  return [
    ...parts.flatMap(({ kind, namespace }) => (kind === 'api' ? [] : [{ kind, name: namespace }])),
    ...(setup === undefined ? [] : [{ kind: 'setup' as const, name: 'setup' }]),
  ];
}

/** Checks everything that can be checked before anything is opened. @throws ConfigError */
function prepared(
  { namespace, at, around, prepare }: ConfigPart,
  means: Omit<AroundMeans, 'at'>,
  rules: ScopeRules | undefined,
) {
  const [open, chain] = together(means.path, [prepare, () => middlewareOf(around.middleware, { ...means, at })]);
  return async () => {
    try {
      const { provider, apis } = await open();
      const watched = middlewareRound(provider, chain, { maskErrors: false, onError: means.onError });
      const restriction = restricting(rules, namespace);
      const scoped = (await restriction.restrict?.(watched)) ?? watched;
      const shown = await closedOnFailure(provider, () =>
        withTransforms(scoped, around.transforms, { ...means, at, ...restriction }),
      );
      return { namespace, provider: shown, apis };
    } catch (error) {
      throw error instanceof ConfigError ? error : new PartError(namespace, error);
    }
  };
}

async function closedOnFailure(provider: Provider, act: () => Promise<Provider>): Promise<Provider> {
  try {
    return await act();
  } catch (error) {
    await provider.close();
    throw error;
  }
}

function settingsOf(config: ConfigValue, variables: Environment): ServeSettings {
  const settings = flagKeys('whole').flatMap(([flag, { key }]) => {
    const value: unknown = config[key as keyof ConfigValue];
    return value === undefined ? [] : [[flag, value]];
  });
  const token = config.token ?? variables.OPENAPI_MCP_TOKEN;
  return {
    ...Object.fromEntries(settings),
    ...(token !== undefined && { token }),
    ...(config.auth && { callers: config.auth }),
  };
}
