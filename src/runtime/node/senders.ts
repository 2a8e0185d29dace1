import { isPrivateHost } from '../api/request/addresses.ts';
import type { SenderOptions, Senders } from '../api/senders.ts';
import { proxyFromEnvironment } from './proxy-environment.ts';
import { createNodeSender, type NodeSender } from './send.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 64;

export function openSenders({ ca, cert, key, passphrase, environment = process.env }: SenderOptions): Senders {
  const shared = {
    proxy: proxyFromEnvironment(environment),
    connections: MAX_CONNECTIONS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    ...(ca && { ca }),
  };
  // The client certificate is a credential: it is only shown to the API's servers.
  const certificate = {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
  const opened: NodeSender[] = [];
  const open = (options: Parameters<typeof createNodeSender>[0]) => {
    const sender = createNodeSender(options);
    opened.push(sender);
    return sender.send;
  };
  const document = open({ ...shared, allowPrivate: true });
  const publicOnly = open({ ...shared, allowPrivate: false });
  return {
    document,
    publicOnly,
    redirected: (origin, allowPrivate) =>
      allowPrivate || isPrivateHost(new URL(origin).hostname) ? document : publicOnly,
    api: (allowPrivate) => open({ ...shared, ...certificate, allowPrivate }),
    async close() {
      await Promise.all(opened.map((sender) => sender.close()));
    },
  };
}
