import { describe, expect, test } from 'vitest';
import { mapPaths } from './document.test.fixture.ts';

/** The scheme as the model has it, and the problems. */
function settled(scheme: unknown) {
  const { model, problems } = mapPaths(
    { '/a': { get: { responses: { 200: { description: 'ok' } } } } },
    { components: { securitySchemes: { login: scheme } }, servers: [{ url: 'https://api.test/v1' }] },
  );
  return { scheme: model.auth.login, problems: problems.map(({ code, pointer }) => `${code} ${pointer}`) };
}

describe('the flows of an OAuth 2.0 scheme', () => {
  test('are kept with their URLs as written, and the names of their scopes', () => {
    const flows = {
      authorizationCode: {
        authorizationUrl: '/authorize',
        tokenUrl: '/token',
        refreshUrl: '/refresh',
        scopes: { read: 'Read', write: 'Write' },
      },
      deviceAuthorization: { deviceAuthorizationUrl: '/device', tokenUrl: '/token', scopes: {} },
      clientCredentials: { tokenUrl: 'https://issuer.test/token', scopes: { read: 'Read' } },
    };
    const metadata = 'https://issuer.test/.well-known/oauth-authorization-server';
    expect(settled({ type: 'oauth2', flows, oauth2MetadataUrl: metadata })).toEqual({
      scheme: {
        kind: 'oauth2',
        clientCredentials: { tokenUrl: 'https://issuer.test/token', scopes: ['read'] },
        authorizationCode: {
          authorizationUrl: '/authorize',
          tokenUrl: '/token',
          refreshUrl: '/refresh',
          scopes: ['read', 'write'],
        },
        deviceAuthorization: { deviceAuthorizationUrl: '/device', tokenUrl: '/token', scopes: [] },
        metadataUrl: metadata,
      },
      problems: [],
    });
  });

  test.each(['implicit', 'password'])('%s is reported by its name if there is no other', (flow) => {
    const obsolete = { authorizationUrl: '/authorize', tokenUrl: '/token', scopes: {} };
    expect(settled({ type: 'oauth2', flows: { [flow]: obsolete } })).toEqual({
      scheme: { kind: 'oauth2' },
      problems: [`UNSUPPORTED_OAUTH_FLOW #/components/securitySchemes/login/flows/${flow}`],
    });
    const flows = { [flow]: obsolete, clientCredentials: obsolete };
    expect(settled({ type: 'oauth2', flows }).problems).toEqual([]);
  });

  test.each([
    ['authorizationCode', { tokenUrl: '/token' }],
    ['authorizationCode', { authorizationUrl: '/authorize' }],
    ['deviceAuthorization', { authorizationUrl: '/authorize', tokenUrl: '/token' }],
    ['clientCredentials', { tokenUrl: ' ' }],
    ['clientCredentials', 'none'],
  ])('%s with %j is ignored', (name, flow) => {
    expect(settled({ type: 'oauth2', flows: { [name]: flow } }).scheme).toEqual({ kind: 'oauth2' });
  });
});
