// The OAuth proxy: what a program may import from `openapi-mcp/oauth-proxy`. An authorization server in front of a
// provider that clients cannot register with. Adding a line here is a promise.
export type { AuthFetch } from '../runtime/serve/auth/auth-fetch.ts';
export {
  InvalidTokenError,
  type TokenVerifier,
  type VerifiedToken,
  VerifierUnavailableError,
} from '../runtime/serve/auth/token-verifier.ts';
export { type FileStoreOptions, fileStore } from './file-store.ts';
export { createOAuthProxy, type OAuthProxy } from './oauth-proxy.ts';
export { OAuthProxyOptionError, type OAuthProxyOptions, type UpstreamOptions } from './options.ts';
export { type PresetProxyOptions, presetProxy } from './preset-proxy.ts';
export { type OpenedFetch, openPublicFetch } from './public-fetch.ts';
export { sharedOAuthStore } from './shared-store.ts';
export { type MemoryStoreOptions, memoryStore, type OAuthProxyStore } from './store.ts';
