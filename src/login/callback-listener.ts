import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LoginError } from '../runtime/api/auth/login-error.ts';

/** Waits for the redirect of one login. */
export interface CallbackListener {
  /** On the loopback interface, at a port that was free (RFC 8252 §7.3). */
  readonly redirectUri: string;
  /**
   * The parameters of the first redirect with the right `state`; others get 400.
   *
   * @throws LoginError `LOGIN_TIMEOUT`, and the reason of `signal`
   */
  wait(): Promise<URLSearchParams>;
  close(): Promise<void>;
}

export interface CallbackOptions {
  readonly state: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const PATH = '/callback';

/** Listens on 127.0.0.1, for one redirect. */
export async function listenForCallback({ state, timeoutMs, signal }: CallbackOptions): Promise<CallbackListener> {
  let settle: { resolve(value: URLSearchParams): void; reject(error: unknown): void } | undefined;
  const received = new Promise<URLSearchParams>((resolve, reject) => {
    settle = { resolve, reject };
  });
  received.catch(() => {}); // nobody may be waiting yet
  let isUsed = false;
  let host = '';
  const server = createServer((request, response) => {
    const parameters = parametersOf(request, host);
    // Another program, another login, or a redirect that was already used.
    if (parameters === undefined || isUsed || !isOnly(parameters, 'state', state)) {
      return answer(response, 400, 'This is not the login that openapi-mcp waits for.');
    }
    isUsed = true;
    answer(response, 200, 'openapi-mcp has received the response. You can close this page and return to the terminal.');
    settle?.resolve(parameters);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  // An address of a listening TCP server.
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const timer = setTimeout(() => settle?.reject(timedOut(timeoutMs)), timeoutMs);
  const abort = () => settle?.reject(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return {
    redirectUri: `http://${host}${PATH}`,
    wait: () => received,
    close() {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

/** The query of a request that can be the redirect; a page of another site has another `Host` (DNS rebinding). */
function parametersOf({ method, url, headers }: IncomingMessage, host: string): URLSearchParams | undefined {
  if (method !== 'GET' || headers.host !== host || !URL.canParse(url ?? '', `http://${host}`)) return undefined;
  const { pathname, searchParams } = new URL(url ?? '', `http://${host}`);
  return pathname === PATH ? searchParams : undefined;
}

/** RFC 6749 §3.1: parameters must not be repeated. */
const isOnly = (parameters: URLSearchParams, name: string, value: string): boolean => {
  const values = parameters.getAll(name);
  return values.length === 1 && values[0] === value;
};

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    Connection: 'close',
  });
  response.end(`${text}\n`);
}

const timedOut = (timeoutMs: number): LoginError =>
  new LoginError('LOGIN_TIMEOUT', `Nobody logged in within ${Math.round(timeoutMs / 60_000)} minutes.`, {
    hint: 'Run the command again. Without a browser on this computer: --device.',
  });
