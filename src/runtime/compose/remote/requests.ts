import type { Client, RequestOptions } from '@modelcontextprotocol/client';
import type { CallContext } from '../../provider.ts';
import type { RemoteConnection } from './connection.ts';
import { isConnectionLoss, isSessionEnd } from './connection-loss.ts';
import { answering, askable, type InputRequired, type Round } from './questions.ts';
import { reasonOf } from './reason.ts';

export interface RequestsOptions {
  readonly connection: RemoteConnection;
  readonly timeoutMs: number;
  /** The calls that run: a server of 2025 asks its questions without saying whose they are. */
  readonly inFlight: Set<CallContext>;
}

/** Sends requests over a connection that comes and goes. */
export class RemoteRequests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /**
   * One request. A connection that it shows to be gone is given up; where the server had merely ended the session, the
   * request is sent once more in a new one.
   */
  async send<T>(request: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await this.#attempt(request);
    } catch (error) {
      if (!isSessionEnd(error)) throw error;
      return this.#attempt(request);
    }
  }

  /** A request made on behalf of a call: with its progress, cancellation and questions. */
  async perform<T>(
    context: CallContext,
    request: (client: Client, round: Round, options: RequestOptions) => Promise<T | InputRequired>,
  ): Promise<T> {
    const { connection, timeoutMs, inFlight } = this.#options;
    const options: RequestOptions = {
      signal: context.signal,
      timeout: timeoutMs,
      resetTimeoutOnProgress: true,
      onprogress: ({ progress, total, message }) =>
        context.progress({
          progress,
          ...(total !== undefined && { total }),
          ...(message !== undefined && { message }),
        }),
      // Questions are put to the one who called, which the SDK's own rounds could not know.
      allowInputRequired: true,
    };
    inFlight.add(context);
    try {
      return await answering(connection.label, context, (round) =>
        this.send((client) => {
          const modern = client.getProtocolEra() === 'modern';
          return request(client, modern ? { ...askable(context), ...round } : round, options);
        }),
      );
    } finally {
      inFlight.delete(context);
    }
  }

  #attempt<T>(request: (client: Client) => Promise<T>): Promise<T> {
    const { connection } = this.#options;
    return connection.use(async (client) => {
      try {
        return await request(client);
      } catch (error) {
        if (isConnectionLoss(error)) connection.lost(client, reasonOf(error));
        throw error;
      }
    });
  }
}
