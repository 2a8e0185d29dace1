import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, vi } from 'vitest';

/** An API on loopback, which the examples find in `PET_SHOP_URL`. */
export async function petApi(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string[]> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  afterAll(() => server.close());
  vi.stubEnv('PET_SHOP_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return requests;
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
