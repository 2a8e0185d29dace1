import type { AuthPreset } from './preset.ts';

export const github: AuthPreset = {
  name: 'github',
  title: 'GitHub',
  issuer: 'https://github.com/login/oauth',
  tokens: {
    kind: 'opaque',
    info: {
      method: 'POST',
      // Answers 404 for tokens of other applications, unlike GET /user, which accepts any token.
      url: 'https://api.github.com/applications/{clientId}/token',
      send: 'json',
      field: 'access_token',
      authenticate: 'basic',
      subject: ['user.id'],
      client: 'app.client_id',
      scope: 'scopes',
      expires: { date: 'expires_at' },
    },
  },
  registration: 'proxy',
  upstream: {
    authorizationEndpoint: 'https://github.com/login/oauth/authorize',
    tokenEndpoint: 'https://github.com/login/oauth/access_token',
    scopes: ['read:user'],
    clientAuthentication: 'post',
  },
  notes: ['Create an OAuth app, and pass its client id and secret.'],
};
