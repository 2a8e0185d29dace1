import { type ConnectOptions, connect, type McpClient, type ProviderTarget } from '../../client/index.ts';
import { withApiDefaults } from '../../options/api-defaults.ts';
import type { ApiFlags, ExecFlags, FlagsOf } from '../../options/flags.ts';
import { DocumentError } from '../../parse/api-document.ts';
import type { RemoteCommand, RemoteUrl } from '../../runtime/compose/remote.ts';
import { withMiddleware } from '../../runtime/middleware/with-middleware.ts';
import { OptionError } from '../../runtime/options/option-error.ts';
import type { ElicitAnswer, ElicitRequest, ExchangeReport, Provider } from '../../runtime/provider.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { type Environment, readEnvironment } from '../flags/environment.ts';
import { startLimit } from '../flags/with-flags.ts';
import { exchangeLines } from '../output/exchange-lines.ts';
import { tell, usageError } from '../output/report.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { meantAsServer } from '../targets/meant-as-server.ts';
import type { NotStarted } from '../targets/not-started.ts';
import { noticesOf } from '../targets/notices.ts';
import { openTarget } from '../targets/open-target.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { serverAddress } from '../targets/server-address.ts';
import type { Target } from '../targets/target.ts';
import { targetTextOf } from './arguments/target-text.ts';
import { ask } from './ask.ts';
import { isDisabled, readClientConfig, withServerLogins } from './client-config.ts';
import { discoveredTarget } from './discovered-target.ts';
import { watchDown } from './down.ts';
import { endingOf } from './ending.ts';
import type { ProgressLine } from './progress-line.ts';

/** The terminal for questions. */
export interface Person {
  readonly progress: ProgressLine;
  readonly interrupt: () => void;
  /** Called before a connection is made or a process is started; never for a document. */
  readonly listen: () => void;
}

/** The flags that opening a target knows; each command has some of them. */
export type ClientFlags = Partial<ApiFlags & ExecFlags & Pick<FlagsOf<'call'>, 'trace'>>;

export interface OpenClient {
  readonly client: McpClient;
  /** What was opened in this process; absent for a server that runs elsewhere. */
  readonly provider?: Provider;
  /** The target as a user would write it. */
  readonly targetText: string;
  /** Servers behind the target that could not be listed so far. */
  readonly down: () => readonly string[];
  /** What `--no-exec` only lists by name. */
  readonly notStarted: readonly NotStarted[];
  readonly sendsCredential: boolean;
  close(): Promise<void>;
}

/**
 * Opens the target on the command line and connects to it as an MCP client. Remote servers and commands are connected
 * to; anything else is opened in this process.
 *
 * @throws CommandError, and any error from opening the target
 */
export async function openClient(
  words: TargetWords,
  line: CommandLine<ClientFlags>,
  person: Person,
): Promise<OpenClient> {
  const flags = withApiDefaults(line.flags);
  const environment = readEnvironment(flags.envFile);
  const targetText = targetTextOf(words);
  const { exec = true } = line.flags;
  const limits = line.given.timeout === undefined ? PATIENCE : within(flags.timeout * 1000);
  const discovered = exec ? await discoveredTarget(words, environment) : undefined;
  if (discovered) {
    person.listen();
    return { ...(await openAddress(discovered, limits, person)), targetText };
  }
  const target = describeTarget(words);
  if (target.kind !== 'document') person.listen();
  if (exec && isServer(target) && Object.keys(line.given).every((name) => CONNECTION_FLAGS.includes(name))) {
    const address = serverAddress(target, { flags, environment });
    if (line.flags.trace) tell(`${targetText} runs elsewhere: its requests to APIs are not shown.`);
    return { ...(await openAddress(address, limits, person)), targetText };
  }
  const down = watchDown();
  const { provider, apis, notStarted } = await openTarget(target, {
    ...uncut({ flags, given: line.given }),
    environment,
    purpose: 'call',
    exec,
    onError: down.onError,
  }).catch((error) =>
    otherwise(target, error, {
      flags,
      environment,
      exec,
      person,
      onProblem: down.onError,
      ...startLimit({ flags, given: line.given }),
    }),
  );
  for (const notice of noticesOf(apis)) tell(notice);
  const traced = line.flags.trace ? withTrace(provider, person.progress) : provider;
  const client = await connected({ provider: traced }, PATIENCE, person);
  return {
    client,
    provider,
    targetText,
    down: down.names,
    notStarted,
    sendsCredential: false,
    async close() {
      await client.close();
      await provider.close();
    },
  };
}

/** Prints the HTTP exchanges of every call. */
function withTrace(provider: Provider, progress: ProgressLine): Provider {
  return withMiddleware(provider, function trace(call, next) {
    const onExchange = (exchange: ExchangeReport) => {
      progress.clear();
      for (const line of exchangeLines(exchange)) tell(line);
    };
    return next({ ...call, onExchange });
  });
}

async function openAddress(
  address: RemoteUrl | RemoteCommand,
  limits: Limits,
  person: Person,
): Promise<Omit<OpenClient, 'targetText'>> {
  const client = await connected(address, limits, person);
  const sendsCredential = carriesCredential(address);
  return { client, down: () => [], notStarted: [], sendsCredential, close: () => client.close() };
}

interface OtherwiseContext {
  readonly flags: Pick<ApiFlags, 'tokenStore'>;
  readonly environment: Environment;
  readonly exec: boolean;
  readonly person: Person;
  readonly onProblem: (problem: Error) => void;
  readonly connectTimeoutMs?: number;
}

/**
 * A file that is not a document may be the config of an MCP client, or the address of a server. @throws if it is
 * neither
 */
async function otherwise(
  target: Target,
  error: unknown,
  { flags, environment, exec, person, ...options }: OtherwiseContext,
): Promise<Pick<OpenedTarget, 'provider' | 'apis' | 'notStarted'>> {
  if (!(error instanceof DocumentError) || target.kind !== 'document') throw error;
  if (/^https?:/i.test(target.document)) throw meantAsServer(target, error);
  const config = readClientConfig(target.document, environment);
  if (config === undefined) throw error;
  const { fromClientConfig } = await import('../../runtime/compose/client-config.ts');
  person.listen();
  if (exec) {
    const provider = fromClientConfig(withServerLogins(config, { flags, environment }), options);
    return { provider, apis: [], notStarted: [] };
  }
  const names = Object.entries(config.mcpServers).filter(([, entry]) => !isDisabled(entry));
  const notStarted = names.map(([name]) => ({ kind: 'server' as const, name }));
  return { provider: fromClientConfig({ mcpServers: {} }, options), apis: [], notStarted };
}

/** Without `--max-result`, results are not cut: that limit is for models, also in a config file. */
function uncut({ flags, given }: CommandLine<ApiFlags>): CommandLine<ApiFlags> {
  if (given.maxResult !== undefined) return { flags, given };
  const maxResult = Number.MAX_SAFE_INTEGER;
  return { flags: { ...flags, maxResult }, given: { ...given, maxResult } };
}

/**
 * Options that apply to a connection. Others apply to what is opened in this process, or are rejected for a connection.
 */
const CONNECTION_FLAGS: readonly string[] = [
  'envFile',
  'header',
  'auth',
  'tokenStore',
  'timeout',
  'json',
  'out',
  'args',
  'curl',
  'trace',
];

const isServer = (target: Target) => target.kind === 'url' || target.kind === 'command';

type Limits = Required<Pick<ConnectOptions, 'timeoutMs' | 'connectTimeoutMs'>>;

/** Limit without a sign of progress. The server has its own limits, and Ctrl+C stops earlier. */
const PATIENCE: Limits = { timeoutMs: 600_000, connectTimeoutMs: 30_000 };

const within = (ms: number): Limits => ({ timeoutMs: ms, connectTimeoutMs: ms });

/** Whether a credential was sent that the server can reject. */
function carriesCredential(address: RemoteUrl | RemoteCommand): boolean {
  if (!('url' in address)) return false;
  const { username, password } = new URL(address.url);
  const names = Object.keys(address.headers ?? {});
  return username !== '' || password !== '' || names.some((name) => /auth|key|token|cookie/i.test(name));
}

type Address = RemoteUrl | RemoteCommand | ProviderTarget;

async function connected(target: Address, limits: Limits, { progress, interrupt }: Person): Promise<McpClient> {
  const options: ConnectOptions = {
    ...limits,
    // A command ends before the connection could come back.
    reconnect: false,
    onElicit(request) {
      progress.clear();
      return answered(request, interrupt);
    },
    onLog(level, data) {
      progress.clear();
      tell(`${level}: ${typeof data === 'string' ? data : JSON.stringify(data)}`);
    },
    logLevel: 'info',
  };
  const waiting = setTimeout(() => progress.say('Waiting for the server. Press Ctrl+C to stop.'), SILENCE_MS);
  try {
    return await connect(target, options);
  } catch (error) {
    // The target is not a URL.
    if (error instanceof OptionError) throw usageError(error.message);
    throw endingOf(error, {
      check:
        'command' in target
          ? 'Check the command: it must start an MCP server that uses stdio. --timeout <seconds> sets a longer limit.'
          : 'Check that the address is correct and that an MCP server is listening there.',
      sendsCredential: !('provider' in target) && carriesCredential(target),
    });
  } finally {
    clearTimeout(waiting);
    progress.clear();
  }
}

/** How long to wait before showing a hint. */
const SILENCE_MS = 1000;

/**
 * Without a terminal, the question is cancelled: `decline` would be a user's decision (MCP, elicitation: response
 * actions).
 */
async function answered(request: ElicitRequest, onInterrupt: () => void): Promise<ElicitAnswer> {
  const { stdin, stderr } = process;
  if (stdin.isTTY && stderr.isTTY) return ask(request, { input: stdin, output: stderr, onInterrupt });
  tell(`The server asks: ${request.message}`);
  tell('The question was cancelled because there is no terminal. Run the command in a terminal to answer it.');
  return { action: 'cancel' };
}
