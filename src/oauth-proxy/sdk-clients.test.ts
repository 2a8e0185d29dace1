import { auth as authV2, type OAuthClientProvider as ProviderV2 } from '@modelcontextprotocol/client';
import { auth as authV1, type OAuthClientProvider as ProviderV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { browse, type IdentityProvider } from '../identity-provider.test.fixture.ts';
import type { AuthFetch } from './index.ts';
import { CLIENT_REDIRECT, type StartedProxy, startProxy, startUpstream, visit } from './proxy.test.fixture.ts';

const DOCUMENT = 'https://client.example/client.json';
const metadata = {
  client_name: 'An SDK client',
  redirect_uris: [CLIENT_REDIRECT],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};
const publicFetch: AuthFetch = async () => Response.json({ ...metadata, client_id: DOCUMENT });

let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startUpstream();
});
afterAll(() => idp.close());

/** What a client remembers. Both SDKs take it: their types differ in optional methods only. */
function memory(documentUrl?: string) {
  const kept: {
    redirect?: URL;
    client?: object;
    tokens?: Record<string, string>;
    verifier?: string;
    discovery?: object;
  } = {};
  const provider = {
    redirectUrl: CLIENT_REDIRECT,
    clientMetadata: metadata,
    ...(documentUrl !== undefined && { clientMetadataUrl: documentUrl }),
    clientInformation: () => kept.client,
    saveClientInformation: (client: object) => {
      kept.client = client;
    },
    tokens: () => kept.tokens,
    saveTokens: (tokens: Record<string, string>) => {
      kept.tokens = tokens;
    },
    redirectToAuthorization: (url: URL) => {
      kept.redirect = url;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? '',
    saveDiscoveryState: (state: object) => {
      kept.discovery = state;
    },
    discoveryState: () => kept.discovery,
  };
  return { kept, provider };
}

/** The MCP server's own metadata (RFC 9728) is not the proxy's part. */
function withResourceMetadata({ baseUrl, resource }: StartedProxy) {
  return async (url: string | URL, init?: RequestInit) =>
    String(url).includes('/.well-known/oauth-protected-resource')
      ? Response.json({ resource, authorization_servers: [baseUrl] })
      : fetch(url, init);
}

type Auth = (
  provider: unknown,
  options: { serverUrl: string; fetchFn: typeof fetch; authorizationCode?: string; iss?: string },
) => Promise<string>;
const v2: Auth = (provider, options) => authV2(provider as ProviderV2, options);
const v1: Auth = (provider, options) => authV1(provider as ProviderV1, options);

test.each([
  ['v2', 'registers itself', v2, undefined],
  ['v2', 'shows its document', v2, DOCUMENT],
  ['v1', 'registers itself', v1, undefined],
  ['v1', 'shows its document', v1, DOCUMENT],
])('a client of SDK %s that %s logs in and refreshes', async (_, __, auth, documentUrl) => {
  const started = await startProxy(idp, { publicFetch });
  const { kept, provider } = memory(documentUrl);
  const options = { serverUrl: started.resource, fetchFn: withResourceMetadata(started) as typeof fetch };
  expect(await auth(provider, options)).toBe('REDIRECT');
  const back = await browse(kept.redirect ?? '', visit);
  const [code, iss] = ['code', 'iss'].map((name) => back.searchParams.get(name) ?? '');
  expect(await auth(provider, { ...options, authorizationCode: code ?? '', iss: iss ?? '' })).toBe('AUTHORIZED');
  const first = kept.tokens?.access_token ?? '';
  const { clientId } = await started.proxy.verify(first);
  expect(clientId === DOCUMENT).toBe(documentUrl !== undefined);
  expect(await auth(provider, options)).toBe('AUTHORIZED');
  expect(kept.tokens?.access_token).not.toBe(first);
  await started.proxy.verify(kept.tokens?.access_token ?? '');
});
