import type { Client, ClientOptions, CreateMessageResult } from '@modelcontextprotocol/client';
import { dialClient } from '../runtime/compose/remote/dial-client.ts';
import type { Mode } from '../runtime/compose/remote/mode.ts';
import type {
  ElicitAnswer,
  ElicitRequest,
  ListChange,
  LogLevel,
  SampleAnswer,
  SampleRequest,
} from '../runtime/provider.ts';
import { elicitationHandler } from './elicitation.ts';
import type { Dialer } from './target.ts';

export interface SessionOptions {
  readonly info: { readonly name: string; readonly version: string };
  readonly mode: Mode;
  /** Time limit for the complete handshake. */
  readonly connectTimeoutMs: number;
  readonly onElicit: ((request: ElicitRequest) => Promise<ElicitAnswer>) | undefined;
  readonly onSample: ((request: SampleRequest) => Promise<SampleAnswer>) | undefined;
  readonly onChange: ((change: ListChange) => void) | undefined;
  readonly onLog: ((level: LogLevel, data: unknown) => void) | undefined;
  readonly logLevel: LogLevel;
  readonly onError: (error: Error) => void;
}

/** Opens one connection: the SDK's client, set up to answer questions and to tell of logs and changes. */
export async function dial(dialer: Dialer, session: SessionOptions, ending: AbortSignal): Promise<Client> {
  const { info, mode, connectTimeoutMs, onLog, onError, logLevel } = session;
  const client = await dialClient({
    open: () => dialer.open(onError),
    isProcess: dialer.isProcess,
    info,
    options: clientOptions(session),
    mode,
    connectTimeoutMs,
    ending,
    prepare: (made) => prepare(made, session),
  });
  const asksForLogs = onLog && client.getServerCapabilities()?.logging;
  if (!asksForLogs || client.getProtocolEra() !== 'legacy') return client;
  try {
    await client.setLoggingLevel(logLevel, { timeout: connectTimeoutMs, signal: ending });
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

function prepare(client: Client, { onLog, onElicit, onSample, onError }: SessionOptions): void {
  client.onerror = onError;
  if (onElicit) client.setRequestHandler('elicitation/create', elicitationHandler(onElicit));
  if (onSample) {
    // The SDK's types differ in `readonly`, and include fields of older protocol versions.
    client.setRequestHandler(
      'sampling/createMessage',
      async ({ params }) => (await onSample(params as SampleRequest)) as CreateMessageResult,
    );
  }
  if (onLog) {
    client.setNotificationHandler('notifications/message', ({ params }) => onLog(params.level, params.data));
  }
}

function clientOptions({ onElicit, onSample, onChange }: SessionOptions): ClientOptions {
  const watch = (change: ListChange) => ({
    autoRefresh: false,
    debounceMs: 0,
    onChanged: () => onChange?.(change),
  });
  return {
    capabilities: { ...(onElicit && { elicitation: { form: {} } }), ...(onSample && { sampling: {} }) },
    ...(onChange && {
      listChanged: { tools: watch('tools'), resources: watch('resources'), prompts: watch('prompts') },
    }),
  };
}
