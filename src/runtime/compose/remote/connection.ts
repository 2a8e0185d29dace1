import { Client, type McpSubscription, SdkError, SdkErrorCode } from '@modelcontextprotocol/client';
import type { Outcome } from '../../outcome.ts';
import type { ListChange } from '../../provider.ts';
import { untilAborted } from '../../until-aborted.ts';
import { askForLogs } from './logs.ts';
import { reasonOf } from './reason.ts';
import type { Dialer, GivenClient } from './target.ts';

export interface ConnectionOptions {
  readonly dialer: Dialer | GivenClient;
  readonly connectTimeoutMs: number;
  /** `legacy`: 2025, without asking for more. */
  readonly mode: 'auto' | 'legacy';
  /** Called once with each client, before it is connected where we connect it. */
  readonly prepare: (client: Client) => void;
  readonly onListChange: (change: ListChange) => void;
  /** There is a connection after there was none: what was listed before may differ, what could not be listed can be. */
  readonly onReconnected: () => void;
}

/** The server cannot be reached at the moment, or was given up for good. */
export class RemoteUnavailable extends Error {
  readonly code = 'REMOTE_UNAVAILABLE';
  /** What it is to programs; absent where trying again is of no use. */
  readonly outcome?: Outcome;
  constructor(message: string, { cause, outcome }: { readonly cause?: unknown; readonly outcome?: Outcome } = {}) {
    super(message, { cause });
    if (outcome) this.outcome = outcome;
  }
}

/**
 * One connection to a remote server: made when it is first needed, and made again when it is lost, by itself in the
 * background and at once when somebody asks; after failures each attempt waits longer than the last, 30 seconds at most.
 */
export class RemoteConnection {
  readonly label: string;
  readonly #options: ConnectionOptions;
  #connecting: Promise<Client> | undefined;
  #connected: Client | undefined;
  #subscription: McpSubscription | undefined;
  /** How many calls run on each client. */
  readonly #uses = new Map<Client, number>();
  #everConnected = false;
  #failures = 0;
  #lastFailure = '';
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #ending = new AbortController();

  constructor(options: ConnectionOptions) {
    this.label = options.dialer.label;
    this.#options = options;
  }

  /** The client, as long as it is connected. */
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
      const retryAfter = Math.ceil(wait / 1000);
      throw new RemoteUnavailable(
        `The MCP server "${this.label}" is not available: ${this.#lastFailure}. Next attempt in ${retryAfter} s.`,
        { outcome: { error: 'CONNECTION_REFUSED', retryAfter } },
      );
    }
    return this.#attempt();
  }

  /**
   * Does something with the connected client, which stays open until that has ended.
   *
   * @throws RemoteUnavailable
   */
  async use<T>(act: (client: Client) => Promise<T>): Promise<T> {
    const client = await this.client();
    this.#uses.set(client, (this.#uses.get(client) ?? 0) + 1);
    try {
      return await act(client);
    } finally {
      const left = (this.#uses.get(client) ?? 1) - 1;
      if (left > 0) this.#uses.set(client, left);
      else this.#uses.delete(client);
      this.#retire(client);
    }
  }

  /** A request has shown that this client's connection is gone. */
  lost(client: Client, why: string): void {
    if (this.#connected !== client) return;
    this.#connected = undefined;
    this.#lastFailure = why;
    this.#retire(client);
    this.#retryLater(FIRST_DELAY_MS);
  }

  async close(): Promise<void> {
    this.#ending.abort(new Error('the provider was closed'));
    clearTimeout(this.#timer);
    const client = this.#connected ?? (await this.#connecting?.catch(() => undefined));
    this.#connected = undefined;
    await this.#subscription?.close().catch(() => {});
    if (!this.#owns) return;
    const open = new Set([...(client ? [client] : []), ...this.#uses.keys()]);
    await Promise.all([...open].map((each) => each.close()));
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
      const delay = Math.min(FIRST_DELAY_MS * 2 ** (this.#failures - 1), LONGEST_DELAY_MS);
      this.#notBefore = Date.now() + delay;
      this.#retryLater(delay);
      throw new RemoteUnavailable(`The MCP server "${this.label}" is not available: ${this.#lastFailure}.`, {
        cause: error,
        outcome: { error: 'CONNECTION_REFUSED' },
      });
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
    const { dialer, prepare, mode } = this.#options;
    if ('client' in dialer) {
      // A client that is given cannot be connected again: how is known to its owner alone.
      if (this.#everConnected || !dialer.client.transport) throw new Error('the given client is not connected');
      prepare(dialer.client);
      return dialer.client;
    }
    try {
      return await this.#dial(dialer, mode);
    } catch (error) {
      // A process of 2025 may end at the first question that it does not know.
      if (!dialer.isProcess || !endedAtQuestion(error) || this.#ending.signal.aborted) throw error;
      return this.#dial(dialer, 'legacy');
    }
  }

  async #dial(dialer: Dialer, mode: 'auto' | 'legacy'): Promise<Client> {
    const { prepare, connectTimeoutMs } = this.#options;
    const client = new Client(
      { name: 'openapi-mcp', version: '1' },
      { capabilities: { elicitation: {}, sampling: {} }, versionNegotiation: { mode } },
    );
    prepare(client);
    const transport = await dialer.open();
    const connecting = client.connect(transport, { timeout: connectTimeoutMs });
    try {
      await untilAborted(connecting, this.#ending.signal);
    } catch (error) {
      // The SDK cannot be stopped while it finds out the protocol version: what it then opens is closed again.
      connecting.then(
        () => client.close(),
        () => {},
      );
      await (transport.abandon?.() ?? transport.close()).catch(() => {});
      throw error;
    }
    askForLogs(client).catch(() => {
      // A server that does not tell what it does is still worth its tools.
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
      // A server that promises list changes and does not deliver them is still worth its tools.
    });
  }

  /** 2026-07-28 tells changes on a stream that the client opens; before, they come by themselves. */
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

  /** Closes a client that was given up, once no call runs on it any more: over HTTP, those can outlive a lost stream. */
  #retire(client: Client): void {
    if (!this.#owns || client === this.#connected || this.#uses.has(client)) return;
    client.close().catch(() => {
      // It is gone already, which is why it was given up.
    });
  }

  #retryLater(delay: number): void {
    if (this.#ending.signal.aborted || !this.#owns) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // Not by way of `client()`: a timer may be a moment early, and would then be told to wait. Whoever asks next hears
      // why an attempt failed.
      if (!this.#connected) this.#attempt().catch(() => {});
    }, delay);
    unref(this.#timer);
  }
}

/** The connection was closed while the SDK was finding out what the server speaks. */
function endedAtQuestion(error: unknown): boolean {
  return error instanceof SdkError && error.code === SdkErrorCode.EraNegotiationFailed;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;

/** A waiting attempt is no reason to keep a Node process alive. Elsewhere timers are numbers. */
function unref(timer: ReturnType<typeof setTimeout>): void {
  if (typeof timer === 'object') timer.unref();
}
