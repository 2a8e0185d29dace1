import { Client, type ClientOptions, SdkError, SdkErrorCode, type Transport } from '@modelcontextprotocol/client';
import { deadline, untilAborted } from '../../until-aborted.ts';
import type { Mode } from './mode.ts';

/** A transport to a server, not connected yet. */
export type Opened = Transport & {
  /** Ends a process that has never answered, at once. */
  abandon?(): Promise<void>;
};

export interface Dialing {
  readonly open: () => Promise<Opened>;
  /** Whether the server is a process of ours, which can be started again. */
  readonly isProcess: boolean;
  readonly info: { readonly name: string; readonly version: string };
  readonly options: ClientOptions;
  /** `legacy`: 2025, without asking for more. */
  readonly mode: Mode;
  /** Milliseconds that connecting may take. */
  readonly connectTimeoutMs: number;
  /** Ends the attempt. */
  readonly ending: AbortSignal;
  /** Called with the client before it is connected. */
  readonly prepare: (client: Client) => void;
}

/**
 * Connects a new client of the SDK.
 *
 * @throws what the transport or the SDK throws, an Error after `connectTimeoutMs`, and the reason of `ending`
 */
export async function dialClient(dialing: Dialing): Promise<Client> {
  const { connectTimeoutMs } = dialing;
  const limit = deadline(
    connectTimeoutMs,
    dialing.ending,
    () => new Error(`no response in ${connectTimeoutMs / 1000} s`),
  );
  try {
    return await connected(dialing, dialing.mode, limit.signal);
  } catch (error) {
    // A process of 2025 may end at the first question that it does not know.
    if (!dialing.isProcess || !endedAtQuestion(error) || limit.signal.aborted) throw error;
    return await connected(dialing, 'legacy', limit.signal);
  } finally {
    limit.stop();
  }
}

async function connected(
  { open, isProcess, info, options, connectTimeoutMs, prepare }: Dialing,
  mode: Mode,
  signal: AbortSignal,
): Promise<Client> {
  // A process that leaves what it does not know unanswered is of 2025: there has to be time left to greet it as such.
  const probe = isProcess && { probe: { timeoutMs: connectTimeoutMs / 2 } };
  const client = new Client({ ...info }, { ...options, versionNegotiation: { mode, ...probe } });
  prepare(client);
  const transport = await open();
  const connecting = client.connect(transport, { timeout: connectTimeoutMs });
  try {
    await untilAborted(connecting, signal);
    return client;
  } catch (error) {
    // The SDK cannot be stopped while it finds out the protocol version: what it then opens is closed again.
    connecting.then(
      () => client.close(),
      () => {},
    );
    await (transport.abandon?.() ?? transport.close()).catch(() => {});
    await client.close();
    throw error;
  }
}

/** The connection was closed while the SDK was finding out what the server speaks. */
function endedAtQuestion(error: unknown): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.EraNegotiationFailed;
}
