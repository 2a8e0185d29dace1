import type { AuthPreset } from './preset.ts';

export const discord: AuthPreset = {
  name: 'discord',
  title: 'Discord',
  issuer: 'https://discord.com',
  tokens: {
    kind: 'opaque',
    info: {
      method: 'GET',
      url: 'https://discord.com/api/oauth2/@me',
      send: 'bearer',
      subject: ['user.id'],
      client: 'application.id',
      scope: 'scopes',
      expires: { date: 'expires' },
    },
  },
  registration: 'proxy',
  upstream: {
    authorizationEndpoint: 'https://discord.com/oauth2/authorize',
    tokenEndpoint: 'https://discord.com/api/oauth2/token',
    scopes: ['identify'],
    clientAuthentication: 'post',
  },
  notes: ['Create an application, and pass its client id and secret.'],
};
