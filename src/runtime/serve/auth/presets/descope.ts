import type { AuthPreset } from './preset.ts';

export const descope: AuthPreset = {
  name: 'descope',
  title: 'Descope',
  account: { what: 'the project id', example: 'P2abcDEFghiJKLmnoPQRstuVWXyz' },
  issuer: 'https://api.descope.com/v1/apps/{account}',
  tokens: {
    kind: 'jwt',
    jwksUri: 'https://api.descope.com/{account}/.well-known/jwks.json',
    audience: { fixed: '{account}' },
  },
  registration: 'dynamic',
  notes: ['Turn on Dynamic Client Registration of the inbound apps.'],
};
