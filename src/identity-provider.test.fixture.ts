import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { ClientMetadata, Configuration, default as Provider, ResourceServer } from 'oidc-provider';
import { addTokenExchange } from './token-exchange.test.fixture.ts';

export { type Browser, browse, type Consent, startBrowser, type Visit } from './browser.test.fixture.ts';

export interface IdentityProviderOptions {
  /** Canonical URLs of the resource servers: `aud` of their tokens, and the accepted values of `resource`. */
  readonly resource: string | readonly string[];
  /** Scopes of the resource servers. `openid` and `offline_access` are there in any case. */
  readonly scopes: readonly string[];
  /** Issue tokens for the first resource to clients that name none. Default: false. */
  readonly defaultResource?: boolean;
  /** Dynamic client registration (RFC 7591). Default: false. */
  readonly registration?: boolean;
  /** Client ID metadata documents, served from `documents`. Default: false. */
  readonly cimd?: boolean;
  /** Metadata documents by their URL. */
  readonly documents?: Readonly<Record<string, unknown>>;
  /** Default: `jwt`. JWTs can be neither introspected nor revoked. */
  readonly accessTokenFormat?: 'jwt' | 'opaque';
  /** Seconds. Default: 3600. */
  readonly accessTokenTtl?: number;
  /** Refresh tokens are single-use; the use of an old one revokes the grant. Default: true. */
  readonly rotate?: boolean;
  /** Static clients. */
  readonly clients?: readonly ClientMetadata[];
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface IdentityProvider {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string;
  readonly introspectionEndpoint: string;
  readonly userinfoEndpoint: string;
  /** Requests by path, such as `/token`. */
  readonly requests: ReadonlyMap<string, number>;
  /** Revokes everything that was granted on behalf of this login: its refresh tokens and opaque access tokens. */
  revoke(login: string): Promise<void>;
  /** Signs with a new key from now on. `keepOld`: the old one stays in the JWKS. Default: false. */
  rotateKeys(options?: { readonly keepOld?: boolean }): Promise<void>;
  /** Requests to the path get this response instead; without `listener`, the provider's own again. */
  replace(path: string, listener?: Listener): void;
  close(): Promise<void>;
}

/** A real authorization server with login and consent pages, on a loopback port. `browse` visits its pages. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  let keys = [await newKey()];
  const replaced = new Map<string, Listener>();
  const requests = new Map<string, number>();
  const grants = new Map<string, Set<string>>();
  let answer: Listener = () => {};
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    requests.set(path, (requests.get(path) ?? 0) + 1);
    (replaced.get(path) ?? answer)(request, response);
  });
  const issuer = await listen(server);
  const adapter = await memoryAdapter();
  const start = async () => {
    const provider = await newProvider(issuer, { ...configuration(options, keys), adapter });
    provider.on('grant.success', ({ oidc: { entities } }) => {
      const { accountId, grantId } = entities.AccessToken ?? {};
      if (accountId && grantId) grants.set(accountId, (grants.get(accountId) ?? new Set()).add(grantId));
    });
    addTokenExchange(provider, { issuer, publicKeys: () => keys, info: (id) => resourceServer(options, id) });
    answer = provider.callback();
    return provider;
  };
  let provider = await start();
  return {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    authorizationEndpoint: `${issuer}/auth`,
    tokenEndpoint: `${issuer}/token`,
    revocationEndpoint: `${issuer}/token/revocation`,
    introspectionEndpoint: `${issuer}/token/introspection`,
    userinfoEndpoint: `${issuer}/me`,
    requests,
    async revoke(login) {
      for (const id of grants.get(login) ?? []) {
        for (const model of [provider.AccessToken, provider.RefreshToken, provider.AuthorizationCode]) {
          await model.revokeByGrantId(id);
        }
        await (await provider.Grant.find(id))?.destroy();
      }
    },
    async rotateKeys({ keepOld = false } = {}) {
      keys = [await newKey(), ...(keepOld ? keys : [])];
      provider = await start();
    },
    replace(path, listener) {
      if (listener) replaced.set(path, listener);
      else replaced.delete(path);
    },
    close: () => close(server),
  };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: crypto.randomUUID() };
}

/** Two providers with different keys share what they stored. */
async function memoryAdapter() {
  // Not in its types.
  const path = 'oidc-provider/lib/adapters/memory_adapter.js';
  const { createMemoryAdapter } = (await import(path)) as {
    createMemoryAdapter(): NonNullable<Configuration['adapter']>;
  };
  return createMemoryAdapter();
}

/** Imported once: what prints notices about the runtime is its first import. */
let imported: Promise<typeof import('oidc-provider')> | undefined;

async function newProvider(issuer: string, settings: Configuration): Promise<Provider> {
  imported ??= quietly(() => import('oidc-provider'));
  const { Provider } = await imported;
  return quietly(() => new Provider(issuer, settings));
}

/** Without the notices of oidc-provider about its runtime and about features for development. */
function quietly<T>(work: () => T): T {
  const { info, warn } = console;
  const except =
    (print: typeof info) =>
    (first: unknown, ...rest: unknown[]) => {
      if (!String(first).includes('oidc-provider ')) print(first, ...rest);
    };
  const restore = () => Object.assign(console, { info, warn });
  Object.assign(console, { info: except(info), warn: except(warn) });
  const result = work();
  if (result instanceof Promise) result.finally(restore).catch(() => {});
  else restore();
  return result;
}

function resourceServer(options: IdentityProviderOptions, id: string): ResourceServer | undefined {
  const { scopes, accessTokenFormat = 'jwt', accessTokenTtl = 3600 } = options;
  if (![options.resource].flat().includes(id)) return undefined;
  return {
    scope: scopes.join(' '),
    audience: id,
    accessTokenFormat,
    accessTokenTTL: accessTokenTtl,
    ...(accessTokenFormat === 'jwt' && { jwt: { sign: { alg: 'RS256' } } }),
  };
}

function configuration(options: IdentityProviderOptions, keys: readonly JWK[]): Configuration {
  const { accessTokenTtl = 3600, registration = false, cimd = false, documents = {} } = options;
  const [first] = [options.resource].flat();
  return {
    clients: structuredClone([...(options.clients ?? [])]),
    jwks: { keys: [...keys] },
    scopes: ['openid', 'offline_access', ...options.scopes],
    pkce: { required: () => true },
    rotateRefreshToken: options.rotate ?? true,
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    // Each lifetime is set because the default functions print notices.
    ttl: {
      AccessToken: (_, token) => token.resourceServer?.accessTokenTTL ?? accessTokenTtl,
      ClientCredentials: (_, token) => token.resourceServer?.accessTokenTTL ?? accessTokenTtl,
      DeviceCode: 600,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    renderError(ctx, out) {
      ctx.type = 'text';
      ctx.body = `${out.error}: ${out.error_description}`;
    },
    clientBasedCORS: () => false,
    // Without this, a registered client could only ever ask for the scopes of its first challenge.
    extraClientMetadata: {
      properties: ['unpinned'],
      validator: (_ctx, _key, _value, metadata) => {
        delete metadata.scope;
      },
    },
    // Only clients' documents are fetched. oidc-provider passes its own guard against private addresses.
    fetch: async (url) => {
      const document = documents[String(url)];
      if (document === undefined) return new Response('Not found.', { status: 404 });
      return Response.json(document);
    },
    features: {
      devInteractions: { enabled: true },
      registration: { enabled: registration },
      ...(cimd && { clientIdMetadataDocument: { enabled: true, ack: 'draft-02' } }),
      revocation: { enabled: true, allowedPolicy: () => true },
      introspection: { enabled: true, allowedPolicy: () => true },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true, ...DEVICE_PAGES },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        ...(options.defaultResource && first !== undefined && { defaultResource: () => first }),
        async getResourceServerInfo(_, id) {
          const info = resourceServer(options, id);
          if (info) return info;
          const { errors } = await import('oidc-provider');
          throw new errors.InvalidTarget('unknown resource');
        },
      },
    },
  };
}

/** Plain pages, whose forms `browse` can submit. */
const DEVICE_PAGES: NonNullable<NonNullable<Configuration['features']>['deviceFlow']> = {
  userCodeInputSource(ctx, form) {
    ctx.type = 'html';
    ctx.body = form;
  },
  userCodeConfirmSource(ctx, form) {
    ctx.type = 'html';
    ctx.body = form;
  },
  successSource(ctx) {
    ctx.type = 'text';
    ctx.body = 'The device is signed in.';
  },
};

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
