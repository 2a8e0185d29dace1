import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENT_NAMES, CLIENTS, type ClientName, isClientName } from '../../install/clients.ts';
import { applyInstall, type Installation, type InstallPlace, planInstall } from '../../install/installation.ts';
import type { Entry, ServerCommand } from '../../install/server-command.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { PACKAGE_ROOT } from '../../package-root.ts';
import { stateFolder } from '../../runtime/node/state-folder.ts';
import { suggestion } from '../../runtime/text/nearest.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { counted } from '../output/counted.ts';
import { forTerminal } from '../output/for-terminal.ts';
import { stdout } from '../output/free-stdout.ts';
import { type CommandError, EXIT, type ExitCode, printResult, tell, usageError } from '../output/report.ts';
import { places } from '../process/places.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { openOnce } from '../targets/open-once.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { addressesIn, refuseSecrets } from './refuse-secrets.ts';
import { runWords } from './run-words.ts';

type Line = CommandLine<FlagsOf<'install'>>;

/** What `install` did for one client; with `--json`, a list of these. */
export interface Installed {
  readonly client: ClientName | 'mcp-json';
  readonly name: string;
  readonly entry: Entry;
  /** The config file; `null` for `mcp-json`. */
  readonly path: string | null;
  readonly changed: boolean;
  /** The copy of the file as it was; `null` if there is none. */
  readonly backup: string | null;
  /** A URL that makes the client offer the installation; `null` if it takes none. */
  readonly link: string | null;
}

/** `openapi-mcp install`: adds the target to the config files of MCP clients, which then start it. */
export async function install(words: TargetWords, line: Line): Promise<ExitCode> {
  const { flags } = line;
  const { installed, tools, notes } = await installTarget(words, line);
  printResult(flags.json, installed, () =>
    flags.dryRun ? [] : installed.flatMap((each) => installedLines(each, tools)),
  );
  for (const text of notes) tell(text);
  return EXIT.ok;
}

export interface InstalledTarget {
  readonly installed: readonly Installed[];
  /** Number of tools. */
  readonly tools: number;
  /** What the user still has to do. */
  readonly notes: readonly string[];
}

export async function installTarget(words: TargetWords, line: Line): Promise<InstalledTarget> {
  const { flags } = line;
  const clients = clientsOf(flags);
  const target = describeTarget(words);
  refuseSecrets(flags, addressesIn(target));
  // What cannot be opened cannot be started by a client either.
  const opened = await openOnce(target, line, { purpose: 'call' });
  const tools = await opened.provider.listTools({});
  await opened.provider.close();
  const name = serverName(flags.as, opened);
  const server: Omit<ServerCommand, 'args'> = { name, command: process.execPath, variables: flags.env };
  const entryFile = fileURLToPath(new URL('dist/bin/openapi-mcp.js', PACKAGE_ROOT));
  const installed: Installed[] = [];
  for (const client of clients) {
    const args = [entryFile, 'run', ...runWords(target, line, client === 'mcp-json' ? undefined : CLIENTS[client])];
    installed.push(await installIn(client, { ...server, args }, flags));
  }
  return { installed, tools: tools.length, notes: [...credentialNotes(opened, flags), ...ephemeralNote(entryFile)] };
}

async function installIn(
  client: ClientName | 'mcp-json',
  server: ServerCommand,
  flags: FlagsOf<'install'>,
): Promise<Installed> {
  const { name } = server;
  if (client === 'mcp-json') {
    const { command, args, variables } = server;
    const env = Object.fromEntries(variables.map((variable) => [variable, `\${${variable}}`]));
    const entry = { command, args, ...(variables.length > 0 && { env }) };
    return { client, name, entry, path: null, changed: false, backup: null, link: null };
  }
  const place = installPlace(client, name, flags);
  const { reference, title, entry: entryOf, link } = place.client;
  if (server.variables.length > 0 && !reference) throw noReferences(title);
  const entry = entryOf(server);
  const plan = await planInstall(place, entry);
  if (plan.foreign && !flags.replace) throw nameTaken(name, place.path);
  const changed = plan.before !== plan.after;
  if (flags.dryRun && !flags.json) await printDiff(plan);
  const backup = flags.dryRun ? undefined : await applyInstall(place, plan);
  return { client, name, entry, path: place.path, changed, backup: backup ?? null, link: link?.(name, entry) ?? null };
}

/** @throws CommandError if the client has no such config file */
export function installPlace(
  client: ClientName,
  name: string,
  { project, configPath }: Partial<Pick<FlagsOf<'install'>, 'project' | 'configPath'>>,
): InstallPlace {
  const { paths, title } = CLIENTS[client];
  const path = configPath === undefined ? paths[project ? 'project' : 'user']?.(places()) : resolve(configPath);
  if (path === undefined) {
    throw usageError(`${title} has no config file for a project.`, 'Leave out --project.');
  }
  const own = project && configPath === undefined ? { project: process.cwd() } : {};
  return {
    client: CLIENTS[client],
    path,
    ...own,
    name,
    backups: stateFolder(process.env, process.platform, 'installations'),
  };
}

const ALL_CLIENTS = [...CLIENT_NAMES, 'mcp-json'];

function clientsOf({ client, configPath }: FlagsOf<'install'>): readonly (ClientName | 'mcp-json')[] {
  if (client.length === 0) {
    throw usageError('No client given.', `Pass --client: ${ALL_CLIENTS.join(', ')}.`);
  }
  if (configPath !== undefined && client.length > 1) {
    throw usageError('--config-path is the file of one client.', 'Pass one --client.');
  }
  return client.map(knownClient);
}

/** @throws CommandError for unknown names */
export function knownClient(text: string): ClientName | 'mcp-json' {
  if (isClientName(text) || text === 'mcp-json') return text;
  throw usageError(`--client: "${text}" is not a known client.`, suggestion(text, ALL_CLIENTS));
}

function serverName(given: string | undefined, opened: OpenedTarget): string {
  if (given === undefined) return derivedName(opened) || 'openapi-mcp';
  if (/^[A-Za-z0-9_-]{1,64}$/.test(given)) return given;
  throw usageError(`--as: "${given}" cannot be the name of a server.`, 'Use letters, digits, "-" and "_".');
}

/**
 * The name of the server; a config file without one has that of its only API, or of its folder. Lower case, without "-"
 * at its ends.
 */
export function derivedName({ provider, target, apis }: OpenedTarget): string {
  const { name } = provider.info;
  const derived = target.kind === 'config' && name === 'openapi-mcp' ? configName(target.path, apis) : name;
  return derived
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

function configName(path: string, [only, ...others]: OpenedTarget['apis']): string {
  return only && others.length === 0 ? only.api.model.name : basename(dirname(resolve(path)));
}

export function installedLines(
  { client, name, path, changed, backup, link, entry }: Installed,
  tools: number,
): string[] {
  if (client === 'mcp-json') return [JSON.stringify({ mcpServers: { [name]: entry } }, null, 2)];
  const { title, reload } = CLIENTS[client];
  return [
    changed ? `Added "${name}" (${counted(tools, 'tool')}) to ${title}: ${path}` : `"${name}" is already in ${path}`,
    ...(backup === null ? [] : [`The file as it was: ${backup}`]),
    ...(changed ? [reload] : []),
    ...(link === null ? [] : [`Link that installs it: ${link}`]),
  ];
}

/** Which variables the server needs that the client may not have. */
function credentialNotes({ apis }: OpenedTarget, { env, envFile }: FlagsOf<'install'>): string[] {
  const passed = new Set(env);
  return apis.flatMap(({ api }) =>
    api.credentials.flatMap(({ scheme, variables, alternatives, found, set, login }) => {
      if (login || variables.length === 0) return [];
      if (!found) {
        const needed = alternatives.map((each) => each.join(' and ')).join(', or ');
        return [`"${scheme}" needs a credential: set ${needed} in a file and pass it with --env-file.`];
      }
      const isOfShell = (variable: string) => process.env[variable] !== undefined && !passed.has(variable);
      const fromShell = set.filter((variable) => variables.includes(variable) && isOfShell(variable));
      if (envFile !== undefined || fromShell.length === 0) return [];
      return [`${fromShell.join(', ')} is set here, but the client may not have it. Pass it with --env-file or --env.`];
    }),
  );
}

/** npx cleans its cache. */
const ephemeralNote = (entryFile: string): string[] =>
  /[\\/]_npx[\\/]/.test(entryFile)
    ? [
        `The client will start ${entryFile}, which is in the cache of npx. Install the packed package to keep it: npm install --global <file>.tgz`,
      ]
    : [];

/** What would change in the config file of a client. */
export async function printDiff({ path, before, after }: Installation): Promise<void> {
  const { lineDiff } = await import('../../emit/text/line-diff.ts');
  stdout.write(forTerminal(lineDiff(path.replace(/^\//, ''), before, after), stdout));
}

const noReferences = (title: string): CommandError =>
  usageError(
    `--env: the config file of ${title} cannot refer to environment variables.`,
    'Put the values into a file and pass it with --env-file.',
  );

const nameTaken = (name: string, path: string): CommandError =>
  usageError(
    `${path} already has a server "${name}" that openapi-mcp did not install.`,
    'Choose another name with --as, or replace it with --replace.',
  );
