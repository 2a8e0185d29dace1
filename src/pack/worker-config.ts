import { isRecord } from '../runtime/is-record.ts';
import { codeModePlaces } from './code-mode.ts';
import { PackError } from './pack-error.ts';

type Config = Readonly<Record<string, unknown>>;

/** `kept`: a Worker honours it. `settled`: it has been applied to the model, or is about a process. Others: why not. */
type Verdicts = Readonly<Record<string, string>>;

const FILES = 'there are no files';
const CERTIFICATES = 'its connections use the certificates of the platform';
const MEMORY = 'each instance has its own memory';
const MODULES = 'it runs no other modules';
const THREADS = 'it starts no threads, and code runs in one';

/** Of one API. */
export const API_KEYS: Verdicts = {
  ...verdict('kept', ['spec', 'baseUrl', 'server', 'serverVariables', 'allowPrivate', 'credentialsFor', 'headers']),
  ...verdict('kept', ['forwardHeaders', 'auth', 'timeout', 'maxResult', 'middleware', 'transforms']),
  ...verdict('settled', ['name', 'names', 'include', 'exclude', 'routes', 'readOnly', 'trustHints', 'getAs']),
  ...verdict('settled', ['outputSchemas', 'profile', 'overlays', 'documentHeaders', 'allowRemoteRefs', 'cache']),
  ...verdict('settled', ['pagination']),
  ...verdict('the document is not in it', ['mock', 'mockSeed', 'mockStatus', 'refresh']),
  ...verdict(FILES, ['record', 'replay']),
  allowFiles: FILES,
  allowFileUrls: 'files of arguments are not fetched there',
  ...verdict(CERTIFICATES, ['ca', 'cert', 'key', 'passphrase']),
};

/** Of the server as such. */
export const WHOLE_KEYS: Verdicts = {
  ...verdict('kept', ['name', 'title', 'version', 'description', 'instructions', 'apis', 'prefix', 'middleware']),
  ...verdict('kept', ['transforms', 'mode', 'budget', 'pinned', 'path', 'allowedHosts', 'allowedOrigins', 'insecure']),
  ...verdict('kept', ['auth', 'token']),
  ...verdict('settled', [
    '$schema',
    'envFile',
    'transport',
    'host',
    'port',
    'logLevel',
    'quiet',
    'json',
    'tokenStore',
    'stateless',
    'workers',
  ]),
  ...verdict(MEMORY, ['confirm', 'maxResultTokens']),
  paging: 'there, it is the transform pageResults, with a key',
  shape: 'there, it is the transform shapeResults',
  offerDryRun: 'there, it is the transform offerDryRun',
  ...verdict('it opens no ports, and sends no telemetry', ['otel', 'metricsPort', 'metricsHost']),
  ...verdict('it keeps no connection to Redis', ['store', 'storeName']),
  servers: 'it cannot keep a connection to another MCP server',
  ...verdict(MODULES, ['modules', 'setup']),
};

/** Of the section `auth`. */
export const CALLER_KEYS: Verdicts = {
  ...verdict('kept', ['provider', 'audience', 'clientId', 'clientSecret', 'publicUrl', 'requiredScopes', 'allow']),
  ...verdict('kept', ['scopesSupported', 'verifiers', 'keys', 'cacheSeconds', 'clockTolerance']),
  scopes: 'scopes of single tools are not checked there',
  ...verdict(MEMORY, ['login', 'proxy']),
};

/** Middleware that counts or keeps something for all calls. */
export const MIDDLEWARE_NAMES: Verdicts = {
  ...verdict('kept', ['logging', 'cache', 'retry', 'timeout', 'circuitBreaker', 'responseLimit', 'redact']),
  ...verdict('kept', ['maskErrors']),
  ...verdict(MEMORY, ['rateLimit', 'concurrency', 'confirm']),
  auditLog: FILES,
};

/** Credentials that take more than a value. */
const CREDENTIAL_KEYS: Verdicts = {
  ...verdict(MODULES, ['module', 'perCaller']),
  ...verdict('tokens of callers are not exchanged there', ['exchange', 'onBehalfOf']),
  connect: MEMORY,
};

function verdict(text: string, keys: readonly string[]): Verdicts {
  return Object.fromEntries(keys.map((key) => [key, text]));
}

/**
 * The config of a Worker, whose documents are models: `models/<namespace>.json`.
 *
 * @throws PackError that names the first setting that a Worker cannot honour
 */
export function workerConfig(config: Config): Config {
  const whole = keptOf(withoutDisabled(config), WHOLE_KEYS, '');
  const [code] = codeModePlaces(config);
  if (code !== undefined) throw refused(code, THREADS);
  checkMiddleware(config.middleware, 'middleware');
  const apis = entriesOf(config.apis).map(([namespace, api]) => {
    const at = `apis.${namespace}`;
    checkMiddleware(api.middleware, `${at}.middleware`);
    for (const [scheme, credential] of entriesOf(api.auth)) {
      const [key] = Object.keys(credential).filter((name) => Object.hasOwn(CREDENTIAL_KEYS, name));
      if (key !== undefined) throw refused(`${at}.auth.${scheme}.${key}`, CREDENTIAL_KEYS[key] ?? '');
    }
    return [namespace, { ...keptOf(api, API_KEYS, `${at}.`), spec: modelPath(namespace) }];
  });
  return { ...whole, ...callers(config.auth), apis: Object.fromEntries(apis) };
}

export const modelPath = (namespace: string): string => `models/${namespace}.json`;

function callers(auth: unknown): Config {
  if (!isRecord(auth)) return {};
  const kept = keptOf(auth, CALLER_KEYS, 'auth.');
  if (kept.publicUrl !== undefined) return { auth: kept };
  throw new PackError(
    'auth.publicUrl is missing: tokens are issued for the URL of the Worker.',
    'Add it to the config file: https://<name>.<account>.workers.dev/mcp, or that of your own domain.',
  );
}

function keptOf(settings: Config, verdicts: Verdicts, at: string): Config {
  const kept = Object.entries(settings).filter(([key]) => {
    const about = Object.hasOwn(verdicts, key) ? verdicts[key] : undefined;
    if (about !== 'kept' && about !== 'settled') throw refused(at + key, about ?? 'it does not know this setting');
    return about === 'kept';
  });
  return Object.fromEntries(kept);
}

function checkMiddleware(list: unknown, at: string): void {
  for (const [index, each] of (Array.isArray(list) ? list : []).entries()) {
    const [name = ''] = isRecord(each) ? Object.keys(each) : [String(each)];
    const about = Object.hasOwn(MIDDLEWARE_NAMES, name) ? MIDDLEWARE_NAMES[name] : 'it does not know this middleware';
    if (about !== 'kept') throw refused(`${at}[${index}] (${name})`, about ?? '');
  }
}

/** Servers that are switched off do no harm. */
function withoutDisabled(config: Config): Config {
  const { servers, ...others } = config;
  return entriesOf(servers).some(([, { disabled }]) => disabled !== true) ? config : others;
}

const entriesOf = (value: unknown): readonly (readonly [string, Config])[] =>
  Object.entries(isRecord(value) ? value : {}).map(([key, inner]) => [key, isRecord(inner) ? inner : {}]);

const refused = (setting: string, why: string): PackError =>
  new PackError(`${setting} does not work in a Worker: ${why}.`, 'Remove it, or use --target docker.');
