import { InMemoryTransport, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';

/** Where a server is. */
export type ClientTarget = UrlTarget | CommandTarget | MemoryTarget;

/** A server that runs, at the URL of its Streamable HTTP endpoint. */
export interface UrlTarget {
  readonly url: string | URL;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A server to start, that speaks over stdio. */
export interface CommandTarget {
  readonly command: string;
  readonly args?: readonly string[];
  /** Beside the few variables that are safe to inherit (`PATH`, `HOME` …). */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where its stderr goes; default `inherit`. */
  readonly stderr?: 'inherit' | 'ignore';
}

/** A server in this process: `{ serve: (transport) => serveConnection(provider, transport, { onError }) }`. */
export interface MemoryTarget {
  readonly serve: (transport: Transport) => unknown;
}

/** What messages call the server. Neither arguments nor a query, where secrets may be. */
export function labelOf(target: ClientTarget): string {
  if ('serve' in target) return 'the server in this process';
  if ('command' in target) return `the command "${target.command}"`;
  const { origin, pathname } = new URL(target.url);
  return origin + pathname;
}

export async function openTransport(target: ClientTarget): Promise<Transport> {
  if ('serve' in target) {
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    target.serve(theirs);
    return ours;
  }
  if ('url' in target) {
    return new StreamableHTTPClientTransport(new URL(target.url), { requestInit: { headers: { ...target.headers } } });
  }
  // Loaded where it is needed: it brings child processes.
  const { StdioClientTransport } = await import('@modelcontextprotocol/client/stdio');
  const { command, args = [], env = {}, cwd, stderr = 'inherit' } = target;
  return new StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    stderr,
    ...(cwd !== undefined && { cwd }),
  });
}
