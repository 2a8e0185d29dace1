import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { type OpenedApi, openApi, type ProxyOptions } from '../proxy.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

export type Reply = Readonly<{ status?: number; location?: string; json?: unknown }>;

export type Network = Awaited<ReturnType<typeof network>>;

/**
 * A network behind a forward proxy: public hosts and private ones, each a reply by host and path. What the proxy was
 * asked for, and the `Authorization` of each request, is kept. `environment` leads through the proxy.
 */
export async function network(replies: Readonly<Record<string, Reply>>) {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { host, pathname } = new URL(request.url ?? '', 'http://direct.invalid');
    asked.push(`${request.method} ${host}${pathname}`);
    authorizations.push(request.headers.authorization);
    const { status, location, json } = replies[`${host}${pathname}`] ?? { status: 404 };
    response.writeHead(status ?? (location === undefined ? 200 : 302), {
      'content-type': 'application/json',
      ...(location !== undefined && { location }),
    });
    response.end(JSON.stringify(json ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const environment = { http_proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  const open = async (source: string | object, options: ProxyOptions = {}): Promise<OpenedApi> => {
    const api = await openApi(source as string, {
      cache: false,
      ...options,
      environment: { ...options.environment, ...environment },
    });
    closers.push(() => api.provider.close());
    return api;
  };
  return { asked, authorizations, environment, open };
}
