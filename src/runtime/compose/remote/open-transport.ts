import { answersLast } from './answers-last.ts';
import type { Opened } from './dial-client.ts';
import { httpAddress } from './http-address.ts';

export interface UrlAddress {
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: 'http' | 'sse';
}

/** A URL without user name and password, the headers with them, and what opens a transport there. */
export interface UrlTransport {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  open(): Promise<Opened>;
}

/** @throws OptionError if the URL is invalid or a header cannot be sent */
export function urlTransport({ url: given, headers: own = {}, type = 'http' }: UrlAddress): UrlTransport {
  const { url, headers } = httpAddress(given, own);
  const requestInit = { headers };
  return {
    url,
    headers,
    // The code of a transport is loaded with the first connection.
    async open() {
      if (type === 'sse') {
        const { SSEClientTransport } = await import('@modelcontextprotocol/client');
        return answersLast(new SSEClientTransport(url, { requestInit }));
      }
      const { HttpTransport } = await import('./http-transport.ts');
      return answersLast(new HttpTransport(url, { requestInit }));
    },
  };
}

export interface ProcessAddress {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stderr?: 'inherit' | 'ignore';
}

/** Starts the command of a server, and leaves no process behind when it is closed. */
export async function openProcess({ command, args = [], env = {}, cwd, stderr }: ProcessAddress): Promise<Opened> {
  // Only where a process can be started: the rest of this folder runs anywhere.
  const { ProcessTransport } = await import('./process-transport.ts');
  return answersLast(
    new ProcessTransport({
      command,
      args: [...args],
      env: { ...env },
      ...(cwd !== undefined && { cwd }),
      ...(stderr !== undefined && { stderr }),
    }),
  );
}
