import type { StreamableHTTPClientTransportOptions } from '@modelcontextprotocol/client';
import { defined } from '../../../model/index.ts';
import { isPrivateUrl } from '../../api/request/server-url.ts';
import { declareOptions } from '../../options/declare-options.ts';
import { OptionError } from '../../options/option-error.ts';
import { byName, choice, type OptionKind, required, text, texts, withMethods } from '../../options/option-kinds.ts';
import { answersLast } from './answers-last.ts';
import { AUTH_KIND, checkedAuth, type RemoteAuth } from './auth/auth-options.ts';
import type { OpenAuth } from './auth/open-auth.ts';
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
  /**
   * How to get the tokens that the server requires: a token, `{ clientId, clientSecret }` of a machine, or `{ store }` with
   * the login of a person. They are sent to this server only, over https or in a private network.
   */
  readonly auth?: RemoteAuth | undefined;
  /** `sse` is the HTTP transport of 2024. Default `http`: Streamable HTTP. */
  readonly type?: 'http' | 'sse';
}

/** @throws OptionError; `about` is the name of the target in messages */
export const checkedUrl = declareOptions<UrlAddress>(
  'The target',
  { url: required(URL_KIND), headers: byName, auth: AUTH_KIND, type: choice({ http: true, sse: true }) },
  {
    hints: {
      transport: 'Write "type".',
      token: 'Write "auth".',
      authProvider: 'Write auth: { store }, with a store that login() has filled.',
    },
  },
);

/** A URL without user name and password, the headers with them, and what opens a transport there. */
export interface UrlTransport {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  open(): Promise<Opened>;
}

/** @throws OptionError if the URL is invalid, or a header or token cannot be sent */
export function urlTransport({ url: given, headers: own = {}, auth, type = 'http' }: UrlAddress): UrlTransport {
  const { url, headers } = httpAddress(given, own);
  const credential = auth === undefined ? undefined : checkedAuth(auth, url.host);
  if (credential !== undefined) checkCombination(url, headers);
  const requestInit = { headers };
  // Shared by all connections, like the tokens.
  let opening: Promise<OpenAuth> | undefined;
  const openAuth = () => {
    opening ??= credential && import('./auth/open-auth.ts').then((module) => module.openAuth(credential, url, type));
    return opening;
  };
  return {
    url,
    headers,
    // The code of a transport is loaded with the first connection.
    async open() {
      const authorised = await openAuth();
      const options = { requestInit, ...(authorised && { fetch: authorised.fetch }) };
      const transport = answersLast(await newTransport(type, url, options));
      return authorised ? authorised.concealed(transport) : transport;
    },
  };
}

async function newTransport(type: 'http' | 'sse', url: URL, options: StreamableHTTPClientTransportOptions) {
  if (type === 'sse') {
    const { SSEClientTransport } = await import('@modelcontextprotocol/client');
    return new SSEClientTransport(url, options);
  }
  const { HttpTransport } = await import('./http-transport.ts');
  return new HttpTransport(url, options);
}

function checkCombination(url: URL, headers: Readonly<Record<string, string>>): void {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) {
    throw new OptionError(`${url.host} has both "auth" and a header "Authorization". Remove one.`);
  }
  // RFC 6750 §5.3.
  if (url.protocol === 'http:' && !isPrivateUrl(url.href)) {
    throw new OptionError(`${url.host} would receive the token of "auth" without encryption. Write https://.`);
  }
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
      auth: 'It applies to a server at a URL: a command gets its credential in "env".',
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
      ...defined({ cwd, stderr }),
    }),
  );
}
