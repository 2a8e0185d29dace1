import { isPrivateHost } from '../api/request/addresses.ts';
import { proxyFromEnvironment } from './proxy-environment.ts';
import { createNodeSender, type NodeSender } from './send.ts';

/** Connection options. Every field is optional. */
export interface SenderOptions {
  /** The variables to read `HTTP_PROXY` and the like from. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Additional PEM certificates of authorities to trust. */
  readonly ca?: readonly string[];
  /** The client's certificate and key (PEM), for mutual TLS. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

/** The HTTP senders of an opened API; each connects on first use. */
export interface Senders {
  /** May connect to private addresses: for addresses that the user has set. */
  readonly document: NodeSender['send'];
  /** Only to public addresses: for addresses from a document or an argument. */
  readonly publicOnly: NodeSender['send'];
  /**
   * For redirects from `origin` to another origin. A public origin may not redirect into this machine or its network
   * (server-side request forgery), unless `allowPrivate` permits it.
   */
  redirected(origin: string, allowPrivate: boolean): NodeSender['send'];
  /** To the API's servers, with the client certificate. */
  api(allowPrivate: boolean): NodeSender['send'];
  close(): Promise<void>;
}

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
