import type { AuthPreset } from './preset.ts';

export const workos: AuthPreset = {
  name: 'workos',
  title: 'WorkOS AuthKit',
  account: { what: 'the AuthKit domain', example: 'acme.authkit.app' },
  issuer: 'https://{account}',
  tokens: { kind: 'jwt', jwksUri: 'https://{account}/oauth2/jwks' },
  registration: 'both',
  notes: ['List the public URL of the MCP endpoint as a resource in the dashboard, and turn on client registration.'],
};
