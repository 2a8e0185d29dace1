import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import {
  type Context,
  type ContextManager,
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openApi, type ProxyOptions } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';
import { fromMcp } from '../runtime/compose/remote.ts';
import type { Middleware } from '../runtime/middleware/middleware.ts';
import { rateLimit } from '../runtime/middleware/rate-limit.ts';
import { retry } from '../runtime/middleware/retry.ts';
import { tokenBucket } from '../runtime/middleware/token-bucket.ts';
import { withMiddleware } from '../runtime/middleware/with-middleware.ts';
import type { CallContext, Provider } from '../runtime/provider.ts';
import { serveConnection } from '../runtime/serve/connection.ts';
import { fixtureProvider } from '../runtime/serve/provider.test.fixture.ts';
import { createServer } from '../runtime/server.ts';
import { ToolError } from '../runtime/tool-error.ts';
import { openTelemetry, openTelemetrySessions } from './opentelemetry.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The context manager that an SDK for Node registers, without the rest of it. */
class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (inside, run, self, ...args) =>
    this.#storage.run(inside, () => run.apply(self as ThisParameterType<typeof run>, args));
  bind: ContextManager['bind'] = (_context, target) => target;
  enable = () => this;
  disable = () => this;
}

beforeAll(() => {
  context.setGlobalContextManager(new AsyncContextManager());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  return () => {
    context.disable();
    propagation.disable();
  };
});

function watched(provider: Provider, ...inner: readonly Middleware[]) {
  const { options, ...seen } = telemetry();
  return { provider: withMiddleware(provider, openTelemetry(options), ...inner), options, ...seen };
}

function telemetry() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  cleanups.push(() => meterProvider.shutdown());
  /** The series of a metric: attributes and value. */
  async function series(name = 'mcp.server.operation.duration') {
    await meterProvider.forceFlush();
    const [scope] = exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
    const metric = scope?.metrics.find(({ descriptor }) => descriptor.name === name);
    return (metric?.dataPoints ?? []).map(({ attributes, value }) => ({ attributes, value }));
  }
  return {
    options: { tracerProvider, meterProvider },
    spans: () => spans.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER),
    sent: () => spans.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CLIENT),
    series,
    /** How often each combination of attributes was measured. */
    async counts(name?: string) {
      const all = await series(name);
      return all.map(({ attributes, value }) => [attributes, (value as { count: number }).count]);
    },
  };
}

const CLIENT_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT_SPAN = '00f067aa0ba902b7';
const TRACEPARENT = `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01`;
const fromClient = (overrides: Partial<CallContext> = {}) =>
  callContext({ requestId: '7', meta: { traceparent: TRACEPARENT }, ...overrides });

/** An API that keeps the headers it was sent, and answers with a secret; `to-<origin>` redirects there. */
async function api(options: Pick<ProxyOptions, 'headers'> = {}) {
  const received: IncomingHttpHeaders[] = [];
  const server = createHttpServer((request, response) => {
    received.push(request.headers);
    const { url = '' } = request;
    const [, to] = /\/to-([^?]+)/.exec(url) ?? [];
    const status = to ? 302 : url.includes('missing') ? 404 : url.includes('busy') ? 503 : 200;
    if (url.includes('cut')) {
      response.writeHead(200, { 'Content-Length': 100 }).write('{');
      response.destroy();
      return;
    }
    const location = to && { Location: `${decodeURIComponent(decodeURIComponent(to))}/elsewhere` };
    response.writeHead(status, { 'Content-Type': 'application/json', ...location }).end('{"token":"s3cret-answer"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { provider } = await openApi(
    {
      openapi: '3.1.0',
      info: { title: 'Pets', version: '1' },
      paths: {
        '/pets/{id}': {
          get: {
            operationId: 'getPet',
            parameters: [
              { in: 'path', name: 'id', required: true, schema: { type: 'string' } },
              { in: 'query', name: 'key', schema: { type: 'string' } },
            ],
          },
        },
      },
    },
    { baseUrl: origin, environment: {}, ...options },
  );
  cleanups.push(() => provider.close());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { provider, received, origin, close };
}

describe('a span', () => {
  test('of a tool goes on from the client’s, that of its API request from it, and the API from that', async () => {
    const { provider: pets, received } = await api();
    const { provider, spans, sent } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: '1' } }, fromClient());
    const [span] = spans();
    const [request] = sent();
    expect(span).toMatchObject({
      name: 'tools/call getPet',
      kind: SpanKind.SERVER,
      status: { code: SpanStatusCode.UNSET },
      parentSpanContext: { traceId: CLIENT_TRACE, spanId: CLIENT_SPAN, isRemote: true },
    });
    expect(span?.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'getPet',
      'jsonrpc.request.id': '7',
    });
    expect(request?.parentSpanContext).toMatchObject({ traceId: CLIENT_TRACE, spanId: span?.spanContext().spanId });
    expect(received[0]?.traceparent).toBe(`00-${CLIENT_TRACE}-${request?.spanContext().spanId}-01`);
  });

  test('of a resource has its URI without the query, and only the method in its name', async () => {
    const { provider: pets, received } = await api();
    const { provider, spans } = watched(pets);
    await provider.readResource({ uri: 'api://pets/pets/1?key=s3cret' }, fromClient());
    expect(spans()[0]).toMatchObject({
      name: 'resources/read',
      attributes: { 'mcp.method.name': 'resources/read', 'mcp.resource.uri': 'api://pets/pets/1' },
    });
    expect(received[0]?.traceparent).toContain(CLIENT_TRACE);
  });

  test('of a prompt has its name', async () => {
    const { provider, spans } = watched(fixtureProvider());
    await provider.getPrompt({ name: 'greet', arguments: { who: 'Ann' } }, fromClient());
    expect(spans()[0]).toMatchObject({
      name: 'prompts/get greet',
      attributes: { 'mcp.method.name': 'prompts/get', 'gen_ai.prompt.name': 'greet' },
    });
  });

  test('of a completion has the prompt, or only the method', async () => {
    const { provider, spans } = watched(fixtureProvider());
    const argument = { name: 'who', value: '' };
    await provider.complete({ ref: { type: 'prompt', name: 'greet' }, argument, given: {} }, fromClient());
    await provider.complete({ ref: { type: 'resource', uri: 'api://test/{a}' }, argument, given: {} }, fromClient());
    expect(spans().map(({ name }) => name)).toEqual(['completion/complete greet', 'completion/complete']);
  });

  test('is not made for lists', async () => {
    const { provider, spans } = watched(fixtureProvider());
    await provider.listTools({});
    expect(spans()).toEqual([]);
  });

  test('says which MCP version, transport and session the request came with', async () => {
    const { provider, spans } = watched(fixtureProvider());
    const overHttp = { protocolVersion: '2025-11-25', session: 'one', requestHeader: () => null };
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient(overHttp));
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient({ protocolVersion: '2026-07-28' }));
    const [http, stdio] = spans().map(({ attributes }) => attributes);
    expect(http).toMatchObject({
      'mcp.protocol.version': '2025-11-25',
      'mcp.session.id': 'one',
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
    });
    expect(stdio).toMatchObject({ 'mcp.protocol.version': '2026-07-28', 'network.transport': 'pipe' });
    expect(stdio).not.toHaveProperty('mcp.session.id');
  });

  test('cuts what a client may make as long as it likes', async () => {
    const { provider, spans } = watched(fixtureProvider());
    const long = 'x'.repeat(100_000);
    await provider.callTool({ name: long, arguments: {} }, fromClient({ requestId: long })).catch(() => {});
    await provider.readResource({ uri: `api://test/${long}` }, fromClient()).catch(() => {});
    expect(JSON.stringify(spans().map(({ name, attributes }) => ({ name, attributes }))).length).toBeLessThan(2_000);
  });

  test('holds no arguments, results or messages', async () => {
    const { provider: pets } = await api();
    const { provider, spans, sent } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: 's3cret', key: 's3cret' } }, fromClient());
    await provider.callTool({ name: 'getPet', arguments: { id: 'missing', wrong: 's3cret' } }, fromClient());
    await provider.readResource({ uri: 'api://pets/pets/1?key=s3cret' }, fromClient());
    const told = [...spans(), ...sent()].map(({ name, attributes, events, status, links }) => ({
      name,
      attributes,
      events,
      status,
      links,
    }));
    expect(told.length).toBe(5);
    expect(JSON.stringify(told)).not.toMatch(/s3cret/);
  });

  test('links to the active span if the client sends its own', async () => {
    const { provider, spans, options } = watched(fixtureProvider());
    const http = options.tracerProvider.getTracer('http').startSpan('POST /mcp');
    const inHttp = trace.setSpan(context.active(), http);
    await context.with(inHttp, () => provider.callTool({ name: 'echo', arguments: {} }, fromClient()));
    await context.with(inHttp, () => provider.callTool({ name: 'echo', arguments: {} }, callContext()));
    const [told, untold] = spans();
    expect(told?.parentSpanContext?.spanId).toBe(CLIENT_SPAN);
    expect(told?.links.map((link) => link.context.spanId)).toEqual([http.spanContext().spanId]);
    expect(untold?.parentSpanContext?.spanId).toBe(http.spanContext().spanId);
    expect(untold?.links).toEqual([]);
  });

  test.each([
    ['a broken traceparent', 'x-y-z'],
    ['one that is not a string', 7],
    ['none', undefined],
  ])('starts a new trace with %s', async (_name, traceparent) => {
    const { provider, spans } = watched(fixtureProvider());
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient({ meta: { traceparent } }));
    expect(spans()[0]?.parentSpanContext).toBeUndefined();
  });
});

describe('what a client sends', () => {
  test('as tracestate goes on to the API, as baggage it does not', async () => {
    const { provider: pets, received } = await api();
    const { provider } = watched(pets);
    const meta = { traceparent: TRACEPARENT, tracestate: 'vendor=1', baggage: 'user=ann' };
    await provider.callTool({ name: 'getPet', arguments: { id: '1' } }, fromClient({ meta }));
    expect(received[0]).toMatchObject({ tracestate: 'vendor=1' });
    expect(received[0]).not.toHaveProperty('baggage');
  });

  test('as baggage in the headers of its HTTP request stays out of those to the API, too', async () => {
    const { provider: pets, received } = await api();
    const { provider } = watched(pets);
    const inHttp = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ user: { value: 'ann' } }));
    await context.with(inHttp, () => provider.callTool({ name: 'getPet', arguments: { id: '1' } }, fromClient()));
    expect(received[0]).toHaveProperty('traceparent');
    expect(received[0]).not.toHaveProperty('baggage');
  });
});

describe('failures', () => {
  const failing = (error: unknown): Provider => ({
    ...fixtureProvider(),
    callTool: async () => Promise.reject(error),
    readResource: async () => Promise.reject(error),
  });

  test.each<[string, Provider, string, object]>([
    ['a result with isError', fixtureProvider(), 'throw', { 'error.type': 'tool_error' }],
    ['a ToolError', failing(new ToolError('s3cret')), 'echo', { 'error.type': 'tool_error' }],
    [
      'a wrong request',
      fixtureProvider(),
      'bad-arguments',
      { 'error.type': '-32602', 'rpc.response.status_code': '-32602' },
    ],
  ])('%s sets status and error.type', async (_name, inner, tool, want) => {
    const { provider, spans } = watched(inner);
    await provider.callTool({ name: tool, arguments: {} }, fromClient()).catch(() => {});
    const [span] = spans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject(want);
  });

  test('of a read are recorded by JSON-RPC code', async () => {
    const { provider, spans } = watched(fixtureProvider());
    await expect(provider.readResource({ uri: 'api://test/broken' }, fromClient())).rejects.toThrow();
    await expect(provider.readResource({ uri: 'api://test/nope' }, fromClient())).rejects.toThrow();
    expect(spans().map(({ attributes }) => attributes['error.type'])).toEqual(['-32603', '-32602']);
  });

  test('of the API are recorded by status', async () => {
    const { provider: pets } = await api();
    const { provider, spans } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: 'missing' } }, fromClient());
    expect(spans()[0]?.attributes).toMatchObject({ 'error.type': 'tool_error', 'openapi_mcp.api.status_code': 404 });
  });

  test('a cancelled call says so', async () => {
    const { provider, spans } = watched(fixtureProvider());
    const controller = new AbortController();
    const call = provider.callTool({ name: 'hang', arguments: {} }, fromClient({ signal: controller.signal }));
    controller.abort();
    await call.catch(() => {});
    expect(spans()[0]?.attributes['error.type']).toBe('cancelled');
  });
});

describe('the duration', () => {
  test('is measured by tool and kind of failure', async () => {
    const { provider, counts } = watched(fixtureProvider());
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient());
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient());
    await provider.callTool({ name: 'throw', arguments: {} }, fromClient()).catch(() => {});
    await provider.readResource({ uri: 'api://test/status' }, fromClient());
    const echo = {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'echo',
    };
    expect(await counts()).toEqual([
      [echo, 2],
      [{ ...echo, 'gen_ai.tool.name': 'throw', 'error.type': 'tool_error' }, 1],
      [{ 'mcp.method.name': 'resources/read' }, 1],
    ]);
  });

  test('has no series for names that a client made up, nor has a span their name', async () => {
    const { provider, counts, spans } = watched(fixtureProvider());
    for (const name of ['made', 'up', 'names']) {
      await provider.callTool({ name, arguments: {} }, fromClient()).catch(() => {});
      await provider.getPrompt({ name, arguments: {} }, fromClient()).catch(() => {});
    }
    const error = { 'error.type': '-32602', 'rpc.response.status_code': '-32602' };
    expect(await counts()).toEqual([
      [{ 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool', ...error }, 3],
      [{ 'mcp.method.name': 'prompts/get', ...error }, 3],
    ]);
    expect(new Set(spans().map(({ name }) => name))).toEqual(new Set(['tools/call', 'prompts/get']));
  });

  test('has none either if a limit refuses the call before its tool is looked up', async () => {
    const { provider, counts } = watched(
      fixtureProvider(),
      rateLimit({ global: tokenBucket({ size: 1, perSecond: 0.001 }) }),
    );
    for (const name of ['echo', 'echo', 'made', 'up']) {
      await provider.callTool({ name, arguments: {} }, fromClient());
    }
    const tool = { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool' };
    expect(await counts()).toEqual([
      [{ ...tool, 'gen_ai.tool.name': 'echo' }, 1],
      [{ ...tool, 'gen_ai.tool.name': 'echo', 'error.type': 'tool_error' }, 1],
      [{ ...tool, 'error.type': 'tool_error' }, 2],
    ]);
  });

  test('counts the calls in flight', async () => {
    const { provider, series } = watched(fixtureProvider());
    const controller = new AbortController();
    const hanging = provider.callTool({ name: 'hang', arguments: {} }, fromClient({ signal: controller.signal }));
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient());
    const inFlight = () => series('openapi_mcp.calls.in_flight');
    expect(await inFlight()).toEqual([{ attributes: { 'mcp.method.name': 'tools/call' }, value: 1 }]);
    controller.abort();
    await hanging.catch(() => {});
    expect(await inFlight()).toEqual([{ attributes: { 'mcp.method.name': 'tools/call' }, value: 0 }]);
  });
});

describe('a request to an API', () => {
  const server = (received: readonly IncomingHttpHeaders[]) => Number(received[0]?.host?.split(':')[1]);

  test('has a span and a duration, without arguments', async () => {
    const { provider: pets, received } = await api();
    const { provider, sent, counts } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: '1', key: 'k' } }, fromClient());
    const port = server(received);
    const [span] = sent();
    expect(span).toMatchObject({ name: 'GET /pets/{id}', status: { code: SpanStatusCode.UNSET } });
    expect(span?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `http://127.0.0.1:${port}/pets/{id}`,
      'url.template': '/pets/{id}',
    });
    const series = { 'http.request.method': 'GET', 'server.address': '127.0.0.1', 'server.port': port };
    expect(await counts('http.client.request.duration')).toEqual([
      [{ ...series, 'http.response.status_code': 200 }, 1],
    ]);
  });

  test('that fails says how', async () => {
    const { provider: pets, close } = await api();
    const { provider, sent } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: 'missing' } }, fromClient());
    await provider.callTool({ name: 'getPet', arguments: { id: 'cut' } }, fromClient());
    await close();
    await provider.callTool({ name: 'getPet', arguments: { id: '1' } }, fromClient());
    expect(sent().map(({ attributes, status }) => [attributes['error.type'], status.code])).toEqual([
      ['404', SpanStatusCode.ERROR],
      [expect.stringMatching(/^(?:CONNECTION_LOST|UND_ERR_\w+|ECONNRESET)$/), SpanStatusCode.ERROR],
      ['CONNECTION_REFUSED', SpanStatusCode.ERROR],
    ]);
  });

  test('that is retried counts how often', async () => {
    const { provider: pets } = await api();
    const { provider, sent } = watched(pets, retry({ attempts: 3, firstWaitMs: 0 }));
    await provider.callTool({ name: 'getPet', arguments: { id: 'busy' } }, fromClient());
    await provider.callTool({ name: 'getPet', arguments: { id: '1' } }, fromClient());
    expect(sent().map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
      2,
      undefined,
    ]);
  });

  test('that is redirected has a span for each request; where to is in no series, and gets no traceparent', async () => {
    const { provider: pets, received } = await api();
    const { received: strangers, origin } = await api();
    const { provider, sent, counts } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: `to-${encodeURIComponent(origin)}` } }, fromClient());
    const [first, second] = sent();
    expect(first?.attributes).toMatchObject({ 'http.response.status_code': 302, 'url.template': '/pets/{id}' });
    expect(second).toMatchObject({
      name: 'GET',
      attributes: { 'url.full': `${origin}/`, 'http.request.resend_count': 1 },
    });
    expect(received[0]?.traceparent).toContain(first?.spanContext().spanId);
    expect(strangers[0]).not.toHaveProperty('traceparent');
    const addresses = (await counts('http.client.request.duration')).map(([attributes]) => attributes);
    expect(addresses).toMatchObject([{ 'server.address': '127.0.0.1' }, { 'server.address': '_OTHER' }]);
  });

  test('keeps a traceparent of the owner', async () => {
    const { provider: pets, received } = await api({ headers: { traceparent: 'own' } });
    const { provider } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: '1' } }, fromClient());
    expect(received[0]?.traceparent).toBe('own');
  });
});

describe('sessions', () => {
  test('are measured until they end, and counted while they are open', async () => {
    const { options, series } = telemetry();
    const onSession = openTelemetrySessions({ meterProvider: options.meterProvider });
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    serveConnection(fixtureProvider(), serverSide, { onError: () => {}, onSession });
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(clientSide);
    const open = () => series('openapi_mcp.sessions.open');
    expect(await open()).toEqual([{ attributes: { 'network.transport': 'pipe' }, value: 1 }]);
    await client.close();
    expect(await open()).toEqual([{ attributes: { 'network.transport': 'pipe' }, value: 0 }]);
    expect(await series('mcp.server.session.duration')).toMatchObject([
      { attributes: { 'network.transport': 'pipe', 'mcp.protocol.version': '2025-11-25' } },
    ]);
  });
});

test.each(['auto', 'legacy'] as const)(
  'spans follow each other from the client through tools to the API (%s)',
  async (mode) => {
    const { provider: pets, received } = await api();
    const { options, spans, sent } = telemetry();
    const server = createServer({ name: 'main', version: '1' });
    server.use(openTelemetry(options));
    server.mount('shop', pets);
    server.tool('outer', { input: z.object({}) }, async (_given, { callTool }) => {
      await callTool('shop_getPet', { id: '1' });
      return trace.getActiveSpan()?.spanContext().spanId ?? 'none';
    });
    const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    cleanups.push(
      () => server.close(),
      () => client.close(),
    );
    await server.connect(serverSide);
    await client.connect(clientSide);
    const { content } = await client.callTool({ name: 'outer', arguments: {}, _meta: { traceparent: TRACEPARENT } });
    const [inner, outer] = spans();
    expect([inner?.name, outer?.name]).toEqual(['tools/call shop_getPet', 'tools/call outer']);
    expect(outer?.parentSpanContext?.spanId).toBe(CLIENT_SPAN);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(sent()[0]?.parentSpanContext?.spanId).toBe(inner?.spanContext().spanId);
    expect(received[0]?.traceparent).toContain(sent()[0]?.spanContext().spanId);
    // Inside the handler the span is active: what it does itself is traced too.
    expect(content).toEqual([{ type: 'text', text: outer?.spanContext().spanId }]);
  },
);

test.each(['auto', 'legacy'] as const)('a trace goes on through a remote MCP server (%s)', async (mode) => {
  const far = watched(fixtureProvider());
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  serveConnection(far.provider, serverSide, { onError: () => {} });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  cleanups.push(() => client.close());
  await client.connect(clientSide);
  const near = watched(fromMcp(client));
  const steps: number[] = [];
  const progress: CallContext['progress'] = ({ progress: step }) => void steps.push(step);
  await near.provider.callTool({ name: 'steps', arguments: {} }, fromClient({ progress }));
  await near.provider.readResource({ uri: 'api://test/status' }, fromClient());
  await near.provider.getPrompt({ name: 'greet', arguments: { who: 'Ann' } }, fromClient());
  const ids = (spans: typeof near.spans) => spans().map((span) => span.spanContext().spanId);
  expect(far.spans().map((span) => span.parentSpanContext?.spanId)).toEqual(ids(near.spans));
  // In addition to the progress token.
  expect(steps).toEqual([1, 2, 3]);
});
