import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transport } from '@modelcontextprotocol/server';
import type { Provider } from '../provider.ts';
import type { Connection } from '../serve/connection.ts';
import type { HttpHandler, HttpHandlerOptions } from '../serve/http/http-handler.ts';
import type { HttpServer } from '../serve/http/node-http.ts';
import type { RunOptions } from '../serve/serve-options.ts';

export interface ServingOptions {
  readonly provider: Provider;
  /** Called before serving starts. */
  readonly start: () => Promise<unknown>;
  /** Called when serving has ended: frees what the server holds. May be called repeatedly. */
  readonly finish: () => Promise<void>;
  readonly http: Partial<Omit<HttpHandlerOptions, 'onError'>>;
  readonly onError: (error: Error) => void;
}

/**
 * The ways to serve one server. The code of a transport is loaded on first use: a server that is only mounted, or runs
 * on Workers, never loads Node's.
 */
export class Serving {
  readonly #options: ServingOptions;
  readonly #open = new Set<Pick<Connection, 'close'>>();
  #handler: Promise<HttpHandler> | undefined;
  #nodeHandler: Promise<(request: IncomingMessage, response: ServerResponse) => Promise<void>> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ServingOptions) {
    this.#options = options;
  }

  async run(options: RunOptions): Promise<Connection | HttpServer> {
    const { http, onError, provider, start, finish } = this.#options;
    await start();
    // The transport closes its provider when it ends. That also ends the server, unless it is served elsewhere too.
    const served: Provider = {
      ...provider,
      close: async () => {
        this.#open.delete(running);
        if (this.#open.size === 0) await finish();
      },
    };
    const running = await this.#run(served, { onError, ...(options.transport === 'http' && http), ...options });
    this.#open.add(running);
    return running;
  }

  /** Serves one client; the server continues when the client has disconnected. */
  async connect(transport: Transport): Promise<Connection> {
    const { serveConnection } = await import('../serve/connection.ts');
    await this.#options.start();
    const connection = serveConnection(this.#options.provider, transport, this.#options);
    this.#open.add(connection);
    connection.closed.then(() => this.#open.delete(connection));
    return connection;
  }

  async fetch(request: Request): Promise<Response> {
    return (await this.#httpHandler()).fetch(request);
  }

  async nodeHandler(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#nodeHandler ??= this.#httpHandler().then(async (handler) => {
      const { nodeHandler } = await import('../serve/http/node-handler.ts');
      return nodeHandler(handler, { ...this.#options.http, onError: this.#options.onError });
    });
    return (await this.#nodeHandler)(request, response);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #run(
    served: Provider,
    options: RunOptions & Pick<ServingOptions, 'onError'>,
  ): Promise<Connection | HttpServer> {
    if (options.transport === 'http') {
      const { serveHttp } = await import('../serve/http/node-http.ts');
      return serveHttp(served, options);
    }
    const { serveStdio } = await import('../serve/stdio/serve-stdio.ts');
    return serveStdio(served, options);
  }

  #httpHandler(): Promise<HttpHandler> {
    this.#handler ??= import('../serve/http/http-handler.ts').then(({ createHttpHandler }) =>
      createHttpHandler(this.#options.provider, { ...this.#options.http, onError: this.#options.onError }),
    );
    return this.#handler;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#open].map((open) => open.close()));
    const handler = await this.#handler;
    handler?.refuseCalls();
    await handler?.drain(DRAIN_MS);
    await handler?.close();
    await this.#options.finish();
  }
}

/** How long to wait for calls in flight after `close()`. */
export const DRAIN_MS = 10_000;
