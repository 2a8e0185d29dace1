import type { AuthPreset } from './preset.ts';

export const cognito: AuthPreset = {
  name: 'cognito',
  title: 'Amazon Cognito',
  account: { what: 'the region and the user pool', example: 'eu-central-1/eu-central-1_AbCdEfGhI' },
  issuer: 'https://cognito-idp.{account.0}.amazonaws.com/{account.1}',
  // Without resource binding, access tokens have no "aud".
  tokens: {
    kind: 'jwt',
    audience: 'client-id',
    audienceClaim: 'client_id',
    fixedClaims: { token_use: 'access' },
    scopeClaims: ['cognito:groups'],
  },
  registration: 'proxy',
  notes: [
    'Pass the client id of an app client: tokens of other app clients of the pool are refused.',
    'For the OAuth proxy, also pass the endpoints of the hosted domain: upstream.authorizationEndpoint and upstream.tokenEndpoint.',
    'Groups ("cognito:groups") count as scopes.',
  ],
};
