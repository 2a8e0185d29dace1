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
import { openApi } from '../proxy.ts';
import { callContext } from '../runtime/call-context.ts';
import { fromMcp } from '../runtime/compose/remote.ts';
import { withMiddleware } from '../runtime/middleware/with-middleware.ts';
import type { CallContext, Provider } from '../runtime/provider.ts';
import { serveConnection } from '../runtime/serve/connection.ts';
import { fixtureProvider } from '../runtime/serve/provider.test.fixture.ts';
import { createServer } from '../runtime/server.ts';
import { ToolError } from '../runtime/tool-error.ts';
import { openTelemetry } from './opentelemetry.ts';

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

function watched(provider: Provider) {
  const { options, spans, series } = telemetry();
  return { provider: withMiddleware(provider, openTelemetry(options)), spans, series, options };
}

function telemetry() {
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  cleanups.push(() => meterProvider.shutdown());
  return {
    options: { tracerProvider, meterProvider },
    spans: () => spans.getFinishedSpans(),
    async series() {
      await meterProvider.forceFlush();
      const [scope] = exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
      return scope?.metrics ?? [];
    },
  };
}

const CLIENT_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT_SPAN = '00f067aa0ba902b7';
const TRACEPARENT = `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01`;
const fromClient = (overrides: Partial<CallContext> = {}) =>
  callContext({ requestId: '7', meta: { traceparent: TRACEPARENT }, ...overrides });

/** An API that keeps the headers it was sent, and answers with a secret. */
async function api() {
  const received: IncomingHttpHeaders[] = [];
  const server = createHttpServer((request, response) => {
    received.push(request.headers);
    const status = request.url?.includes('missing') ? 404 : 200;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end('{"token":"s3cret-answer"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
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
    { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, environment: {} },
  );
  cleanups.push(() => provider.close());
  return { provider, received };
}

describe('a span', () => {
  test('of a tool goes on from the client’s, and its API goes on from it', async () => {
    const { provider: pets, received } = await api();
    const { provider, spans } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: '1' } }, fromClient());
    const [span] = spans();
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
    expect(received[0]?.traceparent).toBe(`00-${CLIENT_TRACE}-${span?.spanContext().spanId}-01`);
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

  test('is not made for lists and completions', async () => {
    const { provider, spans } = watched(fixtureProvider());
    await provider.listTools({});
    await provider.complete(
      { ref: { type: 'prompt', name: 'greet' }, argument: { name: 'who', value: '' }, given: {} },
      fromClient(),
    );
    expect(spans()).toEqual([]);
  });

  test('holds no arguments, results or messages', async () => {
    const { provider: pets } = await api();
    const { provider, spans } = watched(pets);
    await provider.callTool({ name: 'getPet', arguments: { id: 's3cret', key: 's3cret' } }, fromClient());
    await provider.callTool({ name: 'getPet', arguments: { id: 'missing', wrong: 's3cret' } }, fromClient());
    await provider.readResource({ uri: 'api://pets/pets/1?key=s3cret' }, fromClient());
    const told = spans().map(({ name, attributes, events, status, links }) => ({
      name,
      attributes,
      events,
      status,
      links,
    }));
    expect(told.length).toBe(3);
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
    const { provider, series } = watched(fixtureProvider());
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient());
    await provider.callTool({ name: 'echo', arguments: {} }, fromClient());
    await provider.callTool({ name: 'throw', arguments: {} }, fromClient()).catch(() => {});
    await provider.readResource({ uri: 'api://test/status' }, fromClient());
    const [metric] = await series();
    expect(metric?.descriptor).toMatchObject({ name: 'mcp.server.operation.duration', unit: 's' });
    const echo = {
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'echo',
    };
    expect(metric?.dataPoints.map(({ attributes, value }) => [attributes, (value as { count: number }).count])).toEqual(
      [
        [echo, 2],
        [{ ...echo, 'gen_ai.tool.name': 'throw', 'error.type': 'tool_error' }, 1],
        [{ 'mcp.method.name': 'resources/read' }, 1],
      ],
    );
  });

  test('has no series for names that a client made up, nor has a span their name', async () => {
    const { provider, series, spans } = watched(fixtureProvider());
    for (const name of ['made', 'up', 'names']) {
      await provider.callTool({ name, arguments: {} }, fromClient()).catch(() => {});
    }
    const [metric] = await series();
    expect(metric?.dataPoints.length).toBe(1);
    expect(spans().map(({ name }) => name)).toEqual(['tools/call', 'tools/call', 'tools/call']);
  });
});

test.each(['auto', 'legacy'] as const)(
  'spans follow each other from the client through tools to the API (%s)',
  async (mode) => {
    const { provider: pets, received } = await api();
    const { options, spans } = telemetry();
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
    expect(received[0]?.traceparent).toContain(inner?.spanContext().spanId);
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
