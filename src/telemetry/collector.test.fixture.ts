import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a collector got, in OTLP/JSON. */
export interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Collector {
  readonly url: string;
  readonly received: readonly Received[];
  /** The spans of all batches in OTLP/JSON so far. */
  spans(): readonly Span[];
  /** The attributes of the resource that the last batch is from. */
  resource(): Readonly<Record<string, unknown>>;
  /** The names of the metrics so far. */
  metrics(): ReadonlySet<string>;
  close(): void;
}

/** A collector for OTLP over HTTP. `hang`: it accepts connections and never responds. */
export async function startCollector({ port = 0, hang = false } = {}): Promise<Collector> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    if (!hang) response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bodies = (path: string) =>
    received.filter((one) => one.path === path).map(({ body }) => JSON.parse(body.toString()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    spans: () =>
      bodies('/v1/traces')
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map((span) => ({ ...span, attributes: plain(span.attributes) })),
    resource: () => plain(bodies('/v1/traces').at(-1)?.resourceSpans[0].resource.attributes ?? []),
    metrics: () =>
      new Set(
        bodies('/v1/metrics')
          .flatMap(({ resourceMetrics }) => resourceMetrics)
          .flatMap(({ scopeMetrics }) => scopeMetrics)
          .flatMap(({ metrics }) => metrics)
          .map(({ name }) => name),
      ),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const plain = (attributes: readonly { readonly key: string; readonly value: object }[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** The texts of a protobuf message at a path of field numbers: `[1, 2, 2, 5]` of an export request are names of spans. */
export function protobufTexts(message: Uint8Array, [field, ...rest]: readonly number[]): string[] {
  return fieldsOf(message)
    .filter((one) => one.field === field)
    .flatMap(({ bytes }) => (rest.length === 0 ? [Buffer.from(bytes).toString()] : protobufTexts(bytes, rest)));
}

/** The length-delimited fields of a message (https://protobuf.dev/programming-guides/encoding/). */
function fieldsOf(message: Uint8Array): { readonly field: number; readonly bytes: Uint8Array }[] {
  const fields: { field: number; bytes: Uint8Array }[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('The message is cut off.');
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag % 8;
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else {
      const length = varint();
      fields.push({ field: Math.floor(tag / 8), bytes: message.subarray(at, at + length) });
      at += length;
    }
  }
  if (at !== message.length) throw new Error('The message is cut off.');
  return fields;
}
