import { Client, type ClientOptions, type CreateMessageResult } from '@modelcontextprotocol/client';
import { answersLast } from '../runtime/compose/remote/answers-last.ts';
import type {
  ElicitAnswer,
  ElicitRequest,
  ListChange,
  LogLevel,
  SampleAnswer,
  SampleRequest,
} from '../runtime/provider.ts';
import { deadline, untilAborted } from '../runtime/until-aborted.ts';
import { elicitationHandler } from './elicitation.ts';
import type { StartedServer } from './started-server.ts';
import type { Dialer } from './target.ts';

export interface SessionOptions {
  /** The name of the client. */
  readonly info: { readonly name: string; readonly version: string };
  readonly mode: 'auto' | 'legacy';
  /** Time limit for the complete handshake. */
  readonly connectTimeoutMs: number;
  readonly onElicit: ((request: ElicitRequest) => Promise<ElicitAnswer>) | undefined;
  readonly onSample: ((request: SampleRequest) => Promise<SampleAnswer>) | undefined;
  readonly onChange: ((change: ListChange) => void) | undefined;
  readonly onLog: ((level: LogLevel, data: unknown) => void) | undefined;
  readonly logLevel: LogLevel;
  readonly onError: (error: Error) => void;
}

/** Opens one connection: the SDK's client, set up to answer questions and to report logs and changes. */
export async function dial(dialer: Dialer, options: SessionOptions, ending: AbortSignal): Promise<Client> {
  const { info, connectTimeoutMs, onLog, onElicit, onSample, onError, logLevel } = options;
  const transport = answersLast(await dialer.open(onError));
  const client = new Client(info, clientOptions(options, 'abandon' in transport));
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
  const limit = deadline(connectTimeoutMs, ending, () => new Error(`no response in ${connectTimeoutMs / 1000} s`));
  const connecting = client.connect(transport, { timeout: connectTimeoutMs });
  try {
    await untilAborted(connecting, limit.signal);
    const asksForLogs = onLog && client.getServerCapabilities()?.logging;
    if (asksForLogs && client.getProtocolEra() === 'legacy') {
      await untilAborted(client.setLoggingLevel(logLevel), limit.signal);
    }
  } catch (error) {
    // The SDK cannot be stopped while it negotiates the protocol version: close what it opens afterwards.
    connecting.then(
      () => client.close(),
      () => {},
    );
    if ('abandon' in transport) await abandoned(transport, connecting);
    else await transport.close().catch(() => {});
    await client.close();
    throw error;
  } finally {
    limit.stop();
  }
  return client;
}

/** Kills the process, and the one that the SDK may have started to negotiate the protocol version. */
async function abandoned(server: StartedServer, connecting: Promise<unknown>): Promise<void> {
  const ended = Promise.allSettled([server.abandon(), connecting]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ENDING_MS);
  });
  await Promise.race([ended, patience]);
  clearTimeout(timer);
}

/** How long it takes to kill a process that ignores the request to exit. */
const ENDING_MS = 5000;

/** @param isStarted whether we start the server process */
function clientOptions(
  { mode, connectTimeoutMs, onElicit, onSample, onChange }: SessionOptions,
  isStarted: boolean,
): ClientOptions {
  const watch = (change: ListChange) => ({
    autoRefresh: false,
    debounceMs: 0,
    onChanged: () => onChange?.(change),
  });
  return {
    // A process that does not respond to an unknown request speaks 2025: leave enough time to greet it in that version.
    versionNegotiation: { mode, ...(isStarted && { probe: { timeoutMs: connectTimeoutMs / 2 } }) },
    capabilities: { ...(onElicit && { elicitation: { form: {} } }), ...(onSample && { sampling: {} }) },
    ...(onChange && {
      listChanged: { tools: watch('tools'), resources: watch('resources'), prompts: watch('prompts') },
    }),
  };
}
