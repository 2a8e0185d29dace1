import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DocumentError } from '../parse/api-document.ts';
import { parseText } from '../parse/parse-text.ts';
import type { Problem } from '../problems.ts';
import { codeOf } from '../runtime/errors.ts';
import { isRecord } from '../runtime/is-record.ts';
import { ConfigError } from './config-error.ts';
import { CONFIG, type ConfigValue } from './config-spec.ts';
import { fillVariables, type Variables } from './fill-variables.ts';
import { blaming, loadModule } from './load-module.ts';
import { type FilledIn, type Mistake, type NamedFile, readValue } from './read-value.ts';
import { shownPath } from './shown-path.ts';

export interface LoadConfigOptions {
  /** The environment, plus the variables in the config's `envFile`. */
  readonly variables: (envFile: string | undefined) => Variables;
  /** Where to cache compiled TypeScript; `undefined`: nowhere. */
  readonly cacheFolder: string | undefined;
}

export interface LoadedConfig {
  /** Validated; variables filled in, paths absolute. */
  readonly config: ConfigValue;
  readonly variables: Variables;
  /** Variable values that may be secret, with the path where each was filled in. */
  readonly secrets: readonly FilledIn[];
  /** Every file that it names, except documents on the network. */
  readonly files: readonly NamedFile[];
  /** As in the file: variables not filled in, paths relative. */
  readonly written: unknown;
  /** The absolute path of the file. */
  readonly path: string;
}

/**
 * Reads and validates a config file.
 *
 * @throws ConfigError with every error and its path, ModuleError if a program fails
 */
export async function loadConfig(file: string, options: LoadConfigOptions): Promise<LoadedConfig> {
  const path = resolve(file);
  const written = await readWritten(path, options.cacheFolder);
  const folder = dirname(path);
  const variables = options.variables(envFileOf(written, folder, options));
  const { value, secrets, files, mistakes } = readValue(written, CONFIG, {
    variables,
    pathOf: (named) => resolve(folder, named),
  });
  const all = [...mistakes, ...contradictions(value)];
  if (all.length > 0) throw new ConfigError(path, all);
  // Without errors, the value has the type of the spec.
  return { config: value as ConfigValue, variables, secrets, files, written, path };
}

/** The config names its `envFile`, so variables in that path come from the environment. */
function envFileOf(written: unknown, folder: string, { variables }: LoadConfigOptions): string | undefined {
  const { envFile } = record(written);
  if (typeof envFile !== 'string') return undefined;
  const { text, mistakes } = fillVariables(envFile, variables(undefined));
  // Errors in it are reported together with all others.
  return mistakes.length > 0 ? undefined : resolve(folder, text);
}

/** Whether reading the config means running it. */
export const isProgram = (path: string): boolean => !/\.(?:json|ya?ml)$/i.test(path);

async function readWritten(path: string, cacheFolder: string | undefined): Promise<unknown> {
  if (isProgram(path)) return readProgram(path, cacheFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = String(codeOf(error) ?? error);
    throw new ConfigError(path, [at('the config', `cannot be read (${code})`)]);
  }
  try {
    const { value, problems } = await parseText(text, shownPath(path));
    // Allow comments and trailing commas, but reject text that was repaired or dropped.
    const all = [...problems, ...(await repeatedKeys(text, path))];
    const lost = all.filter(({ code }) => code === 'DUPLICATE_KEY' || code === 'BROKEN_YAML');
    if (lost.length > 0)
      throw new ConfigError(
        path,
        lost.map(({ message }) => at('the config', `cannot be used: ${message}`)),
      );
    return value;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    throw new ConfigError(path, [at('the config', `cannot be used: ${error.message}`)]);
  }
}

/** `JSON.parse` silently takes the last of two equal keys. The YAML parser, which also reads JSON, reports them. */
async function repeatedKeys(text: string, path: string): Promise<readonly Problem[]> {
  if (!/^\s*\{/.test(text)) return [];
  const { yamlToJson } = await import('../parse/yaml-to-json.ts');
  try {
    const { problems } = await yamlToJson(text, path);
    return problems.filter(({ code }) => code === 'DUPLICATE_KEY');
  } catch {
    // With JavaScript comments it is not valid YAML, but it has already been parsed as JSON.
    return [];
  }
}

/** The default export: a config, a promise of one, or a function that returns one. */
async function readProgram(path: string, cacheFolder: string | undefined): Promise<unknown> {
  const exports = await loadModule(path, { cacheFolder });
  const written = Object.hasOwn(exports, 'default') ? exports.default : undefined;
  if (written === undefined) throw new ConfigError(path, [at('the config', 'has no default export')]);
  return blaming(path, () => (typeof written === 'function' ? written() : written));
}

/** Checks that span several entries. Values that were found invalid are absent here. */
function contradictions(value: unknown): readonly Mistake[] {
  const config = record(value);
  const parts = ['apis', 'servers', 'modules'].flatMap((section) =>
    Object.keys(record(config[section])).map((name) => ({ section, name })),
  );
  if (parts.length === 0 && isRecord(value) && config.setup === undefined) {
    return [at('the config', 'serves nothing. Add apis, servers, modules or a setup')];
  }
  const twice = parts.flatMap(({ section, name }, index) => {
    const other = parts.slice(0, index).find((part) => part.name === name);
    return other ? [at(`${section}.${name}`, `has the same namespace as ${other.section}.${name}. Rename one`)] : [];
  });
  const servers = Object.entries(record(config.servers));
  return [...twice, ...servers.flatMap(([name, server]) => serverMistakes(`servers.${name}`, server))];
}

function serverMistakes(place: string, server: unknown): readonly Mistake[] {
  if (!isRecord(server)) return [];
  const { url, command, type } = server;
  if ((url === undefined) === (command === undefined)) {
    return [at(place, url === undefined ? 'has neither a command nor a url' : 'has both a command and a url')];
  }
  const kind = url === undefined ? 'is started by a command' : 'is at a url';
  const wrong = (url === undefined ? HTTP_ONLY : STDIO_ONLY).filter((key) => server[key] !== undefined);
  const isWebUrl = typeof url !== 'string' || /^https?:/i.test(url);
  const isOtherType = type !== undefined && (type === 'stdio') !== (url === undefined);
  return [
    ...wrong.map((key) => at(`${place}.${key}`, `does not apply: the server ${kind}`)),
    ...(isWebUrl ? [] : [at(`${place}.url`, 'must start with http:// or https://')]),
    ...(isOtherType ? [at(`${place}.type`, `is "${type}", but the server ${kind}`)] : []),
  ];
}

const HTTP_ONLY = ['headers'] as const;
const STDIO_ONLY = ['args', 'env', 'cwd'] as const;

const at = (path: string, message: string): Mistake => ({ path, message, isMissingVariable: false });

const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
