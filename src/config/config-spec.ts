import { PAGINATION_KINDS } from '../map/choices.ts';
import type { ValueOf } from '../options/flags.ts';
import type { ConfigPlace, OptionRow } from '../options/option-row.ts';
import { flagName, takesValue } from '../options/option-text.ts';
import { OPTIONS, type OptionTable } from '../options/options.ts';
import { isAuthHandler } from '../runtime/api/auth/auth-handler.ts';
import { CLIENT_AUTH } from '../runtime/api/auth/client-credentials.ts';
import type { PerCaller } from '../runtime/api/auth/given-caller-credentials.ts';
import { TIMEOUT_SECONDS } from '../runtime/api/limits.ts';
import type { Middleware } from '../runtime/middleware/index.ts';
import type { Provider } from '../runtime/provider.ts';
import type { Server } from '../runtime/server.ts';
import { AUTH } from './auth.ts';
import { MIDDLEWARE } from './middleware.ts';
import {
  address,
  byNamespace,
  choice,
  code,
  either,
  integer,
  json,
  list,
  map,
  named,
  number,
  object,
  onOff,
  path,
  program,
  type Spec,
  type TypeOf,
  text,
} from './spec.ts';
import { TRANSFORMS } from './transforms.ts';

type SpecsOf<Kinds> = { readonly [Name in keyof Kinds]: Kinds[Name] extends { readonly spec: infer S } ? S : never };

function specsOf<const Kinds extends Readonly<Record<string, { readonly spec: Spec }>>>(kinds: Kinds): SpecsOf<Kinds> {
  return Object.fromEntries(Object.entries(kinds).map(([name, { spec }]) => [name, spec])) as SpecsOf<Kinds>;
}

/** Adds tools, resources and prompts to the server, under their own names. */
export type SetupFunction = (server: Server) => void | Promise<void>;

/** A custom transform, in a program. */
export type TransformFunction = (provider: Provider) => Provider | Promise<Provider>;

const around = {
  middleware: list(
    'wraps every call; the first one is the outermost',
    named<Middleware, SpecsOf<typeof MIDDLEWARE>>('a middleware', specsOf(MIDDLEWARE)),
  ),
  transforms: list(
    'changes what clients see; each one gets the output of the one before',
    named<TransformFunction, SpecsOf<typeof TRANSFORMS>>('a transform', specsOf(TRANSFORMS)),
  ),
};

const exchangeClient = {
  tokenUrl: text('the token endpoint; default: that of the scheme in the document'),
  clientId: text('client id of this server at the authorization server'),
  clientSecret: text('client secret of this server at the authorization server'),
};

const credential = either('the credential of a scheme', [
  text('API key or access token'),
  object('user name and password', { username: text('user name'), password: text('password') }, [
    'username',
    'password',
  ]),
  object(
    'OAuth 2 client credentials',
    {
      clientId: text('client id'),
      clientSecret: text('client secret'),
      scopes: list('scopes to request instead of those of the operation', text('a scope')),
      clientAuth: choice('how the client authenticates; default: what it has and the server supports', CLIENT_AUTH),
      privateKey: text('key for private_key_jwt: PEM (PKCS #8), or a JWK as JSON'),
      keyId: text('"kid" of the key; default: that of the JWK'),
      algorithm: text('signature algorithm, such as PS256; default: by the type of the key'),
      assertionAudience: text('"aud" of the signed assertion; default: the token endpoint'),
      audience: text('token parameter "audience"'),
      resource: text('token parameter "resource" (RFC 8707)'),
      tokenParameters: map('further parameters of the token request', text('a value')),
    },
    ['clientId'],
  ),
  object(
    'an access key for AWS Signature Version 4',
    {
      accessKeyId: text('access key id'),
      secretAccessKey: text('secret access key'),
      sessionToken: text('session token of temporary credentials'),
      region: text('region; default: read from the host of the API'),
      service: text('service; default: read from the host of the API'),
    },
    ['accessKeyId', 'secretAccessKey'],
  ),
  object(
    'code that authenticates each request, for a scheme of any type',
    {
      module: path('path of a module that exports { authorize(request) { … } }, or a function that returns it'),
      export: text('name of the export; default: default'),
      options: json('passed to the export if it is a function'),
    },
    ['module'],
  ),
  program('an object with the method `authorize`', isAuthHandler),
  object(
    'the token of each caller, exchanged for one for the API (RFC 8693)',
    {
      exchange: object(
        'how it is exchanged',
        {
          ...exchangeClient,
          audience: text('name of the API at the authorization server'),
          resource: text('URL of the API'),
          scopes: list('scopes to request instead of those of the operation', text('a scope')),
          subjectTokenType: text('what the token of the caller is; default: an access token'),
          requestedTokenType: text('what the issued token must be; default: the authorization server decides'),
          actorToken: text('a token of this server, for delegation'),
          actorTokenType: text('what the actor token is; default: an access token'),
        },
        ['clientId', 'clientSecret'],
      ),
    },
    ['exchange'],
  ),
  object(
    'the token of each caller, exchanged on behalf of the caller at Entra ID',
    {
      onBehalfOf: object(
        'how it is exchanged',
        {
          ...exchangeClient,
          tenant: text('id or domain of the tenant'),
          scopes: list('scopes of the API, such as api://<its client id>/.default', text('a scope')),
        },
        ['clientId', 'clientSecret', 'scopes'],
      ),
    },
    ['onBehalfOf'],
  ),
  object(
    'an account of each caller at another authorization server, connected in a browser',
    {
      connect: object(
        'how it is connected; needs login in the section auth',
        {
          clientId: text(
            'client id of this server there, with the redirect URI <origin of publicUrl>/connect/callback',
          ),
          clientSecret: text('client secret of this server there; default: none, a public client'),
          scopes: list('scopes to request; default: those that the operations need', text('a scope')),
          issuer: text('issuer URL of an authorization server that publishes metadata; default: that of the scheme'),
          authorizationUrl: text('the authorization endpoint, of a server without metadata'),
          tokenUrl: text('the token endpoint, of a server without metadata'),
          resource: text('URL of the API (RFC 8707)'),
          authorizationParameters: map('further parameters of the authorization request', text('a value')),
        },
        ['clientId'],
      ),
    },
    ['connect'],
  ),
  object(
    'the credential of each caller, from a function',
    {
      perCaller: code<PerCaller['perCaller']>(
        'path of a module whose default export returns the credential of the caller that it gets',
      ),
    },
    ['perCaller'],
  ),
]);

const answerPath = (description: string) =>
  either(description, [text('names joined by dots'), list('names, if one has a dot', text('a name'))]);

const pagination = either('how the pages of an operation are reached', [
  // `true` is refused when the file is opened: it says nothing.
  onOff('false: it has none') as Spec<false>,
  object(
    'where the next page is found, and how it is requested',
    {
      kind: choice(
        'by a URL or a value in the response, the last item, the header Link, a page number or an offset',
        PAGINATION_KINDS,
      ),
      argument: text('the argument that says which page is wanted'),
      size: text('the argument that limits the length of a page'),
      items: answerPath('where the list is in the response; empty: the response itself'),
      next: answerPath('where the URL or value for the next page is'),
      id: answerPath('the property of the last item that is sent; default: id'),
      more: answerPath('where the response says whether there are more'),
      total: answerPath('where the number of all items is'),
      pages: answerPath('where the number of pages is'),
      first: integer('number of the first page or item; default: 1 for page, 0 for offset', 0, 1_000_000),
    },
    ['kind'],
  ),
]);

const api = object(
  'an OpenAPI document',
  {
    spec: address('path or URL of the document'),
    ...optionSpecs('api'),
    pagination: map('tool or operationId → how its pages are reached, if not as recognised', pagination),
    auth: map('name of the security scheme → credential; others come from the environment', credential),
    ...around,
  },
  ['spec'],
);

const server = object('an MCP server, at a URL or started by a command, as in the `mcpServers` of clients', {
  type: choice('transport; default: stdio for a command, http for a URL', ['stdio', 'http', 'streamable-http', 'sse']),
  url: text('URL of the server'),
  headers: map('name → value, sent with every request', text('a value')),
  auth: either('the tokens that it requires; default: the login of the person who runs this', [
    text('access token'),
    object('an access token', { token: text('access token') }, ['token']),
    object(
      'OAuth 2 client credentials, with a secret or a private key',
      {
        clientId: text('client id'),
        clientSecret: text('client secret'),
        privateKey: text('PKCS#8 in PEM, for private_key_jwt'),
        keyId: text('kid of the private key'),
        scopes: list('scopes to request; default: those that the server names', text('a scope')),
        issuer: text('the authorization server that has this client; default: the one that the server names'),
      },
      ['clientId'],
    ),
  ]),
  command: text('program to start'),
  args: list('its arguments', text('an argument')),
  env: map('environment variables, in addition to the few that are safe to inherit', text('a value')),
  cwd: path('working directory; default: the folder of the config file'),
  disabled: onOff('do not use this server'),
  trustHints: onOff('let guards rely on its tool annotations even where they make a tool look safer'),
  timeout: number(
    'time limit in seconds for startup, lists and each call; default: 30 for startup, none for calls',
    TIMEOUT_SECONDS.number,
  ),
  ...around,
});

const module = object(
  'a JS or TS module that exports a server, or another Provider',
  {
    path: path('path of the module'),
    export: text('name of the export; default: default, server or provider'),
    options: json('passed to the export if it is a function'),
    ...around,
  },
  ['path'],
);

export const CONFIG = object('an openapi-mcp server', {
  $schema: text('the JSON Schema of this file'),
  name: text('name of the server; default: openapi-mcp'),
  title: text('title of the server'),
  version: text('version of the server; default: 0.0.0'),
  description: text('description of the server'),
  instructions: text('how a model should use it'),
  apis: byNamespace('OpenAPI documents, by namespace', api),
  servers: byNamespace('MCP servers, by namespace', server),
  modules: byNamespace('your own modules, by namespace', module),
  prefix: onOff(
    'prefix names and credential variables with the namespace; default: off if the file has one API and nothing else',
  ),
  setup: code<SetupFunction>(
    'path of a module whose default export is called with the server, to add tools, resources and prompts',
  ),
  ...around,
  ...optionSpecs('whole'),
  auth: AUTH,
  token: text('what HTTP clients must send (Authorization: Bearer …); default: the variable OPENAPI_MCP_TOKEN'),
});

type PlaceOf<Row> = Row extends { readonly config: infer Place extends ConfigPlace } ? Place : never;
type RowsOf<Of, Row = OptionTable[number]> = Row extends { readonly config: { readonly of: Of } } ? Row : never;
type ConfigValueOf<Row> = PlaceOf<Row>['as'] extends 'map' ? Readonly<Record<string, string>> : ValueOf<Row>;
type OptionSpecs<Of> = { readonly [Row in RowsOf<Of> as PlaceOf<Row>['key']]: Spec<ConfigValueOf<Row>> };

/** The config keys that are also flags, from the options table. */
function optionSpecs<const Of extends ConfigPlace['of']>(of: Of): OptionSpecs<Of> {
  const specs = OPTIONS.flatMap((row) =>
    row.config?.of === of ? [[row.config.key, optionSpec(row, row.config)]] : [],
  );
  // The type describes what the function below returns for each row.
  return Object.fromEntries(specs) as OptionSpecs<Of>;
}

function optionSpec(row: OptionRow, { as }: ConfigPlace): Spec {
  const description = descriptionOf(row);
  if (as === 'map') return map(description, text('a value'));
  if (!takesValue(row)) return onOff(description);
  if (row.number) return number(description, row.number);
  if (row.choices) return choice(description, row.choices);
  const one = { path, address, text }[as ?? 'text'](description);
  return row.repeat ? list(description, one) : one;
}

function descriptionOf(row: OptionRow): string {
  const words = row.config?.description ?? row.description;
  return row.default === undefined ? words : `${words}; default: ${row.default}`;
}

/** The names of flags with the corresponding keys of the file: `['baseUrl', 'baseUrl']`, `['route', 'routes']`. */
export const flagKeys = (of: ConfigPlace['of']): readonly (readonly [flag: string, place: ConfigPlace])[] =>
  OPTIONS.flatMap((row) => (row.config?.of === of ? [[flagName(row), row.config] as const] : []));

export type ConfigValue = TypeOf<typeof CONFIG>;
