import { declareOptions } from '../../options/declare-options.ts';
import { byName, choice, type OptionKind, required, text, texts, withMethods } from '../../options/option-kinds.ts';
import { answersLast } from './answers-last.ts';
import type { Opened } from './dial-client.ts';
import { httpAddress } from './http-address.ts';

/** A string or a `URL`; checked later to be the URL of an MCP server. */
const URL_KIND: OptionKind = {
  expected: 'a URL',
  fits: (value) => typeof value === 'string' || withMethods('a URL', 'toString').fits(value),
};

/** A running server, at the URL of its endpoint. */
export interface UrlAddress {
  /** A user name and password in the URL are sent as a header. */
  readonly url: string | URL;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `sse` is the HTTP transport of 2024. Default `http`: Streamable HTTP. */
  readonly type?: 'http' | 'sse';
}

/** @throws OptionError; `about` is the name of the target in messages */
export const checkedUrl = declareOptions<UrlAddress>(
  'The target',
  { url: required(URL_KIND), headers: byName, type: choice({ http: true, sse: true }) },
  { hints: { transport: 'Write "type".', token: 'Write headers: { Authorization: "Bearer …" }.' } },
);

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

/** A command that starts a server over stdio. */
export interface ProcessAddress {
  readonly command: string;
  readonly args?: readonly string[];
  /** In addition to the few variables that are safe to inherit (`PATH`, `HOME` …). */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Where its stderr goes; default `inherit`. */
  readonly stderr?: 'inherit' | 'ignore';
}

/** @throws OptionError; `about` is the name of the target in messages */
export const checkedProcess = declareOptions<ProcessAddress>(
  'The target',
  { command: required(text), args: texts, env: byName, cwd: text, stderr: choice({ inherit: true, ignore: true }) },
  {
    hints: {
      arguments: 'Write "args".',
      environment: 'Write "env".',
      directory: 'Write "cwd".',
      path: 'Write "command" for the program, or "cwd" for its folder.',
    },
  },
);

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
