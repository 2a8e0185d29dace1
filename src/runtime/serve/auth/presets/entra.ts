import type { AuthPreset } from './preset.ts';

export const entra: AuthPreset = {
  name: 'entra',
  title: 'Microsoft Entra ID',
  account: { what: 'the tenant id', example: '00000000-0000-0000-0000-000000000000' },
  issuer: 'https://login.microsoftonline.com/{account}/v2.0',
  tokens: {
    kind: 'jwt',
    jwksUri: 'https://login.microsoftonline.com/{account}/discovery/v2.0/keys',
    audience: 'client-id',
    // ID tokens of the same application have the same "aud", and may have "roles", but not who the token was issued to.
    anyOfClaims: ['azp', 'azpacr'],
    scopeClaims: ['roles'],
  },
  registration: 'proxy',
  upstream: {
    authorizationEndpoint: 'https://login.microsoftonline.com/{account}/oauth2/v2.0/authorize',
    tokenEndpoint: 'https://login.microsoftonline.com/{account}/oauth2/v2.0/token',
    // Without a scope of the application, the token would be for Microsoft Graph.
    scopes: ['openid', 'offline_access', 'api://{clientId}/.default'],
    clientAuthentication: 'post',
  },
  notes: [
    'Pass the client id (a GUID) of the app registration, and set requestedAccessTokenVersion to 2 in its manifest.',
    'Scopes are short in tokens ("read"), but are requested as api://<client id>/read.',
    'Roles count as scopes. Only accounts of the tenant are accepted: "common" is not a tenant id.',
  ],
};
