import { lookup } from 'node:dns';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { defined } from '../../model/index.ts';
import { isPrivateAddress, isPrivateHost, parseAddress } from '../api/request/addresses.ts';
import { CallError } from '../call-error.ts';
import { once } from '../once.ts';
import { rememberedByText } from '../remembered-by-text.ts';
import { proxyFor } from './proxy-environment.ts';
import { type HttpProxy, openTunnel, readProxy } from './proxy-tunnel.ts';
import { forbiddenAddress, publicLookup } from './public-lookup.ts';
import type { NodeSenderOptions } from './sender-options.ts';

/** How requests to one origin are sent. */
export interface Route {
  readonly dispatcher: Dispatcher;
  /** The host to connect to: the origin itself, or the proxy for plain requests. */
  readonly connectTo: string;
  /**
   * Prefix of the request target: the origin itself for such a proxy (absolute form, RFC 9112 §3.2.2), otherwise empty.
   */
  readonly targetPrefix: string;
  /** Header names and values for such a proxy, as a flat list. */
  readonly proxyHeaders: readonly string[];
  /** For messages: ` (through the proxy host:port)`, or empty. */
  readonly via: string;
}

/** The connection pools of one sender. */
export interface Routes {
  /** @throws CallError `FORBIDDEN_ADDRESS` */
  to(origin: URL): Route;
  close(): Promise<void>;
}

/** This module loads undici and TLS; a sender imports it for its first request. */
export function openRoutes(options: NodeSenderOptions): Routes {
  const tls = defined({ secureContext: ownSecureContext(options) });
  const shared = {
    connections: options.connections,
    // The caller's signal is the only time limit of a call.
    headersTimeout: 0,
    bodyTimeout: 0,
    // Two to four times the usual limits of servers.
    maxHeaderSize: 64 * 1024,
  };
  const timeout = options.connectTimeoutMs;
  const agents: Agent[] = [];
  const open = (connect: NonNullable<Agent.Options['connect']>) => {
    const agent = new Agent({ ...shared, connect });
    agents.push(agent);
    return agent;
  };

  const direct = open({ ...tls, timeout, ...(options.allowPrivate ? {} : { lookup: publicLookup(lookup) }) });
  const forward = once(() => open({ ...tls, timeout }));
  const tunnelThrough = rememberedByText((text) => open(tunnelConnector(readProxy(text), { timeout, ...tls })));

  return {
    to(origin) {
      const proxy = proxyFor(origin, options.proxy);
      if (!options.allowPrivate && isForbidden(origin.hostname, proxy !== undefined))
        throw forbiddenAddress(origin.host);
      const straight = { connectTo: origin.origin, targetPrefix: '', proxyHeaders: [] };
      if (proxy === undefined) return { dispatcher: direct, ...straight, via: '' };
      const { url, authorization } = readProxy(proxy);
      const via = ` (through the proxy ${url.host})`;
      if (origin.protocol === 'https:') return { dispatcher: tunnelThrough(proxy), ...straight, via };
      return {
        dispatcher: forward(),
        connectTo: url.origin,
        targetPrefix: origin.origin,
        proxyHeaders: [
          'host',
          origin.host,
          ...(authorization === undefined ? [] : ['proxy-authorization', authorization]),
        ],
        via,
      };
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.destroy()));
    },
  };
}

/**
 * Names are checked when they are resolved. Address literals are never resolved, and a proxy resolves names itself, so
 * in these cases the name is all that can be checked.
 */
function isForbidden(hostname: string, proxied: boolean): boolean {
  if (proxied) return isPrivateHost(hostname);
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return parseAddress(address) !== undefined && isPrivateAddress(address);
}

function tunnelConnector(
  proxy: HttpProxy,
  options: { readonly timeout: number; readonly secureContext?: SecureContext },
): buildConnector.connector {
  const { timeout: timeoutMs, ...tls } = options;
  const secure = buildConnector(options);
  return (target, callback) => {
    openTunnel(proxy, { target: `${target.hostname}:${target.port || '443'}`, timeoutMs, ...tls }).then(
      (httpSocket) => secure({ ...target, httpSocket }, callback),
      (error: Error) => callback(error, null),
    );
  };
}

/** One context for all connections: parsing 150 root certificates for each would cost more than the handshake. */
function ownSecureContext({ ca = [], cert, key, passphrase }: NodeSenderOptions): SecureContext | undefined {
  if (ca.length === 0 && cert === undefined) return undefined;
  try {
    return createSecureContext({
      // `ca` replaces the public authorities, so they are included.
      ...(ca.length > 0 && { ca: [...rootCertificates, ...ca] }),
      ...defined({ cert, key, passphrase }),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unknown reason';
    throw new CallError('TLS_FAILED', `The files of --ca, --cert, --key and --passphrase do not match: ${why}.`, {
      cause,
    });
  }
}
