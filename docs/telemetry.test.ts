import { readFileSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { propagation, SpanKind, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { callContext, createServer, fromOpenApi, retry, serveHttp, withMiddleware } from 'openapi-mcp';
import { openTelemetry, openTelemetrySessions } from 'openapi-mcp/opentelemetry';
import { afterAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { processMetrics } from '../src/telemetry/process-metrics.ts';
import { clientOf } from './client.test.fixture.ts';
import { json, petApi } from './pet-api.test.fixture.ts';

const traces: (string | undefined)[] = [];
await petApi((request, response) => {
  traces.push(request.headers.traceparent?.toString());
  json(response, { id: 7, name: 'Ada', species: 'cat' }, request.url?.endsWith('/503') ? 503 : 200);
});
const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
afterAll(() => {
  vi.unstubAllEnvs();
  trace.disable();
  propagation.disable();
});

const page = readFileSync(new URL('telemetry.md', import.meta.url), 'utf8');

/** The names in the first columns of a table. */
function tableOf(heading: string, columns: number): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const [rows = ''] = section.split(/^## /m);
  return rows.split('\n').flatMap((row) => {
    const cells = row.split('|').slice(1, 1 + columns);
    return row.startsWith('| `')
      ? cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
      : [];
  });
}

test('examples/opentelemetry.ts', async () => {
  const { default: server } = await import('./examples/opentelemetry.ts');
  const client = await clientOf(server);
  await client.callTool('pets_getPet', { petId: 7 });
  const [request, call] = exporter.getFinishedSpans();
  expect([request?.name, call?.name]).toEqual(['GET /pets/{petId}', 'tools/call pets_getPet']);
  const { traceId, spanId } = request?.spanContext() ?? {};
  expect(traces.at(-1)).toBe(`00-${traceId}-${spanId}-01`);
  // As a client that traces itself would ask.
  const meta = { traceparent: `00-${'4'.repeat(32)}-${'2'.repeat(16)}-01` };
  await server.callTool({ name: 'pets_getPet', arguments: { petId: 7 } }, callContext({ meta }));
  expect(traces.at(-1)).toContain('4'.repeat(32));
  await server.close();
});

test('the tables list every attribute and metric that is recorded, and no others', async () => {
  exporter.reset();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 60_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const own = processMetrics(meterProvider.getMeter('test'));
  const shop = new URL('../test-specs/petstore.yaml', import.meta.url);
  const pets = await fromOpenApi(shop, { baseUrl: process.env.PET_SHOP_URL });
  const server = createServer({ name: 'desk', version: '1', onError: () => {} });
  server.prompt('greet', {}, () => 'Hello.');
  server.mount(withMiddleware(pets, retry({ attempts: 2, firstWaitMs: 0 })));
  server.mount('down', await fromOpenApi(shop, { baseUrl: 'http://127.0.0.1:9' }));
  server.use(openTelemetry({ meterProvider }));
  const onSession = openTelemetrySessions({ meterProvider });
  const { url, close } = await serveHttp(server, { port: 0, onSession, onError: () => {} });
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  for (const petId of [7, 503]) await client.callTool({ name: 'getPet', arguments: { petId } });
  await client.callTool({ name: 'down_getPet', arguments: { petId: 7 } });
  await client.callTool({ name: 'unknown', arguments: {} }).catch(() => {});
  await client.getPrompt({ name: 'greet' });
  await client.readResource({ uri: 'api://pet-shop/pets/7' });
  await client.close();
  await new Promise((resolve) => setTimeout(resolve, 30));
  await close();
  await meterProvider.forceFlush();
  own.close();
  const attributes = new Set(exporter.getFinishedSpans().flatMap((span) => Object.keys(span.attributes)));
  expect([...attributes].sort()).toEqual(tableOf('Spans', 1).sort());
  expect(new Set(exporter.getFinishedSpans().map(({ kind }) => kind))).toEqual(
    new Set([SpanKind.SERVER, SpanKind.CLIENT]),
  );
  const metrics =
    metricExporter
      .getMetrics()
      .at(-1)
      ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? [];
  const names = metrics.map(({ descriptor }) => descriptor.name);
  expect(names.sort()).toEqual(tableOf('Metrics', 1).sort());
  await meterProvider.shutdown();
});

test('the alert rules are valid YAML and use metrics of the table', () => {
  const [, block = ''] = /<!-- file alerts\.yaml -->\n\n```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const rules: { expr: string }[] = parse(block).groups[0].rules;
  const known = tableOf('Metrics', 2);
  const used = rules.flatMap(({ expr }) => expr.match(/\b\w+_duration(?=_(?:count|bucket))/g) ?? []);
  expect(used).toHaveLength(3);
  expect(used.filter((name) => !known.includes(name))).toEqual([]);
});
