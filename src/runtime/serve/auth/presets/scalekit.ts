import type { AuthPreset } from './preset.ts';

export const scalekit: AuthPreset = {
  name: 'scalekit',
  title: 'Scalekit',
  account: { what: 'the host of the environment', example: 'acme.scalekit.com' },
  issuer: 'https://{account}',
  tokens: { kind: 'jwt', jwksUri: 'https://{account}/keys' },
  registration: 'dynamic',
  notes: ['Pass the id of the resource as the audience.'],
};
