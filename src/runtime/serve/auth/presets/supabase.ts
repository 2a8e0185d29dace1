import type { AuthPreset } from './preset.ts';

export const supabase: AuthPreset = {
  name: 'supabase',
  title: 'Supabase',
  account: { what: 'the URL of the project', example: 'https://abcdefgh.supabase.co' },
  issuer: '{account}/auth/v1',
  tokens: {
    kind: 'jwt',
    jwksUri: '{account}/auth/v1/.well-known/jwks.json',
    audience: { fixed: 'authenticated' },
    // Tokens of the project's own apps have the same audience; those of OAuth clients have this claim.
    anyOfClaims: ['client_id'],
  },
  registration: 'dynamic',
  notes: [
    'Supabase gives every token of a project the audience "authenticated": tokens for other resources of the project are accepted as well.',
    'Use asymmetric signing keys (ES256). Turn on the OAuth server and Dynamic Client Registration.',
  ],
};
