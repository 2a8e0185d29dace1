import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { bundleDocument } from '../../bundle-document.ts';
import { ConfigError } from '../../config/config-error.ts';
import { CONFIG, type ConfigValue } from '../../config/config-spec.ts';
import { literalSecrets } from '../../config/literal-secrets.ts';
import { isProgram, loadConfig } from '../../config/load-config.ts';
import { type NamedFile, readValue } from '../../config/read-value.ts';
import { withApiDefaults } from '../../options/api-defaults.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { flagName, longFlag } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import { oneLine, type PackSource, packedConfig } from '../../pack/index.ts';
import { carriesSecret } from '../../parse/public-address.ts';
import { isRecord } from '../../runtime/is-record.ts';
import { namespaceOf } from '../../runtime/namespace-form.ts';
import { tagsOf } from '../../runtime/origin-meta.ts';
import { VERSION } from '../../version.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { type Environment, readEnvironment } from '../flags/environment.ts';
import { flagsOfEach } from '../flags/flags-of-each.ts';
import { usageError } from '../output/report.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { openOnce } from '../targets/open-once.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { type Target, targetLabel } from '../targets/target.ts';
import { derivedName } from './install.ts';
import { packName, published, semanticVersion } from './pack-names.ts';
import { packedProject } from './pack-project.ts';
import { packVariables } from './pack-variables.ts';
import { withOriginRules } from './packed-origins.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { literalText, writtenConfig } from './written-config.ts';

type Line = CommandLine<FlagsOf<'pack'>>;

/**
 * Reads a target and everything that it names.
 *
 * @throws CommandError if it has a part that a pack cannot contain, or a secret; and the errors of opening it
 */
export async function readPackSource(words: TargetWords, line: Line): Promise<PackSource> {
  const target = describeTarget(words);
  refuseUnpackable(target, line);
  refuseSecrets(line.flags);
  const environment = readEnvironment(line.flags.envFile);
  // Checked before anything of it runs.
  const file = target.kind === 'config' ? checked(await readConfig(target.path, line), line) : undefined;
  // What cannot be opened here cannot be served elsewhere either.
  const opened = await openOnce(target, line, { purpose: 'call', environment });
  try {
    const read = file ?? checked(readFlags(opened, line, environment), line);
    const { written, documents, certificates } = await readFiles(read, environment);
    const modules = read.files.filter(({ path }) => MODULE_FILE.test(path));
    const project = modules.length === 0 ? undefined : packedProject(modules, line.flags.out);
    const info = packedInfo(opened, read.config);
    const { config, files } = packedConfig({
      written: { ...infoKeys(info), ...withOriginRules(written, opened.apis) },
      documents,
      certificates,
      modules: project?.paths ?? new Map(),
    });
    const tools = await opened.provider.listTools({});
    const { name, scope } = packName(line.flags.as, derivedName(opened));
    return {
      name,
      ...(scope !== undefined && { scope }),
      title: oneLine(info.title ?? '') || name,
      version: semanticVersion(info.version),
      description: oneLine(info.description ?? '') || `The tools of ${oneLine(info.title ?? '') || name}.`,
      tools: tools.map((tool) => ({
        name: tool.name,
        description: oneLine(tool.description ?? ''),
        ...(tagsOf(tool)[0] !== undefined && { tag: oneLine(tagsOf(tool)[0] ?? '') }),
      })),
      variables: packVariables(opened.apis, written),
      config,
      models: modelsOf(written, opened.apis),
      files: [...files, ...(project?.files ?? [])],
      ...(project && { project: { lock: project.lock } }),
      programVersion: VERSION,
      published: published(line.flags),
    };
  } finally {
    await opened.provider.close();
  }
}

/** An image is built where npm can install packages; other packs run as they are. */
const holdsCode = ({ flags }: Line): boolean => flags.target.every((name) => name === 'docker');

/** Everything is in the pack, so there is nothing that reads commands or stdin, and code only in an image. */
function refuseUnpackable(target: Target, line: Line): void {
  const label = targetLabel(target);
  const fix = 'Pass OpenAPI documents, or a config file in YAML or JSON.';
  switch (target.kind) {
    case 'module':
      if (holdsCode(line)) return;
      throw usageError(
        `${label} is code, which needs the packages that it imports.`,
        `${fix} Or use --target docker alone, whose image installs them.`,
      );
    case 'command':
      throw usageError(`A pack does not contain the program "${label}".`, fix);
    case 'url':
      throw usageError(
        `${label} is a server that runs elsewhere: there is nothing to pack.`,
        `${fix} Or name it in the config file, under servers.`,
      );
    case 'document':
      if (target.document === '-')
        throw usageError('A pack is not made from stdin.', 'Pass the document as a file or URL.');
      if (carriesSecret(target.document)) {
        throw usageError(
          `The URL of ${label} has a query or credentials, which may be a secret.`,
          // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
          "Pass the URL without them, and a header: --document-header 'Authorization: Bearer ${TOKEN}'.",
        );
      }
      return;
    case 'several':
      for (const part of target.parts) refuseUnpackable(part.target, line);
      return;
    case 'config':
      if (isProgram(target.path))
        throw usageError(`${label} is a program, which may import anything.`, 'Write the config in YAML or JSON.');
      refuseOptions(line.given);
  }
}

/** Options of what is served belong in the file, which is packed. */
function refuseOptions(given: Line['given']): void {
  const row = OPTIONS.find((each) => given[flagName(each)] !== undefined && each.config && !OWN.has(longFlag(each)));
  if (row === undefined) return;
  throw usageError(
    `${longFlag(row)} would not be in the pack of a config file.`,
    `Write it into the file: ${row.config?.key}.`,
  );
}

const OWN = new Set(['--json', '--env-file', '--no-cache']);

interface ReadConfig {
  /** Variables not filled in. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Variables filled in. */
  readonly config: ConfigValue;
  readonly files: readonly NamedFile[];
}

async function readConfig(path: string, { flags }: Line): Promise<ReadConfig> {
  const { written, config, files } = await loadConfig(path, {
    variables: (envFile) => readEnvironment(flags.envFile ?? envFile, flags.envFile ? '--env-file' : 'envFile'),
    cacheFolder: undefined,
  });
  return { written: isRecord(written) ? written : {}, config, files };
}

/** The config file that says what the command line does. */
function readFlags({ target, provider }: OpenedTarget, line: Line, environment: Environment): ReadConfig {
  const parts = partsOf(target, namespaceOf(provider.info.name) || 'api');
  const flags = withApiDefaults(line.flags);
  const each = flagsOfEach(
    parts.map(({ namespace }) => namespace),
    { flags, given: line.given },
  );
  const { json: _, ...whole } = line.given;
  const optionsOf = (namespace: string) => each.get(namespace)?.given ?? whole;
  const documents = parts.flatMap(({ namespace, target: part }) =>
    part.kind === 'document' ? [{ namespace, spec: part.document, options: optionsOf(namespace) }] : [],
  );
  const modules = parts.flatMap(({ namespace, target: part }) =>
    part.kind === 'module' ? [{ namespace, path: part.path, options: optionsOf(namespace) }] : [],
  );
  const written = {
    ...writtenConfig(documents, modules),
    // A module alone has its own names.
    ...(target.kind === 'module' && { prefix: false }),
  };
  const { value, files, mistakes } = readValue(written, CONFIG, {
    variables: environment,
    pathOf: (named) => resolve(named),
  });
  if (mistakes.length > 0) throw new ConfigError('the command line', mistakes);
  // Without errors, the value has the type of the spec.
  return { written, config: value as ConfigValue, files };
}

const partsOf = (target: Target, alone: string) =>
  target.kind === 'several' ? target.parts : [{ namespace: alone, target }];

/** @throws CommandError if the config names what a pack cannot contain */
function checked(read: ReadConfig, line: Line): ReadConfig {
  const { written, config, files } = read;
  const [secret] = literalSecrets(written);
  if (secret !== undefined) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    throw usageError(`${secret} may be a secret, and would be readable in the pack.`, 'Write ${VARIABLE} instead.');
  }
  const [command] = Object.entries(config.servers ?? {}).flatMap(([name, server]) => (server.command ? [name] : []));
  if (command !== undefined) {
    throw usageError(
      `servers.${command} is started by a command, which a pack does not contain.`,
      'Remove it, or run it as a server with a URL.',
    );
  }
  const isCode = (path: string) => MODULE_FILE.test(path);
  const outside = files.find(
    ({ path }) => !PACKED_FILE.test(path) && path !== 'envFile' && !(isCode(path) && holdsCode(line)),
  );
  if (outside === undefined) return read;
  const file = relative(process.cwd(), outside.file);
  throw usageError(
    `${outside.path} names ${file}, which a pack does not contain: only documents, overlays and CA certificates.`,
    isCode(outside.path) ? 'Remove it, or use --target docker alone.' : 'Remove it.',
  );
}

/** A key that the user chose, in a place such as `apis.pets.spec`. */
const KEY = String.raw`(?:\.[^.[]+|\["[^"]+"\])`;
const PACKED_FILE = new RegExp(String.raw`^apis${KEY}\.(?:spec|overlays\[\d+\]|ca\[\d+\])$`);
/** Modules of the user, and those of credentials. */
const MODULE_FILE = new RegExp(
  String.raw`^(?:setup|modules${KEY}\.path|apis${KEY}\.auth${KEY}\.(?:module|perCaller))$`,
);

async function readFiles({ written, config }: ReadConfig, environment: Environment) {
  const documents = new Map<string, unknown>();
  const certificates = new Map<string, readonly string[]>();
  for (const [
    namespace,
    { spec, overlays = [], documentHeaders = {}, allowRemoteRefs = false, ca = [] },
  ] of Object.entries(config.apis ?? {})) {
    const options = { overlays, documentHeaders, allowRemoteRefs, ca, environment };
    documents.set(namespace, await bundleDocument(spec, options));
    certificates.set(
      namespace,
      ca.map((file) => readFileSync(resolve(file), 'utf8')),
    );
  }
  return { written, documents, certificates };
}

/** What a config file does not say about its server, its only API does. */
function packedInfo({ provider: { info }, apis }: OpenedTarget, given: ConfigValue): Info {
  const [only, ...others] = apis;
  if (!only || others.length > 0) return info;
  const { name: _, instructions: __, ...ofApi } = only.api.provider.info;
  return { ...ofApi, ...info, ...(given.version === undefined && { version: ofApi.version }) };
}

/** By the namespaces of the config. Without a prefix, there is only one. */
function modelsOf({ apis = {} }: Readonly<Record<string, unknown>>, opened: OpenedTarget['apis']) {
  const namespaces = Object.keys(isRecord(apis) ? apis : {});
  const models = opened.map(({ namespace = namespaces[0] ?? '', api }) => [namespace, api.model] as const);
  return Object.fromEntries(models);
}

type Info = OpenedTarget['provider']['info'];

const infoKeys = ({ name, title, version, description, instructions }: Info) => ({
  name: literalText(name),
  ...(title !== undefined && { title: literalText(title) }),
  version: literalText(version),
  ...(description !== undefined && { description: literalText(description) }),
  ...(instructions !== undefined && { instructions: literalText(instructions) }),
});
