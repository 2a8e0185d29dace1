import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  type IdentityProvider,
  type IdentityProviderOptions,
  startIdentityProvider,
} from '../identity-provider.test.fixture.ts';

/** An API that wants tokens of a real identity provider, and its document. */
export interface LoginWorld {
  readonly identity: IdentityProvider;
  readonly api: string;
  /** The path of the document. */
  readonly document: string;
  /** The tokens that the API got, in order. */
  readonly seen: readonly string[];
  /** From now on, the API rejects the tokens that it has seen. */
  expire(): void;
  /** What the API answers to valid tokens from now on. Default: 200. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void;
  /** From now on, the API repeats the token in its response. */
  echo(): void;
  /** Writes another document. */
  write(securityScheme: unknown, name?: string): string;
  close(): Promise<void>;
}

export async function startLoginWorld(
  folder: string,
  options: Partial<IdentityProviderOptions> = {},
): Promise<LoginWorld> {
  const seen: string[] = [];
  const rejected = new Set<string>();
  let reply: [status: number, headers: Readonly<Record<string, string>>] = [200, {}];
  let echoes = false;
  let verify: (token: string) => Promise<unknown> = async () => undefined;
  const server = createServer(async (request, response) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (token !== '') seen.push(token);
    const isValid =
      !rejected.has(token) &&
      (await verify(token).then(
        () => true,
        () => false,
      ));
    if (!isValid) response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
    else response.writeHead(reply[0], { 'Content-Type': 'application/json', ...reply[1] });
    response.end(JSON.stringify({ notes: echoes ? [`you sent ${token}`] : [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const identity = await startIdentityProvider({
    resource: api,
    defaultResource: true,
    scopes: ['notes:read'],
    registration: true,
    clients: [CLIENT],
    ...options,
  });
  const keys = createRemoteJWKSet(new URL(identity.jwksUrl));
  verify = (token) => jwtVerify(token, keys, { issuer: identity.issuer, audience: api });
  const write = (securityScheme: unknown, name = 'api.json') => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(documentOf(api, securityScheme)));
    return path;
  };
  return {
    identity,
    api,
    document: write(flowsOf(identity)),
    seen,
    expire() {
      for (const token of seen) rejected.add(token);
    },
    answer(status, headers = {}) {
      reply = [status, headers];
    },
    echo() {
      echoes = true;
    },
    write,
    async close() {
      await identity.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** A client that was registered by hand. */
export const CLIENT = {
  client_id: 'app',
  client_secret: 's:e c+ret%',
  application_type: 'native',
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['http://127.0.0.1/callback'],
} as const;

const scopes = { 'notes:read': 'Read notes' };

/** The scheme as most documents write it. */
export const flowsOf = ({ authorizationEndpoint, tokenEndpoint, issuer }: IdentityProvider) => ({
  type: 'oauth2',
  flows: {
    authorizationCode: { authorizationUrl: authorizationEndpoint, tokenUrl: tokenEndpoint, scopes },
    deviceAuthorization: { deviceAuthorizationUrl: `${issuer}/device/auth`, tokenUrl: tokenEndpoint, scopes },
  },
});

const documentOf = (api: string, securityScheme: unknown) => ({
  openapi: '3.2.0',
  info: { title: 'Notes', version: '1' },
  servers: [{ url: api }],
  security: [{ login: ['notes:read'] }],
  paths: {
    '/notes': { get: { operationId: 'listNotes', responses: { 200: { description: 'ok' } } } },
    '/elsewhere': {
      get: {
        operationId: 'elsewhere',
        servers: [{ url: api.replace('127.0.0.1', 'localhost') }],
        responses: { 200: { description: 'ok' } },
      },
    },
  },
  components: { securitySchemes: { login: securityScheme } },
});
