import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type OpenedApi, openApi } from '../proxy.ts';
import { createArgumentValidator } from '../runtime/api/validate-arguments.ts';
import { callContext } from '../runtime/call-context.ts';
import type { ToolResult } from '../runtime/provider.ts';

export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** A document of `test-specs/` through the provider, with an HTTP server on loopback as its API. */
export function servedDocument(name: string, environment: Readonly<Record<string, string>> = {}) {
  const arrived: Arrived[] = [];
  let reply: Reply = {};
  let opened: OpenedApi;
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    arrived.push({ method, url, headers, body: await buffer(request) });
    response.writeHead(reply.status ?? 200, reply.headers ?? { 'content-type': 'application/json' });
    response.end(reply.body ?? '{}');
  });
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const file = fileURLToPath(new URL(`../../test-specs/${name}`, import.meta.url));
    opened = await openApi(file, { cache: false, baseUrl, environment });
  });
  beforeEach(() => {
    arrived.length = 0;
    reply = {};
  });
  afterAll(async () => {
    await opened?.provider.close();
    server.close();
  });
  return {
    /** What the API sends back, to every call of this test. */
    replies(next: Reply) {
      reply = next;
    },
    call: (tool: string, args: Readonly<Record<string, unknown>> = {}): Promise<ToolResult> =>
      opened.provider.callTool({ name: tool, arguments: args }, callContext()),
    read: (uri: string) => opened.provider.readResource({ uri }, callContext()),
    /** The one request that was sent. */
    sent(): Arrived {
      const [only, ...more] = arrived;
      if (!only || more.length > 0) throw new Error(`${arrived.length} requests were sent, not one.`);
      return only;
    },
    get requests(): readonly Arrived[] {
      return arrived;
    },
    model: () => opened.model,
    problems: () => opened.problems,
    operation(id: string) {
      const found = opened.model.operations.find((operation) => operation.id === id);
      if (!found) throw new Error(`There is no operation "${id}".`);
      return found;
    },
    /** What is wrong with arguments, by the exact schema. */
    async faults(id: string, args: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
      const found = await createArgumentValidator().validate(this.operation(id), opened.model.schemas, args);
      return found.map(({ message }) => message);
    },
  };
}

/** All texts of a result. */
export const textOf = ({ content }: ToolResult): string =>
  content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
