import { type Client, SSEClientTransport, type Transport } from '@modelcontextprotocol/client';
import { httpAddress } from './http-address.ts';
import { HttpTransport } from './http-transport.ts';

/** Where a remote MCP server is, or how it is started; or a client that is connected to it already. */
export type RemoteTarget = string | URL | RemoteUrl | RemoteCommand | Client;

export interface RemoteUrl {
  readonly url: string | URL;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `sse` is the HTTP transport of 2024. Default `http`: Streamable HTTP. */
  readonly type?: 'http' | 'sse';
}

export interface RemoteCommand {
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside the few variables that are safe to inherit (`PATH`, `HOME` …). */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Opens a new connection each time. */
export interface Dialer {
  /** What messages call the server: never an argument, header or query, where secrets are. */
  readonly label: string;
  open(): Promise<Transport>;
}

/** @throws TypeError where the target is none. */
export function dialerOf(target: Exclude<RemoteTarget, Client>): Dialer {
  if (typeof target === 'string' || target instanceof URL) return urlDialer({ url: target });
  if (typeof target === 'object' && target !== null && 'url' in target) return urlDialer(target);
  if (typeof target === 'object' && target !== null && typeof target.command === 'string') return commandDialer(target);
  throw new TypeError('fromMcp() needs a URL, { url }, { command, args } or a connected client.');
}

function urlDialer({ url: given, headers: own = {}, type = 'http' }: RemoteUrl): Dialer {
  const { url, headers } = httpAddress(given, own);
  const requestInit = { headers };
  return {
    label: url.host,
    open: async () =>
      type === 'sse' ? new SSEClientTransport(url, { requestInit }) : new HttpTransport(url, { requestInit }),
  };
}

function commandDialer({ command, args = [], env = {}, cwd }: RemoteCommand): Dialer {
  return {
    label: command.split(/[\\/]/).at(-1) ?? command,
    async open() {
      // Only where a process can be started: the rest of this folder runs anywhere.
      const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
      return new StdioClientTransport({ command, args: [...args], env: { ...env }, ...(cwd !== undefined && { cwd }) });
    },
  };
}
