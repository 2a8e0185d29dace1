import type { Provider } from './provider.ts';
import type { Connection } from './serve/connection.ts';
import type { HttpServer, HttpServerOptions } from './serve/http/node-http.ts';
import { checkedHttpServer, checkedStdio } from './serve/serve-options.ts';
import type { StdioOptions } from './serve/stdio/serve-stdio.ts';

// Imported on demand: the runtime's index uses only web standards, so that Workers can import it.

/** Serves MCP over Streamable HTTP with Node's own HTTP server. @throws ServeError, see `serve/http/node-http.ts` */
export async function serveHttp(
  provider: Provider,
  options: Partial<HttpServerOptions> & Pick<HttpServerOptions, 'onError'>,
): Promise<HttpServer> {
  checkedHttpServer(options);
  const { serveHttp: serve } = await import('./serve/http/node-http.ts');
  return serve(provider, options);
}

/** Serves the provider to the client that started this process, see `serve/stdio/serve-stdio.ts`. */
export async function serveStdio(provider: Provider, options: StdioOptions): Promise<Connection> {
  checkedStdio(options);
  const { serveStdio: serve } = await import('./serve/stdio/serve-stdio.ts');
  return serve(provider, options);
}
