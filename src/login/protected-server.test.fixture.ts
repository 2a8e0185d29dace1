import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import {
  browse,
  type IdentityProvider,
  type IdentityProviderOptions,
  startIdentityProvider,
} from '../identity-provider.test.fixture.ts';
import { createServer } from '../runtime/server.ts';

/** A client that no person uses. */
export const MACHINE = {
  client_id: 'machine',
  client_secret: 's:e c+ret%',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
} as const;

/** An MCP server of ours that requires tokens of a real identity provider, behind a gateway that a test controls. */
export interface ProtectedServer {
  readonly identity: IdentityProvider;
  readonly url: string;
  /** The tokens that arrived, in order; `undefined` for a request without one. */
  readonly seen: readonly (string | undefined)[];
  /** Tools that ran, in order. */
  readonly ran: readonly string[];
  /** What answers requests with a valid token and this method instead of the server. */
  watch(method: string, answer: (token: string, response: ServerResponse) => void): void;
  /** From now on, the tokens that have arrived are rejected. */
  expire(): void;
  /** What answers a path instead of the server; without `answer`, the server itself. */
  replace(path: string, answer?: (request: IncomingMessage, response: ServerResponse) => void): void;
  /** From now on, every request needs this scope. */
  demand(scope: string): void;
  /** From now on, responses repeat the token instead of `a note`. */
  echo(): void;
  /** Closes all connections to clients. */
  disconnect(): void;
  /** The URL of the metadata of the server (RFC 9728). */
  readonly metadataUrl: string;
  close(): Promise<void>;
}

/** Where the provider finds the client ID metadata document of tests. */
export const METADATA_URL = 'https://client.example/metadata.json';

export async function startProtectedServer(
  options: Partial<IdentityProviderOptions> & { readonly path?: string } = {},
): Promise<ProtectedServer> {
  const { path = '/mcp', ...provider } = options;
  const gateway = createHttpServer();
  const origin = await listening(gateway);
  const url = origin + path;
  const identity = await startIdentityProvider({
    resource: url,
    scopes: ['notes:read', 'notes:write'],
    registration: true,
    documents: {
      [METADATA_URL]: {
        client_id: METADATA_URL,
        client_name: 'Test client',
        redirect_uris: ['http://127.0.0.1/callback'],
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'none',
      },
    },
    ...provider,
  });
  const ran: string[] = [];
  const server = createServer({ name: 'notes', version: '1' });
  server.tool('read', {}, () => {
    ran.push('read');
    return 'a note';
  });
  server.tool('write', {}, () => {
    ran.push('write');
    return 'written';
  });
  const inner = await listeningMcp(server, { path, url, issuer: identity.issuer });
  const replaced = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const seen: (string | undefined)[] = [];
  const rejected = new Set<string>();
  let echoes = false;
  let demanded: string | undefined;
  const watched = new Map<string, (token: string, response: ServerResponse) => void>();
  gateway.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    const pathname = new URL(incoming.url ?? '/', origin).pathname;
    const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1];
    if (pathname === path) seen.push(token);
    const answer = replaced.get(pathname);
    if (answer) answer(incoming, response);
    else if (token !== undefined && rejected.has(token)) {
      const metadata = `${origin}/.well-known/oauth-protected-resource${path}`;
      response.writeHead(401, { 'WWW-Authenticate': `Bearer error="invalid_token", resource_metadata="${metadata}"` });
      response.end();
    } else if (demanded !== undefined && token !== undefined && !scopesOf(token).includes(demanded)) {
      response.writeHead(403, { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${demanded}"` });
      response.end();
    } else if (token !== undefined && watched.has(incoming.method ?? '')) {
      watched.get(incoming.method ?? '')?.(token, response);
    } else forward(incoming, response, { port: inner.port, echo: echoes ? token : undefined });
  });
  return {
    identity,
    url,
    seen,
    ran,
    watch: (method, answer) => void watched.set(method, answer),
    expire() {
      for (const token of seen) if (token !== undefined) rejected.add(token);
    },
    replace(name, answer) {
      if (answer) replaced.set(name, answer);
      else replaced.delete(name);
    },
    demand(scope) {
      demanded = scope;
    },
    echo() {
      echoes = true;
    },
    disconnect: () => gateway.closeAllConnections(),
    metadataUrl: `${origin}/.well-known/oauth-protected-resource${path}`,
    async close() {
      await server.close();
      await identity.close();
      await new Promise((resolve) => {
        gateway.close(resolve);
        gateway.closeAllConnections();
      });
    },
  };
}

const scopesOf = (token: string): readonly string[] => String(decodeJwt(token).scope).split(' ');

/** The person opens the login page, logs in, and the browser follows the redirect. */
export function visit(url: string): void {
  browse(url, { stopAt: ({ pathname }) => pathname === '/callback' })
    .then((callback) => fetch(callback))
    // The login then ends with its own error.
    .catch(() => {});
}

async function listeningMcp(
  server: ReturnType<typeof createServer>,
  { path, url, issuer }: { readonly path: string; readonly url: string; readonly issuer: string },
): Promise<{ readonly port: number }> {
  const free = createHttpServer();
  const { port } = new URL(await listening(free));
  await new Promise((resolve) => free.close(resolve));
  await server.run({
    transport: 'http',
    port: Number(port),
    path,
    auth: {
      provider: issuer,
      publicUrl: url,
      requiredScopes: ['notes:read'],
      scopes: { tools: { write: ['notes:write'] } },
      cacheSeconds: 0,
    },
  });
  return { port: Number(port) };
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  { port, echo }: { readonly port: number; readonly echo: string | undefined },
): void {
  const { method = 'GET', url = '/', headers } = incoming;
  const { connection: _, ...own } = headers;
  const outgoing = request(
    {
      host: '127.0.0.1',
      port,
      method,
      path: url,
      headers: { ...own, host: `127.0.0.1:${port}`, 'accept-encoding': 'identity' },
    },
    (answer) => {
      const { 'content-length': __, ...received } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, received);
      answer.on('data', (chunk: Buffer) =>
        response.write(echo === undefined ? chunk : chunk.toString().replaceAll('a note', echo)),
      );
      answer.on('end', () => response.end());
    },
  );
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
