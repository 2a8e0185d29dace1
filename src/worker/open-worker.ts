import { type AroundMeans, type AroundValue, middlewareOf, withTransforms } from '../config/around.ts';
import { CONFIG, type ConfigValue } from '../config/config-spec.ts';
import { credentialPrefix } from '../config/credential-prefix.ts';
import { type FilledIn, readValue } from '../config/read-value.ts';
import { serverInfo } from '../config/server-info.ts';
import type { ApiModel } from '../model/index.ts';
import {
  createInterpretingCompiler,
  createInterpretingValidator,
} from '../runtime/api/arguments/interpret-arguments.ts';
import type { GivenCredentials } from '../runtime/api/auth/given-credentials.ts';
import { type ModelPlatform, openModelOn } from '../runtime/api/open-model.ts';
import { webDecoders } from '../runtime/api/read/content-encoding.ts';
import { composite } from '../runtime/compose/composite.ts';
import { namespace as inNamespace } from '../runtime/compose/namespace.ts';
import { fitTools } from '../runtime/fit/modes.ts';
import { middlewareRound } from '../runtime/middleware/with-middleware.ts';
import type { Provider } from '../runtime/provider.ts';
import { CallsInFlight } from '../runtime/serve/calls-in-flight.ts';
import { fetchSenders } from './fetch-senders.ts';
import { log, logError } from './log.ts';
import { NotConfigured, type PackedServer } from './packed-server.ts';
import { type ServedFetch, serveFetch } from './serve-fetch.ts';

type Variables = Readonly<Record<string, string>>;
type ApiValue = NonNullable<ConfigValue['apis']>[string];

/** The name of the config in messages. */
const FILE = 'the config';

const MEANS: Omit<AroundMeans, 'at'> = {
  path: FILE,
  tell: log,
  onError: logError,
  append: async () => {
    throw new Error('A Worker has no files.');
  },
};

const platform = (requests: CallsInFlight): ModelPlatform => ({
  openSenders: () => fetchSenders(requests),
  decoders: webDecoders,
  createValidator: createInterpretingValidator,
  createCompiler: createInterpretingCompiler,
});

/**
 * Opens the server with the variables and secrets of the Worker.
 *
 * @throws NotConfigured, ConfigError, OptionError
 */
export async function openWorker(
  { config: written, models }: PackedServer,
  variables: Variables,
): Promise<ServedFetch> {
  const { value, secrets, mistakes } = readValue(written, CONFIG, { variables, pathOf: (named) => named });
  if (mistakes.length > 0) {
    throw new NotConfigured(mistakes.map(({ path, message }) => `${path} ${message}.`).join('\n'));
  }
  // Without errors, the value has the type of the spec.
  const config = value as ConfigValue;
  const apis = Object.entries(config.apis ?? {});
  const isPrefixed = config.prefix ?? apis.length !== 1;
  const requests = new CallsInFlight();
  const parts = await Promise.all(
    apis.map(async ([namespace, api]) => {
      const model = models[namespace];
      if (!model) throw new NotConfigured(`The pack has no model of apis.${namespace}. Run openapi-mcp pack again.`);
      const options = { namespace, isPrefixed, variables, requests, secrets: secretsOf(secrets, namespace) };
      const provider = await openApi(api, model, options);
      return isPrefixed ? inNamespace(provider, namespace) : provider;
    }),
  );
  return serveFetch(await asConfigured(parts, config), { config, variables, requests, onError: logError });
}

interface ApiMeans {
  readonly namespace: string;
  readonly isPrefixed: boolean;
  readonly variables: Variables;
  readonly secrets: readonly string[];
  readonly requests: CallsInFlight;
}

async function openApi(
  api: ApiValue,
  model: ApiModel,
  { namespace, isPrefixed, variables, secrets, requests }: ApiMeans,
): Promise<Provider> {
  const { baseUrl, server, serverVariables, allowPrivate, credentialsFor, forwardHeaders, headers, auth } = api;
  const { timeout, maxResult } = api;
  const { provider } = openModelOn(platform(requests), model, {
    environment: variables,
    secrets,
    ...(isPrefixed && { credentialPrefix: credentialPrefix(namespace) }),
    ...(baseUrl !== undefined && { baseUrl }),
    ...(server !== undefined && { server }),
    ...(serverVariables && { serverVariables }),
    ...(allowPrivate !== undefined && { allowPrivate }),
    ...(credentialsFor && { credentialsFor }),
    ...(forwardHeaders && { forwardHeaders }),
    ...(headers && { headers }),
    // `pack` refuses those that need modules.
    ...(auth && { auth: auth as GivenCredentials }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
    ...(maxResult !== undefined && { maxResultBytes: maxResult }),
  });
  return withAround(provider, api, `apis.${namespace}`);
}

function withAround(provider: Provider, { middleware, transforms }: AroundValue, at: string): Promise<Provider> {
  const means = { ...MEANS, at };
  const watched = middlewareRound(provider, middlewareOf(middleware, means), { maskErrors: false, onError: logError });
  return withTransforms(watched, transforms, means);
}

const secretsOf = (secrets: readonly FilledIn[], namespace: string): readonly string[] =>
  secrets.flatMap(({ path, secret }) => (path.startsWith(`apis.${namespace}.`) ? [secret] : []));

/** The parts as one server, with the middleware, transforms and mode of the config. */
async function asConfigured(parts: readonly Provider[], config: ConfigValue): Promise<Provider> {
  const whole = composite(parts, { info: serverInfo(config), onProblem: logError });
  const shown = await withAround(whole, config, '');
  const { mode = 'tools', budget, pinned } = config;
  if (mode === 'tools' && budget === undefined) return shown;
  const fit = { mode, ...(budget !== undefined && { budget }), ...(pinned && { pinned }) };
  return (await fitTools(shown, fit)).provider;
}
