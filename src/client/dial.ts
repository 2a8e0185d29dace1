import { Client, type ClientOptions, type CreateMessageResult } from '@modelcontextprotocol/client';
import type {
  ElicitAnswer,
  ElicitRequest,
  ListChange,
  LogLevel,
  SampleAnswer,
  SampleRequest,
} from '../runtime/provider.ts';
import { untilAborted } from '../runtime/until-aborted.ts';
import { elicitationHandler } from './elicitation.ts';
import type { Dialer } from './target.ts';

export interface SessionOptions {
  /** What the client calls itself. */
  readonly info: { readonly name: string; readonly version: string };
  readonly mode: 'auto' | 'legacy';
  readonly timeoutMs: number;
  readonly onElicit: ((request: ElicitRequest) => Promise<ElicitAnswer>) | undefined;
  readonly onSample: ((request: SampleRequest) => Promise<SampleAnswer>) | undefined;
  readonly onChange: ((change: ListChange) => void) | undefined;
  readonly onLog: ((level: LogLevel, data: unknown) => void) | undefined;
  readonly logLevel: LogLevel;
  readonly onError: (error: Error) => void;
}

/** Opens one connection: the SDK's client, set up to answer questions and to tell of logs and changes. */
export async function dial(dialer: Dialer, options: SessionOptions, signal: AbortSignal): Promise<Client> {
  const { info, timeoutMs, onLog, onElicit, onSample, onError, logLevel } = options;
  const client = new Client(info, clientOptions(options));
  client.onerror = onError;
  if (onElicit) client.setRequestHandler('elicitation/create', elicitationHandler(onElicit));
  if (onSample) {
    // The SDK's types differ in `readonly`, and in what older versions of the protocol had beside it.
    client.setRequestHandler(
      'sampling/createMessage',
      async ({ params }) => (await onSample(params as SampleRequest)) as CreateMessageResult,
    );
  }
  if (onLog) {
    client.setNotificationHandler('notifications/message', ({ params }) => onLog(params.level, params.data));
  }
  const transport = await dialer.open(onError);
  const connecting = client.connect(transport, { timeout: timeoutMs });
  try {
    await untilAborted(connecting, signal);
    const asksForLogs = onLog && client.getServerCapabilities()?.logging;
    if (asksForLogs && client.getProtocolEra() === 'legacy') await client.setLoggingLevel(logLevel);
  } catch (error) {
    // The SDK cannot be stopped while it finds out the protocol version: what it then opens is closed again.
    connecting.then(
      () => client.close(),
      () => {},
    );
    await transport.close().catch(() => {});
    await client.close();
    throw error;
  }
  return client;
}

function clientOptions({ mode, onElicit, onSample, onChange }: SessionOptions): ClientOptions {
  const watch = (change: ListChange) => ({
    autoRefresh: false,
    debounceMs: 0,
    onChanged: () => onChange?.(change),
  });
  return {
    versionNegotiation: { mode },
    capabilities: { ...(onElicit && { elicitation: { form: {} } }), ...(onSample && { sampling: {} }) },
    ...(onChange && {
      listChanged: { tools: watch('tools'), resources: watch('resources'), prompts: watch('prompts') },
    }),
  };
}
