import { either, integer, list, map, object, onOff, path, text } from './spec.ts';

const scope = text('a scope');
const scopesByPattern = (description: string) => map(description, list('scopes that are all needed', scope));
const audience = either('what "aud" of a token must be; default: the public URL', [
  text('an audience'),
  list('audiences, of which one must be in it', text('an audience')),
]);

const provider = {
  provider: text('a preset, such as auth0:acme.eu.auth0.com, or the issuer URL of an OpenID Connect provider'),
  audience,
  clientId: text('client id of this server at the provider, for presets that need it'),
  clientSecret: text('client secret of this server at the provider, for presets that need it'),
};

/** Who may call the server over HTTP. */
export const AUTH = object('who may call over HTTP', {
  ...provider,
  publicUrl: text('URL of the MCP endpoint that clients use, for which tokens are issued'),
  requiredScopes: list('scopes that every call needs', scope),
  allow: map(
    'claim → values, with *, of which one must be in the token; default: every user of the provider may call',
    list('values', text('a value')),
  ),
  scopesSupported: list('further scopes that the metadata lists', scope),
  verifiers: list(
    'further issuers of tokens',
    object('an issuer: one of provider, jwt and introspection', {
      ...provider,
      jwt: object(
        'JWTs of an issuer without a discovery document',
        {
          issuer: text('what "iss" must be'),
          jwksUri: text('URL of the key set'),
          audience,
          algorithms: list('signature algorithms to accept', text('an algorithm, such as RS256')),
        },
        ['issuer', 'jwksUri'],
      ),
      introspection: object(
        'opaque tokens (RFC 7662)',
        {
          url: text('the introspection endpoint'),
          issuer: text('the authorization server; default: the origin of the URL'),
          clientId: text('client id of this server'),
          clientSecret: text('client secret of this server'),
          audience,
        },
        ['url', 'clientId', 'clientSecret'],
      ),
    }),
  ),
  keys: list(
    'callers with a key of their own',
    object(
      'a caller',
      {
        name: text('name of the caller'),
        key: text('what it sends (Authorization: Bearer …), at least 16 characters'),
        scopes: list('its scopes', scope),
      },
      ['name', 'key'],
    ),
  ),
  scopes: object('scopes that single tools, resources and prompts need', {
    tools: scopesByPattern('tool name, with * → scopes; the resource of the same operation needs them too'),
    tags: scopesByPattern('tag of a tool or operation → scopes'),
    resources: scopesByPattern('URI or name of a resource, with * → scopes'),
    prompts: scopesByPattern('prompt name, with * → scopes'),
    fromDocument: onOff('operations need the scopes of their security requirements'),
    implies: map('a scope → scopes that it includes', list('included scopes', scope)),
  }),
  login: object(
    'an application at the provider, with the redirect URI <origin of publicUrl>/connect/login: a browser logs in there before its user connects an account; needed for the credential connect',
    {
      clientId: text('client id; default: clientId and clientSecret next to login'),
      clientSecret: text('client secret; default: none, a public client'),
      scopes: list('scopes to request; default: openid, or those of the preset', scope),
    },
  ),
  proxy: object(
    'an authorization server of our own, for providers that MCP clients cannot register with',
    {
      secret: text('at least 32 characters: signs tokens and encrypts logins'),
      folder: path('where logins are kept, encrypted; default: in memory'),
      allowedRedirectUris: list('redirect URIs that clients may use', text('a URI; * stands for any text')),
      upstream: object('endpoints and scopes at the provider, instead of those of the preset', {
        authorizationEndpoint: text('the authorization endpoint'),
        tokenEndpoint: text('the token endpoint'),
        scopes: list('scopes to request there', scope),
      }),
    },
    ['secret'],
  ),
  cacheSeconds: integer('how long a verified token is trusted without asking again; default: 60', 0, 3_600),
  clockTolerance: integer('by how many seconds the clocks of provider and server may differ; default: 30', 0, 300),
});
