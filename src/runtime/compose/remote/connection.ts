import type { Client, McpSubscription } from '@modelcontextprotocol/client';
import type { Outcome } from '../../outcome.ts';
import type { ListChange } from '../../provider.ts';
import { type NotAuthorized, notAuthorizedIn } from './auth/not-authorized.ts';
import { ClientUses } from './client-uses.ts';
import { dialClient } from './dial-client.ts';
import { askForLogs } from './logs.ts';
import type { Mode } from './mode.ts';
import { reasonOf } from './reason.ts';
import type { Dialer, GivenClient } from './target.ts';

export interface ConnectionOptions {
  readonly dialer: Dialer | GivenClient;
  readonly connectTimeoutMs: number;
  /** `legacy`: 2025, without negotiation. */
  readonly mode: Mode;
  /** Called once with each client, before it is connected if we connect it. */
  readonly prepare: (client: Client) => void;
  readonly onListChange: (change: ListChange) => void;
  /** Called when the connection is back: lists may have changed, or may now be available. */
  readonly onReconnected: () => void;
}

/** The server cannot be reached at the moment, or was given up permanently. */
export class RemoteUnavailable extends Error {
  readonly code = 'REMOTE_UNAVAILABLE';
  /** The outcome for programs; absent if a retry makes no sense. */
  readonly outcome?: Outcome;
  constructor(message: string, { cause, outcome }: { readonly cause?: unknown; readonly outcome?: Outcome } = {}) {
    super(message, { cause });
    if (outcome) this.outcome = outcome;
  }
}

/**
 * One connection to a remote server, opened on first use. If it is lost, it is reopened in the background, and
 * immediately when requested; after failures the wait grows, up to 30 seconds.
 */
export class RemoteConnection {
  readonly label: string;
  readonly #options: ConnectionOptions;
  #connecting: Promise<Client> | undefined;
  #connected: Client | undefined;
  #subscription: McpSubscription | undefined;
  readonly #uses = new ClientUses((client) => !this.#owns || client === this.#connected);
  #everConnected = false;
  #failures = 0;
  #lastFailure = '';
  /** Set if the last failure was the server's refusal of our credential. */
  #refusal: NotAuthorized | undefined;
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #ending = new AbortController();

  constructor(options: ConnectionOptions) {
    this.label = options.dialer.label;
    this.#options = options;
  }

  /** The client, while connected. */
  get current(): Client | undefined {
    return this.#connected;
  }

  /** @throws RemoteUnavailable */
  async client(): Promise<Client> {
    if (this.#ending.signal.aborted)
      throw new RemoteUnavailable(`The connection to the MCP server "${this.label}" is closed.`);
    if (this.#connected) return this.#connected;
    const wait = this.#notBefore - Date.now();
    if (!this.#connecting && wait > 0) {
      throw this.#unavailable({ retryAfter: Math.ceil(wait / 1000) });
    }
    return this.#attempt();
  }

  /**
   * Runs something with the connected client, which stays open until that has finished.
   *
   * @throws RemoteUnavailable
   */
  async use<T>(act: (client: Client) => Promise<T>): Promise<T> {
    return this.#uses.during(await this.client(), act);
  }

  /** A request has shown that this client's connection is lost. */
  lost(client: Client, why: string): void {
    if (this.#connected !== client) return;
    this.#connected = undefined;
    this.#lastFailure = why;
    this.#refusal = undefined;
    this.#uses.retire(client);
    this.#retryLater(FIRST_DELAY_MS);
  }

  async close(): Promise<void> {
    this.#ending.abort(new Error('the provider was closed'));
    clearTimeout(this.#timer);
    const client = this.#connected ?? (await this.#connecting?.catch(() => undefined));
    this.#connected = undefined;
    await this.#subscription?.close().catch(() => {});
    if (!this.#owns) return;
    const open = new Set([...(client ? [client] : []), ...this.#uses.clients]);
    await Promise.all([...open].map((each) => each.close()));
  }

  #unavailable({ cause, retryAfter }: { readonly cause?: unknown; readonly retryAfter?: number }): RemoteUnavailable {
    const message = `The MCP server "${this.label}" is not available: ${this.#lastFailure}.`;
    if (this.#refusal !== undefined) {
      const { code, hint } = this.#refusal;
      return new RemoteUnavailable(`${message} ${hint}`, { cause: cause ?? this.#refusal, outcome: { error: code } });
    }
    if (retryAfter === undefined) {
      return new RemoteUnavailable(message, { cause, outcome: { error: 'CONNECTION_REFUSED' } });
    }
    return new RemoteUnavailable(`${message} Next attempt in ${retryAfter} s.`, {
      outcome: { error: 'CONNECTION_REFUSED', retryAfter },
    });
  }

  get #owns(): boolean {
    return 'open' in this.#options.dialer;
  }

  #attempt(): Promise<Client> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Client> {
    clearTimeout(this.#timer);
    let client: Client;
    try {
      client = await this.#open();
    } catch (error) {
      this.#failures += 1;
      this.#lastFailure = reasonOf(error);
      this.#refusal = notAuthorizedIn(error);
      const delay = Math.min(FIRST_DELAY_MS * 2 ** (this.#failures - 1), LONGEST_DELAY_MS);
      this.#notBefore = Date.now() + delay;
      this.#retryLater(delay);
      throw this.#unavailable({ cause: error });
    }
    if (this.#ending.signal.aborted) {
      if (this.#owns) await client.close();
      throw new RemoteUnavailable(`The connection to the MCP server "${this.label}" is closed.`);
    }
    const wasDown = this.#everConnected || this.#failures > 0;
    this.#failures = 0;
    this.#notBefore = 0;
    this.#connected = client;
    this.#watch(client);
    if (wasDown) this.#options.onReconnected();
    this.#everConnected = true;
    return client;
  }

  async #open(): Promise<Client> {
    const { dialer, prepare, mode, connectTimeoutMs } = this.#options;
    if ('client' in dialer) {
      // Only its owner knows how to reconnect a given client.
      if (this.#everConnected || !dialer.client.transport) throw new Error('the given client is not connected');
      prepare(dialer.client);
      return dialer.client;
    }
    const client = await dialClient({
      ...dialer,
      info: { name: 'openapi-mcp', version: '1' },
      options: { capabilities: { elicitation: {}, sampling: {} } },
      mode,
      connectTimeoutMs,
      ending: this.#ending.signal,
      prepare,
    });
    askForLogs(client).catch(() => {
      // A server without working logs is still useful.
    });
    return client;
  }

  #watch(client: Client): void {
    const { onclose } = client;
    client.onclose = () => {
      onclose?.call(client);
      this.lost(client, 'the connection was closed');
    };
    const changes = {
      'notifications/tools/list_changed': 'tools',
      'notifications/resources/list_changed': 'resources',
      'notifications/prompts/list_changed': 'prompts',
    } as const;
    for (const [method, change] of Object.entries(changes) as [keyof typeof changes, ListChange][]) {
      client.setNotificationHandler(method, () => this.#options.onListChange(change));
    }
    this.#listen(client).catch(() => {
      // A server that declares list changes but does not send them is still useful.
    });
  }

  /** In 2026-07-28, changes arrive on a stream that the client opens; before, they arrive unrequested. */
  async #listen(client: Client): Promise<void> {
    const { tools, resources, prompts } = client.getServerCapabilities() ?? {};
    const filter = {
      ...(tools?.listChanged && { toolsListChanged: true }),
      ...(resources?.listChanged && { resourcesListChanged: true }),
      ...(prompts?.listChanged && { promptsListChanged: true }),
    };
    if (client.getProtocolEra() !== 'modern' || Object.keys(filter).length === 0) return;
    this.#subscription = await client.listen(filter);
    if ((await this.#subscription.closed) !== 'local') this.lost(client, 'the server closed its notification stream');
  }

  #retryLater(delay: number): void {
    if (this.#ending.signal.aborted || !this.#owns) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // Not through `client()`: a timer may fire early, and would then have to wait again. The next caller gets the
      // error of the attempt.
      if (!this.#connected) this.#attempt().catch(() => {});
    }, delay);
    unref(this.#timer);
  }
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

/** A pending retry must not keep a Node process alive. On other platforms timers are numbers. */
function unref(timer: ReturnType<typeof setTimeout>): void {
  if (typeof timer === 'object') timer.unref();
}
