import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import { importProject } from '../emitted-project.test.fixture.ts';
import { generateProject } from '../generate.ts';
import { type OpenedApi, openApi } from '../proxy.ts';
import { createInterpretingValidator } from '../runtime/api/arguments/interpret-arguments.ts';
import { createArgumentValidator } from '../runtime/api/arguments/validate-arguments.ts';
import { callContext } from '../runtime/call-context.ts';
import type { Provider, Tool, ToolResult } from '../runtime/provider.ts';

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
  const server = apiServer(arrived, () => reply);
  beforeAll(async () => {
    const baseUrl = await listening(server);
    opened = await openApi(specOf(name), { cache: false, baseUrl, environment });
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
    sent: () => onlyOne(arrived),
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
    /** What is wrong with arguments, by the exact schema; the same with and without code generation. */
    async faults(id: string, args: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
      const found = await createArgumentValidator().validate(this.operation(id), opened.model.schemas, args);
      const other = await createInterpretingValidator().validate(this.operation(id), opened.model.schemas, args);
      expect(other).toEqual(found);
      return found.map(({ message }) => message);
    },
  };
}

/** The same tests for the provider of a document and for that of its emitted project, before one HTTP server. */
export function describeBoth(name: string, body: (api: BothApi) => void): void {
  describe.each(['proxy', 'emitted'] as const)(`${name}, %s`, (kind) => {
    const arrived: Arrived[] = [];
    let reply: Reply = {};
    let provider: Provider;
    const server = apiServer(arrived, () => reply);
    beforeAll(async () => {
      const baseUrl = await listening(server);
      provider = await (kind === 'proxy' ? proxyOf(name, baseUrl) : emittedOf(name, baseUrl));
    });
    beforeEach(() => {
      arrived.length = 0;
      reply = {};
    });
    afterAll(async () => {
      await provider?.close();
      server.close();
    });
    body({
      replies(next) {
        reply = next;
      },
      call: (tool, args = {}) => provider.callTool({ name: tool, arguments: args }, callContext()),
      sent: () => onlyOne(arrived),
      requests: arrived,
      tools: () => provider.listTools({}),
    });
  });
}

export interface BothApi {
  replies(next: Reply): void;
  call(tool: string, args?: Readonly<Record<string, unknown>>): Promise<ToolResult>;
  sent(): Arrived;
  readonly requests: readonly Arrived[];
  tools(): Promise<readonly Tool[]>;
}

async function proxyOf(name: string, baseUrl: string): Promise<Provider> {
  return (await openApi(specOf(name), { cache: false, baseUrl, environment: {} })).provider;
}

async function emittedOf(name: string, baseUrl: string): Promise<Provider> {
  const project = await generateProject(specOf(name), { cache: false });
  return (await importProject(project)).create({ baseUrl, environment: {} });
}

function apiServer(arrived: Arrived[], reply: () => Reply): Server {
  return createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    arrived.push({ method, url, headers, body: await buffer(request) });
    const { status = 200, headers: sent = { 'content-type': 'application/json' }, body = '{}' } = reply();
    response.writeHead(status, sent);
    response.end(body);
  });
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const specOf = (name: string): string => fileURLToPath(new URL(`../../test-specs/${name}`, import.meta.url));

function onlyOne(arrived: readonly Arrived[]): Arrived {
  const [only, ...more] = arrived;
  if (!only || more.length > 0) throw new Error(`${arrived.length} requests were sent, not one.`);
  return only;
}

/** All texts of a result. */
export const textOf = ({ content }: ToolResult): string =>
  content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
