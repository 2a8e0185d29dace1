import type { AuthPreset } from './preset.ts';

export const clerk: AuthPreset = {
  name: 'clerk',
  title: 'Clerk',
  account: { what: 'the domain of the instance', example: 'clerk.example.com' },
  issuer: 'https://{account}',
  tokens: {
    kind: 'opaque',
    info: {
      method: 'POST',
      url: 'https://{account}/oauth/token_info',
      send: 'form',
      authenticate: 'basic',
      subject: ['sub'],
      client: 'client_id',
      scope: 'scope',
      expires: { at: 'exp' },
      active: 'active',
    },
  },
  registration: 'proxy',
  upstream: {
    authorizationEndpoint: 'https://{account}/oauth/authorize',
    tokenEndpoint: 'https://{account}/oauth/token',
    scopes: ['openid', 'email', 'profile'],
    clientAuthentication: 'basic',
  },
  notes: ['Create an OAuth application, and pass its client id and secret.'],
};
