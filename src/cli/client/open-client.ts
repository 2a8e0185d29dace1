import { readFileSync } from 'node:fs';
import { type ClientTarget, type ConnectOptions, connect, type McpClient } from '../../client/index.ts';
import { DocumentError } from '../../parse/api-document.ts';
import type { ElicitAnswer, ElicitRequest } from '../../runtime/provider.ts';
import { readEnvironment } from '../environment.ts';
import type { ApiFlags } from '../options.ts';
import { type CommandLine, withApiDefaults } from '../options.ts';
import { CommandError, EXIT, tell } from '../report.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { type OpenedTarget, openTarget } from '../targets/open-target.ts';
import { serverAddress } from '../targets/server-address.ts';
import type { Target } from '../targets/target.ts';
import { ask } from './ask.ts';
import { endingOf } from './ending.ts';
import type { ProgressLine } from './progress-line.ts';

/** Who is at the terminal. */
export interface Person {
  readonly progress: ProgressLine;
  readonly interrupt: () => void;
}

export interface OpenClient {
  readonly client: McpClient;
  /** How a person would write the target again. */
  readonly targetText: string;
  close(): Promise<void>;
}

/**
 * Opens the target that the command line names, and connects to it as an MCP client does: a server by URL or command is
 * connected to, anything else is opened in this process.
 *
 * @throws CommandError, and what opening the target throws.
 */
export async function openClient(
  words: TargetWords,
  line: CommandLine<Partial<ApiFlags>>,
  person: Person,
): Promise<OpenClient> {
  const target = describeTarget(words);
  const flags = withApiDefaults(line.flags);
  const environment = readEnvironment(flags.envFile);
  const targetText = words.command ? `-- ${words.command.join(' ')}` : words.targets.join(' ');
  if (isServer(target) && Object.keys(line.given).every((name) => CONNECTION_FLAGS.includes(name))) {
    const address = serverAddress(target, { flags, environment });
    const timeoutMs = line.given.timeout === undefined ? PATIENCE_MS : flags.timeout * 1000;
    const client = await connected(address, timeoutMs, person);
    return { client, targetText, close: () => client.close() };
  }
  const { provider, apis } = await openTarget(target, { flags, given: line.given, environment, onError }).catch(
    (error) => otherwise(target, error),
  );
  for (const { api } of apis) for (const notice of api.notices) tell(notice);
  const client = await connected({ provider }, PATIENCE_MS, person);
  return {
    client,
    targetText,
    async close() {
      await client.close();
      await provider.close();
    },
  };
}

/** What is no document may be the configuration of an MCP client, or a server that was meant. @throws what else it is */
async function otherwise(target: Target, error: unknown): Promise<Pick<OpenedTarget, 'provider' | 'apis'>> {
  if (!(error instanceof DocumentError) || target.kind !== 'document') throw error;
  if (/^https?:/i.test(target.document)) {
    const exit = error.kind === 'network' ? EXIT.network : EXIT.document;
    const meant = `For an MCP server write mcp+${error.location}`;
    throw new CommandError(exit, error.message, [`in: ${error.location}`, error.fix, meant].join('\n  '));
  }
  const config = clientConfigIn(target.document);
  if (config === undefined) throw error;
  const { fromClientConfig } = await import('../../runtime/compose/client-config.ts');
  return { provider: fromClientConfig(config, { onProblem: onError }), apis: [] };
}

/** `{ "mcpServers": … }` of Claude Desktop, Cursor and others, or `{ "servers": … }` of VS Code. */
function clientConfigIn(path: string): unknown {
  try {
    const config: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const isOne = typeof config === 'object' && config !== null && ('mcpServers' in config || 'servers' in config);
    return isOne ? config : undefined;
  } catch {
    return undefined;
  }
}

/** What goes with a connection; other options shape what is opened here, or are refused there. */
const CONNECTION_FLAGS: readonly string[] = ['envFile', 'header', 'timeout', 'json', 'out', 'args'];

const isServer = (target: Target) => target.kind === 'url' || target.kind === 'command';

/** Without a sign of progress. What is behind the server has limits of its own; Ctrl+C ends it sooner. */
const PATIENCE_MS = 600_000;

async function connected(target: ClientTarget, timeoutMs: number, { progress, interrupt }: Person): Promise<McpClient> {
  const options: ConnectOptions = {
    timeoutMs,
    // A command is over before anything comes back.
    reconnect: false,
    onElicit(request) {
      progress.clear();
      return answered(request, interrupt);
    },
    onLog(level, data) {
      progress.clear();
      tell(`${level}: ${typeof data === 'string' ? data : JSON.stringify(data)}`);
    },
    logLevel: 'warning',
  };
  try {
    return await connect(target, options);
  } catch (error) {
    throw endingOf(
      error,
      typeof target === 'object' && 'command' in target
        ? 'Check the command: it has to start an MCP server that speaks over stdio.'
        : 'Check the address, and that an MCP server answers there.',
    );
  }
}

const onError = (error: Error): void => tell(`error: ${error.message}`);

/** With nobody to ask, the server hears that the question was cancelled, and the person why. */
async function answered(request: ElicitRequest, onInterrupt: () => void): Promise<ElicitAnswer> {
  const { stdin, stderr } = process;
  if (stdin.isTTY && stderr.isTTY) return ask(request, { input: stdin, output: stderr, onInterrupt });
  tell(`The server asks: ${request.message}`);
  tell('There is no terminal to answer at, so the question was cancelled. Run the command on a terminal to be asked.');
  return { action: 'cancel' };
}
