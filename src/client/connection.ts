import { type Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { systemClock } from '../runtime/clock.ts';
import { ClientUses } from '../runtime/compose/remote/client-uses.ts';
import { isConnectionLoss, wasNotSent } from '../runtime/compose/remote/connection-loss.ts';
import { reasonOf } from '../runtime/compose/remote/reason.ts';
import { untilAborted, within } from '../runtime/until-aborted.ts';
import { ConnectError, ConnectionLost } from './errors.ts';

export interface Reconnect {
  /** Number of reconnection attempts before it waits for the next request. Default 6. */
  readonly attempts?: number;
  /** The first attempt is immediate, the second comes after this delay, which then doubles each time. Default 250. */
  readonly firstDelayMs?: number;
  /** Default 8000. */
  readonly longestDelayMs?: number;
}

export interface ConnectionOptions {
  /** The server's name in messages. */
  readonly label: string;
  /** Connects a new client, unless the signal aborts. */
  readonly dial: (signal: AbortSignal) => Promise<Client>;
  readonly reconnect: Required<Reconnect> | false;
  readonly onState: (state: ConnectionState) => void;
}

export type ConnectionState =
  | { readonly state: 'lost'; readonly reason: string }
  | { readonly state: 'restored' }
  /** No further attempts until the next request. */
  | { readonly state: 'down'; readonly reason: string };

/** A connection to one server that may disappear and come back. */
export class Connection {
  readonly label: string;
  readonly #options: ConnectionOptions;
  #client: Client | undefined;
  #connecting: Promise<Client> | undefined;
  #everConnected = false;
  #why = '';
  readonly #uses = new ClientUses((client) => client === this.#client);
  readonly #ending = new AbortController();

  constructor(options: ConnectionOptions) {
    this.label = options.label;
    this.#options = options;
  }

  /** Set while connected. */
  get current(): Client | undefined {
    return this.#client;
  }

  /**
   * The connected client. If disconnected, the result of the current attempt, or of a new one.
   *
   * @throws ConnectError
   */
  async client(signal?: AbortSignal): Promise<Client> {
    if (this.#client) return this.#client;
    if (this.#ending.signal.aborted) throw new ConnectError(`The connection to ${this.label} is closed.`);
    if (this.#everConnected && !this.#options.reconnect) {
      throw new ConnectError(`The connection to ${this.label} was lost: ${this.#why}.`);
    }
    this.#connecting ??= this.#settling(this.#attempt());
    return signal ? untilAborted(this.#connecting, signal) : this.#connecting;
  }

  /**
   * Sends a request. If the connection turns out to be lost, sends it once more over a new one, but only if the request
   * is read-only or the server has certainly not received it.
   *
   * @param task the request in the reader's words: `the tool "search"`
   * @throws ConnectionLost, ConnectError, and any other error of the request
   */
  async send<T>(
    { task, reads, signal }: { task: string; reads: boolean; signal: AbortSignal | undefined },
    request: (client: Client) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.#use(request, signal);
    } catch (error) {
      if (signal?.aborted || !isConnectionLoss(error)) throw error;
      const again = reads || wasNotSent(error);
      if (this.#ending.signal.aborted || !this.#options.reconnect || !again) throw this.#lostDuring(task, error, again);
    }
    try {
      return await this.#use(request, signal);
    } catch (error) {
      if (signal?.aborted || !isConnectionLoss(error)) throw error;
      throw this.#lostDuring(task, error, reads || wasNotSent(error));
    }
  }

  async close(): Promise<void> {
    this.#ending.abort(new ConnectError(`The connection to ${this.label} is closed.`));
    const connecting = this.#connecting?.catch(() => undefined);
    const clients = new Set([this.#client, await connecting, ...this.#uses.clients]);
    this.#client = undefined;
    await Promise.all([...clients].map((client) => client && endClient(client)));
  }

  async #use<T>(request: (client: Client) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return this.#uses.during(await this.client(signal), async (client) => {
      try {
        return await request(client);
      } catch (error) {
        if (isConnectionLoss(error)) this.#lose(client, reasonOf(error));
        throw error;
      }
    });
  }

  /** Called when this client's connection is lost: reconnects in the background. */
  #lose(client: Client, why: string): void {
    if (this.#client !== client || this.#ending.signal.aborted) return;
    this.#client = undefined;
    this.#why = why;
    this.#uses.retire(client);
    this.#options.onState({ state: 'lost', reason: why });
    const { reconnect } = this.#options;
    if (!reconnect) return;
    this.#connecting = this.#settling(this.#attempts(reconnect));
    // Nobody may be waiting for the attempt. Those who are get the error from it.
    this.#connecting.catch(() => {});
  }

  async #attempts({ attempts, firstDelayMs, longestDelayMs }: Required<Reconnect>): Promise<Client> {
    for (let made = 1; ; made++) {
      try {
        return await this.#attempt();
      } catch (error) {
        if (this.#ending.signal.aborted) throw error;
        if (made >= attempts) {
          this.#options.onState({ state: 'down', reason: reasonOf(error) });
          throw error;
        }
      }
      await systemClock.sleep(Math.min(firstDelayMs * 2 ** (made - 1), longestDelayMs), this.#ending.signal);
    }
  }

  async #attempt(): Promise<Client> {
    let client: Client;
    try {
      client = await this.#options.dial(this.#ending.signal);
    } catch (error) {
      this.#ending.signal.throwIfAborted();
      throw new ConnectError(`Cannot connect to ${this.label}: ${reasonOf(error)}`, { cause: error });
    }
    this.#client = client;
    this.#watch(client);
    if (this.#everConnected) this.#options.onState({ state: 'restored' });
    this.#everConnected = true;
    return client;
  }

  #watch(client: Client): void {
    const { onclose } = client;
    client.onclose = () => {
      onclose?.call(client);
      this.#lose(client, 'the connection was closed');
    };
    // 2026-07-28: changes arrive on a separate stream, whose end is the only sign that an HTTP server is gone.
    client.autoOpenedSubscription?.closed.then((how) => {
      if (how !== 'local') this.#lose(client, 'the server closed its notification stream');
    });
  }

  #settling(connecting: Promise<Client>): Promise<Client> {
    const settled = connecting.finally(() => {
      if (this.#connecting === settled) this.#connecting = undefined;
    });
    return settled;
  }

  #lostDuring(task: string, error: unknown, harmless: boolean): ConnectionLost {
    const doubt = harmless ? '' : ' The call may or may not have run, and was not sent again.';
    return new ConnectionLost(`The connection to ${this.label} was lost during ${task}: ${reasonOf(error)}.${doubt}`, {
      cause: error,
    });
  }
}

/** Also ends the session on the server, which would otherwise keep it. */
async function endClient(client: Client): Promise<void> {
  const { transport } = client;
  if (transport instanceof StreamableHTTPClientTransport && transport.sessionId !== undefined) {
    await within(
      transport.terminateSession().catch(() => {}),
      LAST_WORD_MS,
    );
  }
  await client.close();
}

const LAST_WORD_MS = 1000;
