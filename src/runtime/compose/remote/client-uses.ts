import type { Client } from '@modelcontextprotocol/client';

/**
 * Counts the requests that run on each client. A client that was given up is closed once none runs on it: over HTTP,
 * requests can outlive a lost stream.
 */
export class ClientUses {
  readonly #counts = new Map<Client, number>();
  readonly #isCurrent: (client: Client) => boolean;

  /** @param isCurrent whether a client is still the one to use, or not ours to close. */
  constructor(isCurrent: (client: Client) => boolean) {
    this.#isCurrent = isCurrent;
  }

  /** Clients that requests run on. */
  get clients(): Iterable<Client> {
    return this.#counts.keys();
  }

  async during<T>(client: Client, act: (client: Client) => Promise<T>): Promise<T> {
    this.#counts.set(client, (this.#counts.get(client) ?? 0) + 1);
    try {
      return await act(client);
    } finally {
      const left = (this.#counts.get(client) ?? 1) - 1;
      if (left > 0) this.#counts.set(client, left);
      else this.#counts.delete(client);
      this.retire(client);
    }
  }

  /** Closes a client that was given up and is not in use. */
  retire(client: Client): void {
    if (this.#isCurrent(client) || this.#counts.has(client)) return;
    client.close().catch(() => {
      // It is gone already, which is why it was given up.
    });
  }
}
