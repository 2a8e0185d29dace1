import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { freePort } from '../free-port.test.fixture.ts';
import {
  type Browser,
  browse,
  type IdentityProvider,
  startIdentityProvider,
} from '../identity-provider.test.fixture.ts';
import { openApi } from '../proxy.ts';
import type { ConnectOptions } from '../runtime/api/auth/given-caller-credentials.ts';
import type { TokenStore } from '../runtime/secrets/token-store.ts';
import type { AuthOptions } from '../runtime/serve/auth/auth-options.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import type { SharedStore } from '../runtime/shared-store.ts';
import { LoginClient, REDIRECT_URL } from './login-client.test.fixture.ts';
import { type CallerApi, callerDocument, startCallerApi } from './on-behalf.test.fixture.ts';

/** Our client at the third party. */
export const PARTY_CLIENT = { clientId: 'our-server', clientSecret: 'the-secret-at-the-third-party' };
/** Our client at the provider of the callers. */
export const PAGES_CLIENT = { clientId: 'our-pages', clientSecret: 'the-secret-of-our-pages' };

export interface ConnectWorld {
  /** Callers log in here. */
  readonly identity: IdentityProvider;
  /** They consent here to the use of the API. */
  readonly party: IdentityProvider;
  readonly api: CallerApi;
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  /** Whose tokens reached the API, at the third party. */
  owners(): Promise<(string | undefined)[]>;
  /** An access token for the server, as a client gets it. */
  tokenOf(login: string): Promise<string>;
}

export interface ConnectWorldOptions {
  readonly title?: string;
  /** Seconds that tokens of the third party are valid. */
  readonly partyTtl?: number;
}

/** The servers around ours, which is not started yet. */
export async function connectWorld(
  closing: (close: () => Promise<unknown>) => void,
  { partyTtl = 3600 }: ConnectWorldOptions = {},
): Promise<ConnectWorld> {
  const [api, port] = await Promise.all([startCallerApi(), freePort()]);
  const origin = `http://127.0.0.1:${port}`;
  const url = `${origin}/mcp`;
  const client = (own: { clientId: string; clientSecret: string }, ...paths: string[]) => ({
    client_id: own.clientId,
    client_secret: own.clientSecret,
    redirect_uris: paths.map((path) => origin + path),
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const [identity, party] = await Promise.all([
    startIdentityProvider({
      resource: url,
      scopes: ['mcp'],
      registration: true,
      // The OAuth proxy is the same application.
      clients: [client(PAGES_CLIENT, '/connect/login', '/auth/callback')],
      defaultResource: true,
    }),
    startIdentityProvider({
      resource: 'https://unused.example',
      scopes: ['notes:read'],
      accessTokenTtl: partyTtl,
      clients: [client(PARTY_CLIENT, '/connect/callback')],
    }),
  ]);
  for (const each of [api, identity, party]) closing(() => each.close());
  return {
    identity,
    party,
    api,
    url,
    origin,
    port,
    owners: () => Promise.all(api.reached.map(({ authorization }) => ownerOf(party, authorization))),
    async tokenOf(login) {
      const provider = new LoginClient();
      const client = new Client({ name: 'test', version: '1' });
      const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: provider });
      await client.connect(transport).catch(() => undefined);
      await transport.finishAuth(await consented(provider, login));
      return provider.saved?.access_token ?? '';
    },
  };
}

const consented = async (provider: LoginClient, login: string) =>
  (await browse(provider.sent.at(-1) ?? '', { login, stopAt: ({ href }) => href.startsWith(REDIRECT_URL) }))
    .searchParams;

async function ownerOf(party: IdentityProvider, authorization = ''): Promise<string | undefined> {
  const response = await fetch(party.introspectionEndpoint, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${PARTY_CLIENT.clientId}:${PARTY_CLIENT.clientSecret}`)}` },
    body: new URLSearchParams({ token: authorization.slice('Bearer '.length) }),
  });
  const { sub } = (await response.json()) as { readonly sub?: string };
  return sub;
}

/** The document of the API, whose authorization server is the third party. */
export function connectDocument({ api, party }: Pick<ConnectWorld, 'api' | 'party'>, title = 'Notes'): object {
  const document = callerDocument(api.url, party.tokenEndpoint) as Record<string, unknown>;
  const flows = {
    authorizationCode: {
      authorizationUrl: party.authorizationEndpoint,
      tokenUrl: party.tokenEndpoint,
      scopes: { 'notes:read': '' },
    },
  };
  return {
    ...document,
    info: { title, version: '1' },
    components: { securitySchemes: { login: { type: 'oauth2', flows } } },
  };
}

export interface ServedOptions {
  readonly title?: string;
  readonly connect?: Partial<ConnectOptions>;
  readonly auth?: Partial<AuthOptions>;
  readonly tokenStore?: TokenStore;
  readonly stateless?: boolean;
  /** Of one of several processes. */
  readonly store?: SharedStore;
  /** Default: that of the world. */
  readonly port?: number;
}

/** Serves the API of a world from a program. */
export async function serveWorld(world: ConnectWorld, options: ServedOptions = {}) {
  const { title, connect, auth, tokenStore, stateless = false, store, port = world.port } = options;
  const errors: Error[] = [];
  const { provider } = await openApi(
    { text: JSON.stringify(connectDocument(world, title)) },
    {
      cache: false,
      environment: {},
      auth: { login: { connect: { ...PARTY_CLIENT, ...connect } } },
      ...(tokenStore && { tokenStore }),
    },
  );
  const server = await serveHttp(provider, {
    port,
    stateless,
    ...(store && { store }),
    onError: (error) => errors.push(error),
    auth: { provider: world.identity.issuer, requiredScopes: ['mcp'], login: PAGES_CLIENT, ...auth },
  });
  return { server, errors };
}

/** What a client does with URLs that it is asked to open. */
export type Opens = (url: string) => Promise<'accept' | 'decline' | 'cancel'>;

/** A real client of either era, which has logged in. Without `opens`, it cannot open URLs. */
export async function connectedClient(
  { url }: Pick<ConnectWorld, 'url'>,
  { mode, login, opens }: { readonly mode: 'legacy' | 'auto'; readonly login: string; readonly opens?: Opens },
) {
  const authProvider = new LoginClient();
  const capabilities = opens ? { elicitation: { url: {} } } : {};
  const asked: string[] = [];
  const create = () => {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode }, capabilities });
    if (opens) {
      client.setRequestHandler('elicitation/create', async ({ params }) => {
        if (params.mode !== 'url') return { action: 'decline' as const };
        asked.push(params.url);
        return { action: await opens(params.url) };
      });
    }
    return { client, transport: new StreamableHTTPClientTransport(new URL(url), { authProvider }) };
  };
  const first = create();
  await first.client.connect(first.transport).catch(() => undefined);
  await first.transport.finishAuth(await consented(authProvider, login));
  const { client, transport } = create();
  await client.connect(transport);
  return { client, asked, token: authProvider.saved?.access_token ?? '' };
}

/** Opens a link in a browser and consents everywhere, up to the last page. */
export async function consent(
  browser: Browser,
  link: string,
  { login, account = login }: { readonly login: string; readonly account?: string },
): Promise<Response> {
  const origin = new URL(link).origin;
  const isOurs = (path: string) => (url: URL) => url.origin === origin && url.pathname === path;
  const ask = await browser.browse(link, { login, stopAt: isOurs('/connect/consent') });
  const callback = await browser.browse(ask, { login: account, stopAt: isOurs('/connect/callback') });
  return browser.request(callback);
}
