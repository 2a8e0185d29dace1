import type { AuthPreset } from './preset.ts';

export const keycloak: AuthPreset = {
  name: 'keycloak',
  title: 'Keycloak',
  account: { what: 'the URL of the realm', example: 'https://id.example.com/realms/main' },
  issuer: '{account}',
  tokens: { kind: 'jwt', scopeClaims: ['realm_access.roles'] },
  registration: 'dynamic',
  notes: [
    'Keycloak ignores the parameter resource (RFC 8707): add an audience mapper with the public URL of the MCP endpoint to a client scope.',
    'Clients can register themselves from version 26.6. Realm roles count as scopes.',
  ],
};
