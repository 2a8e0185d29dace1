import type { AuthPreset } from './preset.ts';

export const oidc: AuthPreset = {
  name: 'oidc',
  title: 'OpenID Connect',
  account: { what: 'the issuer URL', example: 'https://login.example.com' },
  issuer: '{account}',
  tokens: { kind: 'jwt' },
  registration: 'both',
  notes: ['Access tokens must be JWTs with the public URL of the MCP endpoint, or the configured audience, in "aud".'],
};
