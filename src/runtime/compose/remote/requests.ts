import type { Client, RequestOptions } from '@modelcontextprotocol/client';
import { defined } from '../../../model/index.ts';
import type { CallContext } from '../../provider.ts';
import type { RemoteConnection } from './connection.ts';
import { isConnectionLoss, isSessionEnd } from './connection-loss.ts';
import { answering, askable, type InputRequired, type Round } from './questions.ts';
import { reasonOf } from './reason.ts';

export interface RequestsOptions {
  readonly connection: RemoteConnection;
  readonly timeoutMs: number;
  /** Calls in flight: a 2025 server does not say which call a question belongs to. */
  readonly inFlight: Set<CallContext>;
}

/** Sends requests over a connection that may be lost and reopened. */
export class RemoteRequests {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /**
   * One request. If it shows that the connection is lost, the connection is given up. If the server has only ended the
   * session, the request is sent once more in a new session.
   */
  async send<T>(request: (client: Client) => Promise<T>): Promise<T> {
    try {
      return await this.#attempt(request);
    } catch (error) {
      if (!isSessionEnd(error)) throw error;
      return this.#attempt(request);
    }
  }

  /** A request for a call: with progress, cancellation and questions. */
  async perform<T>(
    context: CallContext,
    request: (client: Client, round: Round, options: RequestOptions) => Promise<T | InputRequired>,
  ): Promise<T> {
    const { connection, timeoutMs, inFlight } = this.#options;
    const options: RequestOptions = {
      signal: context.signal,
      timeout: timeoutMs,
      resetTimeoutOnProgress: true,
      onprogress: ({ progress, total, message }) => context.progress({ progress, ...defined({ total, message }) }),
      // Questions go to the caller, whom the SDK's own implementation does not know.
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
