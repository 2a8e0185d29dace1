import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, describe, expect, test } from 'vitest';
import { endedAlone, fromRoot, type Started, start } from '../cli/started.test.fixture.ts';
import { freePort } from '../free-port.test.fixture.ts';
import { protobufTexts, startCollector } from './collector.test.fixture.ts';
import { scrape } from './prometheus.test.fixture.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const KEY = 's3cret-key';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

/** A document whose API needs a key in the query, and that API; it keeps the headers that it was sent. */
async function pets() {
  const received: IncomingHttpHeaders[] = [];
  const api = createServer((request, response) => {
    received.push(request.headers);
    response.writeHead(request.url?.includes(`key=${KEY}`) ? 200 : 401, { 'Content-Type': 'application/json' });
    response.end('{"id":1}');
  }).listen(0, '127.0.0.1');
  await once(api, 'listening');
  const folder = mkdtempSync(join(tmpdir(), 'telemetry-'));
  cleanups.push(
    () => api.close(),
    () => rmSync(folder, { recursive: true }),
  );
  const { port } = api.address() as AddressInfo;
  const document = join(folder, 'pets.json');
  const operation = {
    operationId: 'getPet',
    security: [{ key: [] }],
    parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
  };
  writeFileSync(
    document,
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Pets', version: '1' },
      servers: [{ url: `http://127.0.0.1:${port}/v1` }],
      paths: { '/pets/{id}': { get: operation } },
      components: { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'key' } } },
    }),
  );
  return { document, folder, received, port };
}

interface Running extends Started {
  readonly url: string;
  /** Of the metrics. */
  readonly metrics: string;
}

async function serve(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const started = start(['run', ...words, '--transport', 'http', '--port', '0'], { env: { API_KEY_KEY: KEY, ...env } });
  cleanups.push(async () => {
    started.kill('SIGKILL');
    await started.ended;
  });
  await started.said('Serving ');
  const url = /Serving (\S+)/.exec(started.stderr())?.[1] ?? '';
  return { ...started, url, metrics: /served at (\S+)\./.exec(started.stderr())?.[1] ?? '' };
}

async function connected(url: string, mode: 'auto' | 'legacy' = 'auto') {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  cleanups.push(() => client.close());
  return client;
}

const call = (client: Client, name = 'getPet', id = 's3cret-argument') =>
  client.callTool({ name, arguments: { id }, _meta: { traceparent: TRACEPARENT } });

/** Sent at once, in JSON, so that the collector can read it. */
const json = (url: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_BSP_SCHEDULE_DELAY: '50',
  OTEL_METRIC_EXPORT_INTERVAL: '200',
});

describe('run --otel', () => {
  test('sends a trace from the client through the tool to the API, without arguments and credentials', async () => {
    const { document, received, port } = await pets();
    const collector = await startCollector();
    cleanups.push(collector.close);
    const server = await serve([document, '--otel'], {
      ...json(collector.url),
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=s3cret-header',
    });
    expect(server.stderr()).toContain(`Traces are sent to ${collector.url}.`);
    await call(await connected(server.url, 'legacy'));
    await expect.poll(() => collector.spans().length).toBe(2);
    await expect.poll(() => collector.metrics()).toContain('mcp.server.operation.duration');
    const [api, tool] = collector.spans();
    expect(tool).toMatchObject({
      name: 'tools/call getPet',
      kind: 2,
      traceId: TRACE,
      parentSpanId: '00f067aa0ba902b7',
    });
    expect(tool?.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': '2025-11-25',
      'mcp.session.id': expect.any(String),
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'getPet',
      'jsonrpc.request.id': expect.any(String),
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
    });
    expect(api).toMatchObject({ name: 'GET /v1/pets/{id}', kind: 3, traceId: TRACE, parentSpanId: tool?.spanId });
    expect(api?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `http://127.0.0.1:${port}/v1/pets/{id}`,
      'url.template': '/v1/pets/{id}',
    });
    expect(received[0]?.traceparent).toBe(`00-${TRACE}-${api?.spanId}-01`);
    expect(collector.resource()).toMatchObject({ 'service.name': 'shop', 'deployment.environment.name': 'test' });
    expect(collector.received[0]?.headers['x-collector-key']).toBe('s3cret-header');
    const sent = collector.received.map(({ body }) => body.toString()).join('');
    expect(sent + server.stderr()).not.toMatch(/s3cret/);
  });

  test('sends protobuf by default, and the rest at SIGTERM', async () => {
    const { document } = await pets();
    const collector = await startCollector();
    cleanups.push(collector.close);
    const server = await serve([document, '--otel'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const client = await connected(server.url);
    await call(client);
    expect(collector.received).toEqual([]);
    server.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    const bodyOf = (wanted: string) => collector.received.find(({ path }) => path === wanted)?.body ?? Buffer.alloc(0);
    expect(collector.received[0]?.headers['content-type']).toBe('application/x-protobuf');
    expect(protobufTexts(bodyOf('/v1/traces'), [1, 2, 2, 5])).toEqual(['GET /v1/pets/{id}', 'tools/call getPet']);
    const metrics = protobufTexts(bodyOf('/v1/metrics'), [1, 2, 2, 1]);
    expect(metrics).toContain('mcp.server.operation.duration');
    expect(metrics).toContain('http.client.request.duration');
  });

  test('writes to stderr with the exporter console, never to stdout', async () => {
    const { document } = await pets();
    const env = { API_KEY_KEY: KEY, OTEL_TRACES_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'none' };
    const messages = [
      {
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
      },
      { id: 2, method: 'tools/call', params: { name: 'getPet', arguments: { id: '1' } } },
    ];
    const stdin = messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
    const { stdout, stderr, code } = await endedAlone(['run', document, '--otel'], { env, stdin });
    expect(code).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([1, 2]);
    const [line] = stderr.split('\n').filter((text) => text.startsWith('{'));
    const spans = JSON.parse(line ?? '').resourceSpans[0].scopeSpans[0].spans;
    expect(spans.map(({ name }: { name: string }) => name)).toEqual(['GET /v1/pets/{id}', 'tools/call getPet']);
    expect(JSON.stringify(spans)).toContain('"pipe"');
  });

  test('samples as the variables say', async () => {
    const { document } = await pets();
    const collector = await startCollector();
    cleanups.push(collector.close);
    const server = await serve([document, '--otel'], { ...json(collector.url), OTEL_TRACES_SAMPLER: 'always_off' });
    await call(await connected(server.url));
    await expect.poll(() => collector.metrics()).toContain('mcp.server.operation.duration');
    expect(collector.spans()).toEqual([]);
  });

  test('records composites, with the names that clients see, and is a config key', async () => {
    const { document, folder } = await pets();
    const collector = await startCollector();
    cleanups.push(collector.close);
    const config = join(folder, 'openapi-mcp.config.json');
    const apis = { one: { spec: document }, two: { spec: document } };
    writeFileSync(config, JSON.stringify({ name: 'both', apis, otel: true, metricsPort: 0 }));
    const server = await serve([config], { ...json(collector.url), ONE_API_KEY_KEY: KEY });
    await call(await connected(server.url), 'one_getPet');
    await expect
      .poll(() => collector.spans().map(({ name }) => name))
      .toEqual(['GET /v1/pets/{id}', 'tools/call one_getPet']);
    expect(collector.resource()).toMatchObject({ 'service.name': 'both' });
    const { text } = await scrape(server.metrics);
    expect(text).toMatch(/^mcp_server_operation_duration_count\{.*gen_ai_tool_name="one_getPet".*\} 1$/m);
  });
});

test('run --otel records a module, whose APIs have another copy of the runtime', async () => {
  const { document, folder, received } = await pets();
  const collector = await startCollector();
  cleanups.push(collector.close);
  const module = join(folder, 'desk.mjs');
  const program = JSON.stringify(pathToFileURL(fromRoot('dist/index.js')).href);
  writeFileSync(
    module,
    `import { createServer, fromOpenApi } from ${program};
    const server = createServer({ name: 'desk', version: '2' });
    server.mount('pets', await fromOpenApi(${JSON.stringify(document)}));
    export default server;`,
  );
  const server = await serve([module, '--otel'], json(collector.url));
  await call(await connected(server.url), 'pets_getPet');
  await expect.poll(() => collector.spans().length).toBe(2);
  const [api, tool] = collector.spans();
  expect([api?.name, tool?.name]).toEqual(['GET /v1/pets/{id}', 'tools/call pets_getPet']);
  expect(api?.parentSpanId).toBe(tool?.spanId);
  expect(received[0]?.traceparent).toContain(api?.spanId);
  expect(collector.resource()).toMatchObject({ 'service.name': 'desk', 'service.version': '2' });
});

describe('a collector that does not work', () => {
  test('neither fails nor slows calls, and is reported once until it works', async () => {
    const { document } = await pets();
    const port = await freePort();
    const env = { ...json(`http://ann:s3cret-user@127.0.0.1:${port}`), OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
    const server = await serve([document, '--otel'], env);
    const client = await connected(server.url);
    for (let batch = 0; batch < 8; batch++) {
      const began = performance.now();
      expect((await call(client)).isError).not.toBe(true);
      expect(performance.now() - began).toBeLessThan(1_000);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    await server.said('Telemetry cannot be sent');
    const reports = server.stderr().match(/^.*elemetry cannot be sent.*$/gm);
    expect(reports).toEqual([
      `Telemetry cannot be sent to http://127.0.0.1:${port} (ECONNREFUSED). Calls are not affected. What is not sent is lost.`,
    ]);
    const collector = await startCollector({ port });
    cleanups.push(collector.close);
    await call(client);
    await server.said(`Telemetry is sent to http://127.0.0.1:${port} again.`);
    expect(server.stderr()).not.toMatch(/s3cret/);
  });

  test('does not keep the process for longer than a few seconds at the end', async () => {
    const { document } = await pets();
    const collector = await startCollector({ hang: true });
    cleanups.push(collector.close);
    const server = await serve([document, '--otel'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await call(await connected(server.url));
    const began = performance.now();
    server.kill('SIGTERM');
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(stderr).toContain('The last telemetry was not sent');
  });
});

describe('run --metrics-port', () => {
  test('serves what Prometheus reads, and nothing else there', async () => {
    const { document } = await pets();
    const server = await serve([document, '--metrics-port', '0']);
    const client = await connected(server.url, 'legacy');
    await call(client);
    const { text, families } = await scrape(server.metrics);
    const family = (name: string) => families.find((each) => each.name === name);
    expect(family('mcp_server_operation_duration')).toMatchObject({
      type: 'HISTOGRAM',
      metrics: [{ buckets: { '+Inf': '1' } }],
    });
    // The parser drops the labels of histograms.
    const labels = /^mcp_server_operation_duration_count\{(.*)\} 1$/m.exec(text)?.[1]?.split(',');
    expect(labels).toEqual([
      'mcp_method_name="tools/call"',
      'mcp_protocol_version="2025-11-25"',
      'network_transport="tcp"',
      'network_protocol_name="http"',
      'gen_ai_operation_name="execute_tool"',
      'gen_ai_tool_name="getPet"',
      'otel_scope_name="openapi-mcp"',
    ]);
    expect(family('http_client_request_duration')?.metrics).toHaveLength(1);
    expect(family('openapi_mcp_sessions_open')?.metrics).toMatchObject([{ value: '1' }]);
    expect(family('openapi_mcp_calls_in_flight')?.metrics).toMatchObject([{ value: '0' }]);
    for (const name of ['process_uptime', 'process_memory_usage', 'nodejs_eventloop_utilization']) {
      expect(Number(family(name)?.metrics[0]?.value), name).toBeGreaterThan(0);
    }
    const { origin } = new URL(server.metrics);
    expect((await fetch(`${origin}/mcp`)).status).toBe(404);
    expect((await fetch(server.metrics, { method: 'POST' })).status).toBe(405);
    expect(await statusFor(server.metrics, 'evil.example')).toBe(403);
    expect(await statusFor(server.metrics, 'localhost:1')).toBe(200);
  });

  test('a caller that invents names, methods, URIs and clients adds no series', async () => {
    const { document } = await pets();
    const server = await serve([document, '--metrics-port', '0']);
    const client = await connected(server.url, 'legacy');
    await call(client);
    // Once for each kind, so that its series exist.
    await invent(server.url, [0]);
    const before = await seriesOf(server.metrics);
    await invent(
      server.url,
      Array.from({ length: 2_000 }, (_, index) => index + 1),
    );
    expect(await seriesOf(server.metrics)).toEqual(before);
    expect(before.filter((series) => series.includes('invented'))).toEqual([]);
  }, 120_000);

  test('refuses a port that is taken', async () => {
    const { document, port } = await pets();
    const { code, stderr } = await endedAlone(['run', document, '--metrics-port', String(port)]);
    expect(code).toBe(3);
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use. Choose another with --metrics-port`);
  });
});

/** `fetch` does not send another Host. */
const statusFor = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { headers: { Host: host } }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });

/** Five requests for each number, each with names that nobody has used before. */
async function invent(url: string, numbers: readonly number[]): Promise<void> {
  const rest = [...numbers];
  const headers = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': '2025-11-25',
  };
  const post = async (method: string, params: object, version?: string) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, ...(version && { 'MCP-Protocol-Version': version }) },
    });
    await response.text();
  };
  const worker = async () => {
    for (let number = rest.pop(); number !== undefined; number = rest.pop()) {
      const name = `invented-${number}`;
      await post('tools/call', { name, arguments: {} });
      await post('prompts/get', { name });
      await post('resources/read', { uri: `${name}://${name}/${name}?x=${name}` });
      await post(`${name}/call`, { name });
      await post('initialize', { protocolVersion: name, capabilities: {}, clientInfo: { name, version: name } });
      if (number < 10) await post('tools/call', { name: 'getPet', arguments: { id: name } }, name);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** The names and labels of the series at an address, without their values. */
async function seriesOf(url: string): Promise<string[]> {
  const { text } = await scrape(url);
  const series = text.split('\n').flatMap((line) => /^([a-z_0-9]+(?:\{.*\})?) /i.exec(line)?.[1] ?? []);
  // The sessions of clients may have ended meanwhile, which is one more series for each version.
  return series.filter((name) => !name.startsWith('mcp_server_session_duration'));
}

test.each([
  [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc", which is not supported.'],
  [{ OTEL_METRICS_EXPORTER: 'prometheus' }, '--metrics-port'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is not a URL.'],
])('with %j, --otel is refused', async (env, message) => {
  const { document } = await pets();
  const { code, stderr } = await endedAlone(['run', document, '--otel'], { env });
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('OTEL_SDK_DISABLED switches everything off', async () => {
  const { document } = await pets();
  const server = await serve([document, '--otel', '--metrics-port', '0'], { OTEL_SDK_DISABLED: 'true' });
  expect(server.stderr()).toContain('OTEL_SDK_DISABLED is set: there is no telemetry.');
  expect(server.stderr()).not.toContain('/metrics');
});
