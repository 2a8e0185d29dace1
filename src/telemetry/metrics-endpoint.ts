import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { MetricReader } from '@opentelemetry/sdk-metrics';
import { type ListenAddress, listen, urlHost } from '../runtime/serve/http/listen.ts';
import { isLoopback } from '../runtime/serve/http/loopback.ts';

export interface MetricsEndpoint {
  readonly reader: MetricReader;
  readonly url: string;
  close(): void;
}

/** Serves `/metrics` in Prometheus' text format. @throws ServeError if the address cannot be listened on */
export async function metricsEndpoint({ host, port }: ListenAddress): Promise<MetricsEndpoint> {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (!isAllowed(request.headers.host, host)) response.writeHead(403).end('This Host is not allowed.\n');
    else if (path !== '/metrics') response.writeHead(404).end('Metrics are at /metrics.\n');
    else if (request.method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end();
    else reader.getMetricsRequestHandler(request, response);
  });
  await listen(server, { host, port }, '--metrics-port');
  // Who scrapes does not keep the process alive.
  server.unref();
  const { port: taken } = server.address() as AddressInfo;
  return {
    reader,
    url: `http://${urlHost(host)}:${taken}/metrics`,
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
