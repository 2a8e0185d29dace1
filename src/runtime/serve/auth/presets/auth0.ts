import type { AuthPreset } from './preset.ts';

export const auth0: AuthPreset = {
  name: 'auth0',
  title: 'Auth0',
  account: { what: 'the domain of the tenant', example: 'acme.eu.auth0.com' },
  // With a slash at the end: Auth0 compares it exactly.
  issuer: 'https://{account}/',
  tokens: { kind: 'jwt', scopeClaims: ['permissions'] },
  registration: 'both',
  notes: [
    'Create an API whose identifier is the public URL of the MCP endpoint, or pass its identifier as the audience. Without an audience, Auth0 issues opaque tokens, which are refused.',
    'Turn on Dynamic Client Registration, or import the metadata documents of the clients you allow.',
    'With RBAC, "permissions" count as scopes.',
  ],
};
