import type { AuthPreset } from './preset.ts';

export const google: AuthPreset = {
  name: 'google',
  title: 'Google',
  issuer: 'https://accounts.google.com',
  tokens: {
    kind: 'opaque',
    info: {
      method: 'GET',
      url: 'https://oauth2.googleapis.com/tokeninfo',
      send: 'query',
      field: 'access_token',
      subject: ['sub'],
      client: 'aud',
      scope: 'scope',
      expires: { in: 'expires_in' },
    },
  },
  registration: 'proxy',
  upstream: {
    authorizationEndpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenEndpoint: 'https://oauth2.googleapis.com/token',
    scopes: ['openid', 'email'],
    // Without it there is no refresh token.
    authorizeParameters: { access_type: 'offline' },
    clientAuthentication: 'post',
  },
  notes: ['Create an OAuth client of the type "Web application", and pass its client id and secret.'],
};
