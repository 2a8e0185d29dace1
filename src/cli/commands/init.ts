import { existsSync } from 'node:fs';
import { CLIENT_NAMES, CLIENTS, type ClientName } from '../../install/clients.ts';
import { withApiDefaults } from '../../options/api-defaults.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { carriesSecret } from '../../parse/public-address.ts';
import type { OpenedApi } from '../../proxy.ts';
import type { Mode } from '../../runtime/fit/list-modes.ts';
import { namespaceOf } from '../../runtime/namespace-form.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { runProxyOptions } from '../flags/proxy-options.ts';
import { counted } from '../output/counted.ts';
import { type CommandError, EXIT, type ExitCode, print, printResult, tell, usageError } from '../output/report.ts';
import { startReport, startReportLines } from '../output/start-report.ts';
import { writeTextFile } from '../output/write-text-file.ts';
import { places } from '../process/places.ts';
import { openDocument } from '../targets/open-document.ts';
import { CONFIG_FILE, checkFree, configText, ENV_EXAMPLE, envExample, keepsEnvExample } from './init-files.ts';
import type { Choice } from './init-questions.ts';
import { type InstalledTarget, installedLines, installTarget, knownClient } from './install.ts';
import { type InspectedTokens, tokenCounter, tokenLines } from './list-tokens.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { BUDGET } from './run-words.ts';

type Line = CommandLine<FlagsOf<'init'>>;
type Questions = typeof import('./init-questions.ts').questions;

/** The output of `init`; with `--json`, exactly this. */
interface Initialised {
  readonly name: string;
  /** As the config file refers to the document. */
  readonly spec: string;
  readonly tools: number;
  readonly problems: number;
  readonly tokens: InspectedTokens;
  /** Files that were written, or would be. */
  readonly files: readonly string[];
  readonly installed: InstalledTarget['installed'];
}

/** `openapi-mcp init`: from a document, or the address of an API, to a config file that clients can start. */
export async function init(document: string | undefined, line: Line): Promise<ExitCode> {
  const { flags } = line;
  checkFree(flags.overwrite);
  refuseSecrets(flags);
  flags.client.forEach(knownClient);
  const ask = await questionsFor(flags);
  const address = document ?? (await addressFrom(ask));
  if (carriesSecret(address)) throw secretInAddress();
  const environment = readEnvironment(flags.envFile);
  const api = await openDocument(address, runProxyOptions(withApiDefaults(flags), environment), { purpose: 'inspect' });
  const tokens = await tokensOf(api);
  if (!flags.json) for (const text of foundLines(api, tokens)) tell(text);
  const chosen = await choicesFrom(api, tokens, line, ask);
  await api.provider.close();
  const spec = specOf(address, api);
  const example = envExample(api);
  const namespace = namespaceOf(api.model.name);
  const config = await configText({ spec, namespace, options: chosen, needsCredentials: example !== '' });
  const files = writeFiles(config, example, flags);
  const installed = flags.dryRun ? undefined : await installChosen(line, ask);
  const done: Initialised = {
    name: api.model.name,
    spec,
    tools: api.model.operations.filter(({ tool }) => tool).length,
    problems: api.problems.length,
    tokens,
    files,
    installed: installed?.installed ?? [],
  };
  printResult(flags.json, done, () => (flags.dryRun ? [] : doneLines(done, installed, api)));
  return EXIT.ok;
}

async function questionsFor({ yes, json }: FlagsOf<'init'>): Promise<Questions | undefined> {
  if (yes) return undefined;
  if (process.stdin.isTTY && process.stderr.isTTY && !json) return (await import('./init-questions.ts')).questions;
  throw usageError(
    'init asks questions, but there is no terminal to ask on.',
    'Pass --yes to take the defaults. Every answer is also an option: openapi-mcp init --help',
  );
}

async function addressFrom(ask: Questions | undefined): Promise<string> {
  if (ask) return (await ask.text('Where is the OpenAPI document, or the API?', 'http://localhost:8000')).trim();
  throw usageError('No document given.', 'Pass the file or URL of an OpenAPI document, or the URL of a running API.');
}

const secretInAddress = (): CommandError =>
  usageError(
    'The URL has a query or credentials, which may be secret and would be written to the config file.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    "Pass the URL without them, and a header: --document-header 'Authorization: Bearer ${TOKEN}'.",
  );

async function tokensOf({ provider }: OpenedApi): Promise<InspectedTokens> {
  const counter = await tokenCounter({ exact: false, budget: BUDGET });
  const tools = await provider.listTools({});
  return counter.inspected(
    provider,
    tools.map((tool) => ({ tokens: counter.of(tool) })),
  );
}

function foundLines(api: OpenedApi, tokens: InspectedTokens): string[] {
  const { error, warning } = countsOf(api);
  const problems =
    error + warning > 0
      ? [`${counted(error, 'error')}, ${counted(warning, 'warning')}: openapi-mcp lint shows them`]
      : [];
  return [...startReportLines(startReport(api), 'info'), ...problems, ...tokenLines(tokens)];
}

const countsOf = ({ problems }: OpenedApi) => ({
  error: problems.filter(({ severity }) => severity === 'error').length,
  warning: problems.filter(({ severity }) => severity === 'warning').length,
});

/** The options of the command line, with the answers to what it does not say. */
async function choicesFrom(
  api: OpenedApi,
  tokens: InspectedTokens,
  { given }: Line,
  ask: Questions | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const { json: _, dryRun: __, ...options } = given;
  const filter = ask && !FILTERS.some((name) => name in given) ? await askFilter(ask, api) : {};
  const mode = given.mode === undefined ? await modeFrom(tokens, ask) : undefined;
  const envFile = given.envFile === undefined && existsSync('.env') ? { envFile: '.env' } : {};
  return { ...options, ...filter, ...(mode !== undefined && mode !== 'tools' && { mode }), ...envFile };
}

const FILTERS = ['include', 'exclude', 'route', 'readOnly'];

async function askFilter(ask: Questions, { model }: OpenedApi): Promise<Readonly<Record<string, unknown>>> {
  const { operations } = model;
  const reading = operations.filter(({ request }) => request.method === 'GET').length;
  const tags = [...new Set(operations.flatMap(({ origin }) => origin.tags))];
  const answer = await ask.one('Which operations may the assistant use?', [
    { value: 'all', label: `all ${operations.length}` },
    { value: 'read', label: 'only those that change nothing', hint: `${reading} of ${operations.length} are GET` },
    ...(tags.length > 1 ? [{ value: 'tags', label: 'choose by tag' } as const] : []),
  ]);
  if (answer === 'read') return { readOnly: true };
  if (answer !== 'tags') return {};
  const chosen = await ask.several(
    'Tags',
    tags.map((tag) => ({ value: tag, label: tag })),
  );
  return chosen.length > 0 ? { include: chosen.map((tag) => `tag:${tag}`) } : {};
}

/** All tools, as long as they fit. */
async function modeFrom({ total, modes }: InspectedTokens, ask: Questions | undefined): Promise<Mode | 'auto'> {
  if (total.model <= BUDGET || modes === undefined) return 'tools';
  if (!ask) return 'auto';
  const choices: Choice<Mode | 'auto'>[] = [
    { value: 'auto', label: 'auto', hint: `what fits into ${BUDGET} tokens` },
    // The keys are those of the costs.
    ...(Object.entries(modes) as [Mode, (typeof modes)[Mode]][]).map(([value, { model }]) => ({
      value,
      label: value,
      hint: `about ${model} tokens`,
    })),
  ];
  return ask.one(`All tools cost a model about ${total.model} tokens. How are they listed?`, choices);
}

/** A URL of the API itself is replaced by that of the document. */
function specOf(address: string, { document, model }: OpenedApi): string {
  return /^https?:/i.test(address) ? (document.url ?? model.documentUrl ?? address) : address;
}

function writeFiles(config: string, example: string, { overwrite, dryRun, json }: FlagsOf<'init'>): readonly string[] {
  const files: [name: string, text: string][] = [[CONFIG_FILE, config]];
  if (example !== '' && !keepsEnvExample(overwrite)) files.push([ENV_EXAMPLE, example]);
  for (const [name, text] of files) {
    if (!dryRun) writeTextFile(name, text, 'init');
    else if (!json) print(`# ${name}\n${text}`);
  }
  return files.map(([name]) => name);
}

async function installChosen({ flags, given }: Line, ask: Questions | undefined): Promise<InstalledTarget | undefined> {
  const client = flags.client.length > 0 ? flags.client : await clientsFrom(ask);
  if (client.length === 0) return undefined;
  const { project, json, dryRun } = flags;
  const own = { client, project, json, dryRun, as: undefined, env: [], configPath: undefined, replace: false };
  // Everything else is in the config file now.
  const inFile = { ...withApiDefaults({}), ...own };
  const kept = Object.fromEntries(Object.entries(given).filter(([name]) => name === 'profile'));
  return installTarget(
    { targets: [], command: undefined },
    { flags: inFile as unknown as FlagsOf<'install'>, given: kept },
  );
}

async function clientsFrom(ask: Questions | undefined): Promise<readonly ClientName[]> {
  if (!ask) return [];
  const present = CLIENT_NAMES.filter((name) => {
    const path = CLIENTS[name].paths.user?.(places());
    return path !== undefined && existsSync(path);
  });
  const choices = CLIENT_NAMES.map((value) => ({
    value,
    label: CLIENTS[value].title,
    ...(present.includes(value) && { hint: 'has a config file' }),
  }));
  return ask.several('Add it to', choices);
}

function doneLines(done: Initialised, installed: InstalledTarget | undefined, api: OpenedApi): string[] {
  const missing = api.credentials.filter(({ found, variables }) => !found && variables.length > 0);
  const tool = api.model.operations.find(
    (operation) => operation.tool && operation.arguments.required.length === 0,
  )?.tool;
  return [
    ...done.files.map((file) => `Wrote ${file}`),
    ...(installed?.installed.flatMap((each) => installedLines(each, installed.tools)) ?? []),
    ...(installed?.notes ?? []),
    'Next:',
    ...(missing.length > 0
      ? [`  cp ${ENV_EXAMPLE} .env     # set the credentials there, and uncomment envFile in ${CONFIG_FILE}`]
      : []),
    ...(tool ? [`  openapi-mcp call . ${tool.name}`] : ['  openapi-mcp list']),
    ...(done.installed.length === 0 ? ['  openapi-mcp install --client <name>'] : []),
  ];
}
