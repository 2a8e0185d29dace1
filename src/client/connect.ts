import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import type { ElicitAnswer, ElicitRequest, ListChange, LogLevel } from '../runtime/provider.ts';
import { McpClient } from './client.ts';
import { elicitationHandler } from './elicitation.ts';
import { type ClientTarget, labelOf, openTransport } from './target.ts';

export interface ConnectOptions {
  /** What the client calls itself. Default: `openapi-mcp`. */
  readonly info?: { readonly name: string; readonly version: string };
  /** `auto` (default): 2026-07-28 where the server speaks it, else 2025. `legacy`: 2025 in any case. */
  readonly mode?: 'auto' | 'legacy';
  /** Default for every request, the connecting ones included: 60,000. */
  readonly timeoutMs?: number;
  /** Answers the server's questions. Without it the server is told that nobody can. */
  readonly onElicit?: (request: ElicitRequest) => Promise<ElicitAnswer>;
  /** Told when one of the server's lists has changed. */
  readonly onChange?: (change: ListChange) => void;
  /** Told of log messages at `logLevel` and above. */
  readonly onLog?: (level: LogLevel, data: unknown) => void;
  /** Default `info`. */
  readonly logLevel?: LogLevel;
  /** Told what goes wrong beside the requests. */
  readonly onError?: (error: Error) => void;
}

/** The server cannot be reached, or does not speak MCP. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
}

/** @throws ConnectError */
export async function connect(target: ClientTarget, options: ConnectOptions = {}): Promise<McpClient> {
  const { info = { name: 'openapi-mcp', version: '1' }, timeoutMs = 60_000, onLog, logLevel = 'info' } = options;
  const client = new Client(info, clientOptions(options));
  if (options.onError) client.onerror = options.onError;
  if (options.onElicit) client.setRequestHandler('elicitation/create', elicitationHandler(options.onElicit));
  if (onLog) {
    client.setNotificationHandler('notifications/message', ({ params }) => onLog(params.level, params.data));
  }
  try {
    await client.connect(await openTransport(target), { timeout: timeoutMs });
    const asksForLogs = onLog && client.getServerCapabilities()?.logging;
    if (asksForLogs && client.getProtocolEra() === 'legacy') await client.setLoggingLevel(logLevel);
  } catch (error) {
    await client.close();
    throw new ConnectError(`Cannot connect to ${labelOf(target)}: ${reasonOf(error)}`, { cause: error });
  }
  return new McpClient(client, { timeoutMs, logLevel: onLog && logLevel });
}

function clientOptions({ mode = 'auto', onElicit, onChange }: ConnectOptions): ClientOptions {
  const watch = (change: ListChange) => ({
    autoRefresh: false,
    debounceMs: 0,
    onChanged: () => onChange?.(change),
  });
  return {
    versionNegotiation: { mode },
    capabilities: onElicit ? { elicitation: { form: {} } } : {},
    ...(onChange && {
      listChanged: { tools: watch('tools'), resources: watch('resources'), prompts: watch('prompts') },
    }),
  };
}

/** `fetch` says "fetch failed" and keeps the reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const reason = reasonOf(cause) || String((cause as NodeJS.ErrnoException).code);
  return error.message.includes(reason) ? error.message : `${error.message} (${reason})`;
}
