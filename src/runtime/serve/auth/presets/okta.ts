import type { AuthPreset } from './preset.ts';

export const okta: AuthPreset = {
  name: 'okta',
  title: 'Okta',
  account: { what: 'the host and the id of a custom authorization server', example: 'acme.okta.com/oauth2/aus1abc' },
  issuer: 'https://{account}',
  tokens: { kind: 'jwt' },
  registration: 'pre-registered',
  notes: [
    'Set the audience of the custom authorization server to the public URL of the MCP endpoint. The org authorization server cannot be used: its tokens are for Okta itself.',
    'Okta accepts only clients that an administrator has registered.',
  ],
};
