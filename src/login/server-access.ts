import type { IssuerAccess } from '../runtime/api/auth/server-metadata.ts';
import { isPrivateUrl } from '../runtime/api/request/server-url.ts';
import { openSenders } from '../runtime/node/senders.ts';

export interface ServerAccessOptions {
  /** The URL of the MCP server, which the user has named: it may be at a private address. */
  readonly serverUrl: string;
  /** Whether its authorization server may be at one. Default: if the MCP server is. */
  readonly allowPrivate?: boolean | undefined;
  /** Additional PEM certificates of authorities to trust. */
  readonly ca?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Requests of a login to an MCP server and its authorization server, through the proxy of the environment. */
export function openServerAccess(options: ServerAccessOptions): IssuerAccess & { close(): Promise<void> } {
  const { serverUrl, signal, environment, ca } = options;
  const senders = openSenders({ environment, ...(ca && { ca }) });
  const allowPrivate = options.allowPrivate === true || isPrivateUrl(serverUrl);
  const elsewhere = allowPrivate ? senders.document : senders.publicOnly;
  const { origin } = new URL(serverUrl);
  return {
    send: (request) => (new URL(request.url).origin === origin ? senders.document : elsewhere)(request),
    allowPrivate,
    signal,
    close: () => senders.close(),
  };
}
