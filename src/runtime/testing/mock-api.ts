import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type ApiModel, type DeclaredResponse, isJsonType, type Operation } from '../../model/index.ts';
import { mockResponse } from './mock-response.ts';

/** A request as it reached the mock API. */
export interface RecordedRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface MockApi {
  /** `http://127.0.0.1:<port>`, for use as base URL. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/**
 * The API of a model on loopback: each operation returns its documented example, or a value derived from its response
 * schema; 204 if the document describes no response, 404 if no operation has that method and path.
 */
export async function startMockApi(model: ApiModel, { port = 0 }: { port?: number } = {}): Promise<MockApi> {
  const routes = model.operations.map(route).sort((a, b) => a.parameters - b.parameters);
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    recorded(request)
      .then((record) => {
        requests.push(record);
        answer(response, findRoute(routes, record)?.operation, model);
      })
      // The client disconnected while sending.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The mock API has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Route {
  readonly operation: Operation;
  readonly path: RegExp;
  /** `/pets/mine` takes precedence over `/pets/{id}` (OpenAPI 3.1.1 §4.8.8.2 "Path Templating Matching"). */
  readonly parameters: number;
}

function route(operation: Operation): Route {
  const { path } = operation.request;
  const pattern = path.map((part) => {
    if (typeof part === 'string') return part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    return part.allowReserved ? '.+' : '[^/]+';
  });
  const parameters = path.filter((part) => typeof part !== 'string').length;
  return { operation, path: new RegExp(`^${pattern.join('')}$`), parameters };
}

function findRoute(routes: readonly Route[], { method, url }: RecordedRequest): Route | undefined {
  const { pathname, search } = new URL(url, 'http://mock.invalid');
  const matching = routes.filter(({ operation, path }) => operation.request.method === method && path.test(pathname));
  // `/a?x=1` and `/a?x=2` may be two operations: a matching fixed query takes precedence over none.
  const sent = search.slice(1).split('&');
  const fixed = (found: Route) => found.operation.request.fixedQuery;
  return (
    matching.find(
      (found) =>
        fixed(found) !== '' &&
        fixed(found)
          .split('&')
          .every((pair) => sent.includes(pair)),
    ) ?? matching.find((found) => fixed(found) === '')
  );
}

function answer(response: ServerResponse, operation: Operation | undefined, model: ApiModel): void {
  if (operation === undefined) {
    response.writeHead(404, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ title: 'No operation has this method and path.', status: 404 }));
    return;
  }
  const made = mockResponse({ operation, arguments: {}, responses: [declared(operation)], schemas: model.schemas });
  response.writeHead(made?.status ?? 204, Object.fromEntries(made?.headers ?? []));
  response.end(made?.body);
}

/** All that a model has of a response: the schema for success. */
function declared({ response, origin }: Operation): DeclaredResponse {
  const { schema, accept } = response;
  const [preferred = ''] = accept.split(/[,;]/);
  const isWritten = preferred.startsWith('text/') || isJsonType(preferred);
  const mediaType = isWritten ? preferred : 'application/json';
  const { pointer } = origin;
  return {
    status: schema === undefined ? '204' : '200',
    pointer,
    contents: schema === undefined ? [] : [{ mediaType, pointer, schema, examples: [] }],
    headers: [],
  };
}

async function recorded(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
}
