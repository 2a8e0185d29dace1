import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { MetricReader } from '@opentelemetry/sdk-metrics';
import { codeOf, messageOf } from '../runtime/errors.ts';
import { isLoopback } from '../runtime/serve/http/loopback.ts';
import { ServeError } from '../runtime/serve/http/serve-error.ts';

export interface MetricsAddress {
  readonly host: string;
  /** 0: a free port. */
  readonly port: number;
}

export interface MetricsEndpoint {
  readonly reader: MetricReader;
  readonly url: string;
  close(): void;
}

/** Serves `/metrics` in Prometheus' text format. @throws ServeError if the address cannot be listened on */
export async function metricsEndpoint({ host, port }: MetricsAddress): Promise<MetricsEndpoint> {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (!isAllowed(request.headers.host, host)) response.writeHead(403).end('This Host is not allowed.\n');
    else if (path !== '/metrics') response.writeHead(404).end('Metrics are at /metrics.\n');
    else if (request.method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end();
    else reader.getMetricsRequestHandler(request, response);
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(error, { host, port });
  }
  // Who scrapes does not keep the process alive.
  server.unref();
  const { port: taken } = server.address() as AddressInfo;
  return {
    reader,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** At an address that only this machine reaches, no page of another host may read metrics (DNS rebinding). */
function isAllowed(header: string | undefined, host: string): boolean {
  const requested = `http://${header}`;
  return !isLoopback(host) || (URL.canParse(requested) && isLoopback(new URL(requested).hostname));
}

function cannotListen(error: unknown, { host, port }: MetricsAddress): ServeError {
  const isTaken = codeOf(error) === 'EADDRINUSE';
  const message = isTaken
    ? `Port ${port} of ${host} is in use. Choose another with --metrics-port, or 0 for a free one.`
    : `Cannot serve metrics on ${host}:${port}: ${messageOf(error)}`;
  return new ServeError(isTaken ? 'PORT_IN_USE' : 'CANNOT_LISTEN', message, { cause: error });
}
