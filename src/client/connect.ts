import { MODES, type Mode } from '../runtime/compose/remote/mode.ts';
import { declareOptions } from '../runtime/options/declare-options.ts';
import {
  choice,
  either,
  func,
  number,
  type OptionKinds,
  onOff,
  required,
  shape,
  text,
} from '../runtime/options/option-kinds.ts';
import { TIMER_MS } from '../runtime/options/option-range.ts';
import type {
  ElicitAnswer,
  ElicitRequest,
  ListChange,
  LogLevel,
  SampleAnswer,
  SampleRequest,
} from '../runtime/provider.ts';
import { McpClient } from './client.ts';
import { Connection, type ConnectionState, type Reconnect } from './connection.ts';
import { dial } from './dial.ts';
import { type ClientTarget, dialerOf } from './target.ts';

export interface ConnectOptions {
  /** The name of the client. Default: `openapi-mcp`. */
  readonly info?: { readonly name: string; readonly version: string };
  /** `auto` (default): 2026-07-28 if the server supports it, otherwise 2025. `legacy`: always 2025. */
  readonly mode?: Mode;
  /** Default for every request: 60,000. */
  readonly timeoutMs?: number;
  /** Time limit for connecting, in milliseconds. Default: `timeoutMs`, but 30,000 at most. */
  readonly connectTimeoutMs?: number;
  /** How to reconnect after a lost connection. `false`: never. */
  readonly reconnect?: Reconnect | false;
  /**
   * Answers the server's questions. Missing fields of an accepted answer get the defaults of the form. Without it, the
   * client declares no support for elicitation.
   */
  readonly onElicit?: (request: ElicitRequest) => Promise<ElicitAnswer>;
  /** Samples from a language model for the server. Without it, the client declares no support for sampling. */
  readonly onSample?: (request: SampleRequest) => Promise<SampleAnswer>;
  /** Called when one of the server's lists has changed, or may have changed while disconnected. */
  readonly onChange?: (change: ListChange) => void;
  /** Receives log messages at `logLevel` and above. */
  readonly onLog?: (level: LogLevel, data: unknown) => void;
  /** Default `info`. */
  readonly logLevel?: LogLevel;
  /** Called when the connection is lost, restored, or given up until the next request. */
  readonly onState?: (state: ConnectionState) => void;
  /** Receives errors that occur outside requests. */
  readonly onError?: (error: Error) => void;
}

export const CONNECT_KINDS: OptionKinds<ConnectOptions> = {
  info: shape<NonNullable<ConnectOptions['info']>>({ name: required(text), version: required(text) }),
  mode: choice(MODES.choices),
  timeoutMs: number(TIMER_MS),
  connectTimeoutMs: number(TIMER_MS),
  reconnect: either(
    'false, or an object such as { attempts: 6 }',
    { ...onOff, fits: (value) => value === false },
    shape<Reconnect>({
      attempts: number({ min: 0, whole: true }),
      firstDelayMs: number({ ...TIMER_MS, min: 0 }),
      longestDelayMs: number({ ...TIMER_MS, min: 0 }),
    }),
  ),
  onElicit: func,
  onSample: func,
  onChange: func,
  onLog: func,
  logLevel: choice({
    debug: true,
    info: true,
    notice: true,
    warning: true,
    error: true,
    critical: true,
    alert: true,
    emergency: true,
  } satisfies Record<LogLevel, true>),
  onState: func,
  onError: func,
};
export const CONNECT_HINTS = {
  auth: 'Pass it with the URL: connect({ url, auth }).',
  authProvider: 'Pass it with the URL: connect({ url, auth: { store } }).',
  token: 'Pass it with the URL: connect({ url, auth: token }).',
  headers: 'Pass them with the URL: connect({ url, headers }).',
  env: 'Pass it with the command: connect({ command, env }).',
  args: 'Pass them with the command: connect({ command, args }).',
  timeout: 'Write "timeoutMs", in milliseconds.',
  name: 'Write info: { name, version }.',
  elicitation: 'Write "onElicit".',
  sampling: 'Write "onSample".',
};
const checked = declareOptions<ConnectOptions>('connect()', CONNECT_KINDS, {
  hints: CONNECT_HINTS,
  example: "connect('http://127.0.0.1:8000/mcp', { timeoutMs: 10_000 })",
});

/**
 * Connects to one server: at a URL, started by a command, or in this process.
 *
 * ```ts
 * await using client = await connect('http://127.0.0.1:8000/mcp');
 * await client.callTool('listPets', { limit: 5 });
 * ```
 *
 * @throws ConnectError if it cannot be reached, TypeError if the target is invalid
 */
export async function connect(target: ClientTarget, options: ConnectOptions = {}): Promise<McpClient> {
  const client = clientOf(target, checked(options));
  try {
    await client.ready();
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** A client that connects on first use. */
export function clientOf(target: ClientTarget, options: ConnectOptions): McpClient {
  const { info = { name: 'openapi-mcp', version: '1' }, mode = MODES.default, timeoutMs = 60_000 } = options;
  const { connectTimeoutMs = Math.min(timeoutMs, 30_000) } = options;
  const {
    onElicit,
    onSample,
    onChange,
    onLog,
    onState,
    onError = () => {},
    logLevel = 'info',
    reconnect = {},
  } = options;
  const dialer = dialerOf(target);
  const session = { info, mode, connectTimeoutMs, onElicit, onSample, onChange, onLog, logLevel, onError };
  const connection = new Connection({
    label: dialer.label,
    dial: (signal) => dial(dialer, session, signal),
    reconnect: reconnect && { attempts: 6, firstDelayMs: 250, longestDelayMs: 8000, ...reconnect },
    onState(state) {
      onState?.(state);
      if (state.state !== 'restored') return;
      for (const change of ['tools', 'resources', 'prompts'] as const) {
        if (connection.current?.getServerCapabilities()?.[change]) onChange?.(change);
      }
    },
  });
  return new McpClient(connection, { timeoutMs, logLevel: onLog && logLevel });
}
