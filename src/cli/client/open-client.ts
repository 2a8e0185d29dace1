import { type ClientTarget, type ConnectOptions, connect, type McpClient } from '../../client/index.ts';
import type { ElicitAnswer, ElicitRequest } from '../../runtime/provider.ts';
import { readEnvironment } from '../environment.ts';
import type { ApiFlags } from '../options.ts';
import { type CommandLine, withApiDefaults } from '../options.ts';
import { tell } from '../report.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { openTarget } from '../targets/open-target.ts';
import { serverAddress } from '../targets/server-address.ts';
import type { Target } from '../targets/target.ts';
import { ask } from './ask.ts';
import { endingOf } from './ending.ts';
import type { ProgressLine } from './progress-line.ts';

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
  progress: ProgressLine,
): Promise<OpenClient> {
  const target = describeTarget(words);
  const flags = withApiDefaults(line.flags);
  const environment = readEnvironment(flags.envFile);
  const targetText = words.command ? `-- ${words.command.join(' ')}` : words.targets.join(' ');
  if (isServer(target) && Object.keys(line.given).every((name) => CONNECTION_FLAGS.includes(name))) {
    const address = serverAddress(target, { flags, environment });
    const timeoutMs = line.given.timeout === undefined ? PATIENCE_MS : flags.timeout * 1000;
    const client = await connected(address, timeoutMs, progress);
    return { client, targetText, close: () => client.close() };
  }
  const { provider, apis } = await openTarget(target, { flags, given: line.given, environment, onError });
  for (const { api } of apis) for (const notice of api.notices) tell(notice);
  const client = await connected({ provider }, PATIENCE_MS, progress);
  return {
    client,
    targetText,
    async close() {
      await client.close();
      await provider.close();
    },
  };
}

/** What goes with a connection; other options shape what is opened here, or are refused there. */
const CONNECTION_FLAGS: readonly string[] = ['envFile', 'header', 'timeout', 'json', 'out', 'args'];

const isServer = (target: Target) => target.kind === 'url' || target.kind === 'command';

/** Without a sign of progress. What is behind the server has limits of its own; Ctrl+C ends it sooner. */
const PATIENCE_MS = 600_000;

async function connected(target: ClientTarget, timeoutMs: number, progress: ProgressLine): Promise<McpClient> {
  const options: ConnectOptions = {
    timeoutMs,
    // A command is over before anything comes back.
    reconnect: false,
    onElicit(request) {
      progress.clear();
      return onElicit(request);
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
    throw endingOf(error);
  }
}

const onError = (error: Error): void => tell(`error: ${error.message}`);

/** With nobody to ask, the server hears that the question was cancelled, and the person why. */
async function onElicit(request: ElicitRequest): Promise<ElicitAnswer> {
  const { stdin, stderr } = process;
  if (stdin.isTTY && stderr.isTTY) return ask(request, { input: stdin, output: stderr });
  tell(`The server asks: ${request.message}`);
  tell('There is no terminal to answer at, so the question was cancelled. Run the command on a terminal to be asked.');
  return { action: 'cancel' };
}
