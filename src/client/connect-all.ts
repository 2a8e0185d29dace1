import { isRecord } from '../runtime/is-record.ts';
import { declareOptions } from '../runtime/options/declare-options.ts';
import { OptionError } from '../runtime/options/option-error.ts';
import type {
  ElicitAnswer,
  ElicitRequest,
  ListChange,
  LogLevel,
  SampleAnswer,
  SampleRequest,
} from '../runtime/provider.ts';
import { McpClients } from './clients.ts';
import { type ClientConfig, targetsOf } from './config.ts';
import { CONNECT_HINTS, CONNECT_KINDS, type ConnectOptions, clientOf } from './connect.ts';
import type { ConnectionState } from './connection.ts';
import { ConnectError } from './errors.ts';
import type { ClientTarget } from './target.ts';

/** The options of one connection; callbacks also receive the name of the server. */
export interface ConnectAllOptions
  extends Omit<ConnectOptions, 'onElicit' | 'onSample' | 'onChange' | 'onLog' | 'onState' | 'onError'> {
  readonly onElicit?: (request: ElicitRequest, server: string) => Promise<ElicitAnswer>;
  readonly onSample?: (request: SampleRequest, server: string) => Promise<SampleAnswer>;
  readonly onChange?: (change: ListChange, server: string) => void;
  readonly onLog?: (level: LogLevel, data: unknown, server: string) => void;
  readonly onState?: (state: ConnectionState, server: string) => void;
  readonly onError?: (error: Error, server: string) => void;
}

const checked = declareOptions<ConnectAllOptions>('connectAll()', CONNECT_KINDS, { hints: CONNECT_HINTS });

/**
 * Connects to several servers at once: named targets, or those in a client configuration file (`mcpServers` of Claude
 * Desktop, Cursor and others, `servers` of VS Code). A server that is down does not affect the others: it is reported
 * in `problems`, and retried on every request.
 *
 * ```ts
 * await using clients = await connectAll({ pets: 'http://127.0.0.1:8000/mcp', files: { command: 'files-mcp' } });
 * await clients.callTool('pets_listPets', { limit: 5 });
 * ```
 *
 * @throws ConnectError if no server can be reached, TypeError if a target is invalid
 */
export async function connectAll(
  targets: Readonly<Record<string, ClientTarget>> | ClientConfig,
  options: ConnectAllOptions = {},
): Promise<McpClients> {
  checked(options);
  if (!isRecord(targets)) {
    throw new OptionError(
      'connectAll() takes an object of named targets, or a client configuration: connectAll({ pets: url }).',
    );
  }
  const members = Object.entries(targetsOf(targets)).map(
    ([name, target]) => [name, clientOf(target, optionsOf(name, options))] as const,
  );
  const clients = new McpClients(new Map(members));
  await clients.ready();
  if (members.length === 0 || clients.problems.size < members.length) return clients;
  await clients.close();
  const reasons = [...clients.problems].map(([name, { message }]) => `${name}: ${message}`);
  throw new ConnectError(`No server can be reached. ${reasons.join('; ')}`);
}

function optionsOf(name: string, options: ConnectAllOptions): ConnectOptions {
  const { onElicit, onSample, onChange, onLog, onState, onError, ...alike } = options;
  return {
    ...alike,
    ...(onElicit && { onElicit: (request: ElicitRequest) => onElicit(request, name) }),
    ...(onSample && { onSample: (request: SampleRequest) => onSample(request, name) }),
    ...(onChange && { onChange: (change: ListChange) => onChange(change, name) }),
    ...(onLog && { onLog: (level: LogLevel, data: unknown) => onLog(level, data, name) }),
    ...(onState && { onState: (state: ConnectionState) => onState(state, name) }),
    ...(onError && { onError: (error: Error) => onError(error, name) }),
  };
}
