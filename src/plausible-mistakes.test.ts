import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mcpHandler } from './adapters/express.ts';
import { mcpPlugin } from './adapters/fastify.ts';
import { mcpHandler as honoHandler } from './adapters/hono.ts';
import { openTelemetry } from './adapters/opentelemetry.ts';
import { connect, connectAll, memoryTokenStore } from './client/index.ts';
import * as api from './index.ts';
import { OptionError } from './index.ts';

// What people write who come from another library, or mistype a name. Each is an error where it is written, which says
// what to write.

// biome-ignore lint/suspicious/noExplicitAny: every row is one that the types refuse
const { createServer, fromOpenApi, fromMcp, ...runtime } = api as any;
const server = () => createServer({ name: 's', version: '1' });
const noTools = () => undefined;
const document = {
  openapi: '3.1.0',
  info: { title: 'Pets', version: '1' },
  servers: [{ url: 'http://127.0.0.1:9' }],
  components: {
    securitySchemes: {
      key: { type: 'apiKey', in: 'header', name: 'X-Key' },
      login: { type: 'http', scheme: 'basic' },
      client: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/token', scopes: {} } } },
      aws: { type: 'http', scheme: 'AWS4-HMAC-SHA256' },
    },
  },
  paths: { '/pets': { get: { operationId: 'listPets', responses: { 200: { description: 'ok' } } } } },
};
const openapi = (options: object) => fromOpenApi(document, { cache: false, environment: {}, ...options });

type Mistake = readonly [what: string, make: () => unknown, want: string];

const MISTAKES: Readonly<Record<string, readonly Mistake[]>> = {
  createServer: [
    [
      'a name and a version as two arguments',
      () => createServer('s', '1'),
      'createServer() takes an object of options; got a string.',
    ],
    ['no version', () => createServer({ name: 's' }), 'createServer() needs the option "version": a string.'],
    ['no options', () => createServer(), 'createServer() needs the option "name": a string.'],
    ['auth', () => createServer({ name: 's', version: '1', auth: {} }), 'Pass it to run({ transport: "http", auth }).'],

    ['port', () => createServer({ name: 's', version: '1', port: 1 }), 'Pass it to run({ transport: "http", port }).'],
    [
      'tools',
      () => createServer({ name: 's', version: '1', tools: [] }),
      'Add tools with server.tool(name, options, handler).',
    ],
    [
      'a misspelt option',
      () => createServer({ name: 's', version: '1', instruction: 'x' }),
      'Did you mean "instructions"?',
    ],
    [
      'a misspelt option of http',
      () => createServer({ name: 's', version: '1', http: { allowHosts: [] } }),
      'createServer() has no option "http.allowHosts". Did you mean "allowedHosts"?',
    ],
    [
      'an unknown way with duplicates',
      () => createServer({ name: 's', version: '1', onDuplicate: 'warn' }),
      '"onDuplicate" must be one of error, replace, ignore; got "warn".',
    ],
    [
      'a timeout of another name',
      () => createServer({ name: 's', version: '1', timeout: 5 }),
      'Write "timeoutMs", in milliseconds.',
    ],
  ],
  tool: [
    [
      'inputSchema',
      () => server().tool('a', { inputSchema: {} }, noTools),
      'The tool "a" has no option "inputSchema". Write "input".',
    ],
    ['outputSchema', () => server().tool('a', { outputSchema: {} }, noTools), 'Write "output".'],
    ['parameters', () => server().tool('a', { parameters: z.object({}) }, noTools), 'Write "input".'],
    ['execute', () => server().tool('a', { execute: noTools }), 'has no handler. Pass it as the third argument.'],
    [
      'a handler among the options',
      () => server().tool('a', { handler: noTools }, noTools),
      'Pass the handler as the third argument.',
    ],
    [
      'no options',
      () => server().tool('a', noTools),
      'The options of the tool "a" are missing before its handler; write {} for none.',
    ],
    ['one object', () => server().tool({ name: 'a', execute: noTools }), 'tool() takes a string first.'],
    [
      'annotations without "Hint"',
      () => server().tool('a', { annotations: { readOnly: true } }, noTools),
      'The tool "a" has no option "annotations.readOnly". Write "readOnlyHint".',
    ],
    [
      'a description that is not a string',
      () => server().tool('a', { description: ['x'] }, noTools),
      'The tool "a": "description" must be a string; got a list.',
    ],
    [
      'a timeout in another unit',
      () => server().tool('a', { timeout: 5 }, noTools),
      'Write "timeoutMs", in milliseconds.',
    ],
    [
      'a schema of a union',
      () => server().tool('a', { input: z.union([z.string(), z.number()]) }, noTools),
      'must be an object with the arguments as its properties',
    ],
    [
      'a JSON Schema with schemas of a library in it',
      () => server().tool('a', { input: { type: 'object', id: z.string() } }, noTools),
      'mixes JSON Schema with a library schema at "id"',
    ],
    [
      'confirmation',
      () => server().tool('a', { confirm: 'yes', confirmation: true }, noTools),
      'Did you mean "confirm"?',
    ],
    ['a name with spaces', () => server().tool('my tool', {}, noTools), '"my tool" is not a valid tool name'],
    ['tags', () => server().tool('a', { tags: ['x'] }, noTools), 'Write _meta: { tags: ["…"] }.'],
  ],
  resource: [
    [
      'a route of a web framework',
      () => server().resource('users://:id', {}, noTools),
      'Write variables in braces: "users://{id}".',
    ],
    ['a path', () => server().resource('/notes', {}, noTools), 'it has no scheme'],
    [
      'a description that is not a string',
      () => server().resource('a://b', { description: 5 }, noTools),
      'The resource "a://b": "description" must be a string; got 5.',
    ],
    ['mime_type', () => server().resource('a://b', { mime_type: 'x/y' }, noTools), 'Did you mean "mimeType"?'],
    ['load', () => server().resource('a://b', { load: noTools }, noTools), 'Pass the handler as the third argument.'],
    ['one object', () => server().resource({ uri: 'a://b', load: noTools }), 'resource() takes a string first.'],
  ],
  prompt: [
    [
      'arguments as MCP lists them',
      () => server().prompt('p', { arguments: [{ name: 'x' }] }, noTools),
      'The arguments of prompt "p" are not an object. Write {',
    ],
    [
      'arguments by type',
      () => server().prompt('p', { arguments: { x: 'string' } }, noTools),
      'The argument "x" of prompt "p" is not an object.',
    ],
    [
      'a type of an argument',
      () => server().prompt('p', { arguments: { x: { type: 'number' } } }, noTools),
      'Pass a schema for other types',
    ],
    [
      'optional',
      () => server().prompt('p', { arguments: { x: { optional: true } } }, noTools),
      'has no option "optional".',
    ],
    ['argsSchema', () => server().prompt('p', { argsSchema: {} }, noTools), 'Write "arguments".'],
    [
      'a schema that is not an object',
      () => server().prompt('p', { arguments: z.string() }, noTools),
      'must be an object with properties',
    ],
    ['no options', () => server().prompt('p', noTools), 'The options of the prompt "p" are missing'],
  ],
  'mount and run': [
    [
      'the provider first',
      () => server().mount(server(), 'a'),
      'mount() takes a namespace first: mount("shop", provider).',
    ],
    ['a promise', () => server().mount('a', fromOpenApi(document)), 'is a promise of a provider. Await it first.'],
    ['a namespace with "_"', () => server().mount('my_api', server()), 'my_api'],
    [
      'sse',
      () => server().run({ transport: 'sse' }),
      'run() has no transport "sse". Write "http", which is Streamable HTTP.',
    ],
    [
      'streamable-http',
      () => server().run({ transport: 'streamable-http' }),
      'Write "http", which is Streamable HTTP.',
    ],
    ['a port alone', () => server().run({ port: 8000 }), 'run() needs a transport.'],
    [
      'a port of stdio',
      () => server().run({ transport: 'stdio', port: 8000 }),
      'Write transport: "http" to listen on a port.',
    ],
    ['a transport as a text', () => server().run('http'), 'run() needs a transport.'],
    [
      'a port as a text',
      () => server().run({ transport: 'http', port: '8000' }),
      'run(): "port" must be a whole number from 0 to 65535; got "8000".',
    ],
    ['a misspelt option of http', () => server().run({ transport: 'http', endpoint: '/mcp' }), 'Write "path".'],
    ['use with a name', () => server().use('logging'), 'use() takes middleware'],
    [
      'serveHttp with a misspelt option',
      () => runtime.serveHttp(server(), { prot: 1, onError: noTools }),
      'serveHttp() has no option "prot". Did you mean "port"?',
    ],
  ],
  middleware: [
    [
      'rateLimit by the minute',
      () => runtime.rateLimit({ max: 2, windowMs: 1000 }),
      'rateLimit() has no option "max". Available: perCaller, global. Example: rateLimit({ perCaller: tokenBucket(',
    ],
    ['rateLimit without a limit', () => runtime.rateLimit({}), 'rateLimit() requires "perCaller" or "global".'],
    [
      'rateLimit with numbers',
      () => runtime.rateLimit({ perCaller: 5 }),
      '"perCaller" must be a limiter such as tokenBucket(',
    ],
    ['tokenBucket by another name', () => runtime.tokenBucket({ capacity: 5, refillRate: 1 }), 'Write "size".'],
    ['timeout in bare milliseconds', () => runtime.timeout(5000), 'timeout() takes an object of options; got 5000.'],
    ['timeout by another name', () => runtime.timeout({ timeoutMs: 5000 }), 'Write "ms".'],
    ['cache without a time', () => runtime.cache(), 'cache() needs the option "ttlMs": a number of 1 or more.'],
    ['cache in seconds', () => runtime.cache({ ttl: 60 }), 'Write "ttlMs", in milliseconds.'],
    [
      'cache of an unknown method',
      () => runtime.cache({ ttlMs: 1, methods: ['tools/cal'] }),
      '"methods[0]" must be one of',
    ],
    ['retry by retries', () => runtime.retry({ retries: 3 }), 'Write "attempts", which includes the first call.'],
    ['logging at a level', () => runtime.logging({ level: 'debug' }), 'logging() has no option "level".'],
    [
      'logging in another format',
      () => runtime.logging({ format: 'pretty' }),
      '"format" must be one of human, json; got "pretty".',
    ],
    [
      'logging with a nested mistake',
      () => runtime.logging({ redaction: { key: /x/ } }),
      'logging() has no option "redaction.key". Did you mean "keys"?',
    ],
    [
      'redact by fields',
      () => runtime.redact({ secrets: 'abcd' }),
      '"secrets" must be a list of strings; got a string.',
    ],
    ['concurrency by max', () => runtime.concurrency({ max: 3 }), 'Write "limit".'],
    [
      'confirm for names',
      () => runtime.confirm({ tools: ['delete*'] }),
      '"tools[0]" must be a rule such as { name: "pets_*" }; got a string.',
    ],
    ['responseLimit by maxSize', () => runtime.responseLimit({ maxSize: 3 }), 'Write "maxBytes".'],
    [
      'maskErrors without a listener',
      () => runtime.maskErrors(),
      'maskErrors() needs the option "onError": a function.',
    ],
    ['auditLog to a file', () => runtime.auditLog({ file: 'x' }), 'auditLog() has no option "file".'],
    ['timing without a listener', () => runtime.timing({}), 'timing() needs the option "record": a function.'],
    [
      'circuitBreaker by threshold',
      () => runtime.circuitBreaker({ threshold: 3 }),
      'circuitBreaker() has no option "threshold". Available: failures, openMs, clock.',
    ],
    [
      'openTelemetry with a tracer',
      () => openTelemetry({ tracer: {} } as never),
      'openTelemetry() has no option "tracer".',
    ],
  ],
  transforms: [
    [
      'filter by includes',
      () => runtime.filter(server(), { includes: [] }),
      'filter() has no option "includes". Did you mean "include"?',
    ],
    ['filter by nothing', () => runtime.filter(server(), {}), 'filter() requires "include" or "exclude"'],
    [
      'filter by names',
      () => runtime.filter(server(), { include: ['pets_*'] }),
      '"include[0]" must be a rule such as { name: "pets_*" }; got a string.',
    ],
    ['filter by tags', () => runtime.filter(server(), { include: [{ tags: ['a'] }] }), 'Write "tag", with one tag.'],
    [
      'filter of a promise',
      () => runtime.filter(Promise.resolve(server()), { include: [{ name: '*' }] }),
      'The first argument of filter() is a promise of a provider. Await it first.',
    ],
    [
      'filter of nothing',
      () => runtime.filter({ include: [{ name: '*' }] }),
      'The first argument of filter() is not a provider',
    ],
    ['rename by tool', () => runtime.rename(server(), { tool: {} }), 'Write "tools".'],
    ['rename a tool that is not there', () => runtime.rename(server(), { tools: { a: 'b' } }), 'Unknown tool "a".'],
    [
      'describe with desc',
      () => runtime.describe(server(), { tools: { a: { desc: 'x' } } }),
      'describe() has no option "tools.a.desc". Write "description".',
    ],
    [
      'hideArguments with a text',
      () => runtime.hideArguments(server(), { a: 'debug' }),
      'hideArguments(): "a" must be a list of strings; got a string.',
    ],
    [
      'fixArguments with a value',
      () => runtime.fixArguments(server(), { a: 5 }),
      'fixArguments(): "a" must be an object; got 5.',
    ],
    [
      'resourcesAsTools with names',
      () => runtime.resourcesAsTools(server(), { names: [] }),
      'resourcesAsTools() has no option "names".',
    ],
    [
      'readOnly of an API that is not awaited',
      () => runtime.readOnly(fromOpenApi(document)),
      'is a promise of a provider',
    ],
  ],
  'fromOpenApi, fromMcp and connect': [
    ['fromOpenApi with url', () => openapi({ url: 'http://x' }), 'Write "baseUrl".'],
    ['fromOpenApi with apiKey', () => openapi({ apiKey: 'x' }), 'Write auth: { "<security scheme>": key }.'],
    [
      'fromOpenApi with a scheme that is not there',
      () => openapi({ auth: { kye: 'x' } }),
      'auth.kye is not a security scheme of the document. Did you mean "key"?',
    ],
    [
      'fromOpenApi with another kind of credential',
      () => openapi({ auth: { login: 'x' } }),
      'auth.login is HTTP basic: pass { username, password }, or "username:password".',
    ],
    [
      'fromOpenApi with a misspelt credential',
      () => openapi({ auth: { login: { username: 'x', pass: 'y' } } }),
      'has no option "auth.login.pass".',
    ],
    [
      'fromOpenApi with a client that has no secret',
      () => openapi({ auth: { client: { clientId: 'x' } } }),
      'auth.client has neither a client secret nor a private key.',
    ],
    [
      'fromOpenApi with another name of a method',
      () => openapi({ auth: { client: { clientId: 'x', clientSecret: 'y', clientAuth: 'basic' } } }),
      '"auth.client.clientAuth" must be one of client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth',
    ],
    [
      'fromOpenApi with the path of a key',
      () => openapi({ auth: { client: { clientId: 'x', privateKey: './key.pem' } } }),
      'auth.client has a private key that is neither PEM (PKCS #8) nor a private JWK.',
    ],
    [
      'fromOpenApi with a parameter that is set already',
      () => openapi({ auth: { client: { clientId: 'x', clientSecret: 'y', tokenParameters: { scope: 'z' } } } }),
      'auth.client cannot set the token parameter "scope", which is set already.',
    ],
    [
      'fromOpenApi with keys of AWS by the names of its tools',
      () => openapi({ auth: { aws: { accessKeyId: 'x', secretKey: 'y' } } }),
      'auth.aws.secret',
    ],
    ['fromOpenApi with a function instead of a handler', () => openapi({ auth: { key: () => ({}) } }), '{ authorize }'],
    [
      'fromOpenApi with a function as a credential',
      () => openapi({ auth: { key: () => 'x' } }),
      '{ authorize }, { exchange }, { onBehalfOf }, { connect } or { perCaller }; got a function.',
    ],
    [
      'fromOpenApi with an exchange for an API key',
      () => openapi({ auth: { key: { exchange: { clientId: 'c', clientSecret: 's', tokenUrl: 'https://l.test' } } } }),
      'auth.key.exchange gets an access token, which this scheme does not take.',
    ],
    [
      'fromOpenApi with an exchange in another library’s words',
      () =>
        openapi({ auth: { key: { exchange: { clientId: 'c', clientSecret: 's', tokenEndpoint: 'https://l.test' } } } }),
      'Write "tokenUrl".',
    ],
    [
      'fromOpenApi with the secret as token endpoint, which the message does not repeat',
      () => openapi({ auth: { key: { exchange: { clientId: 'c', clientSecret: 's', tokenUrl: 'the secret' } } } }),
      'must be a URL such as https://login.example.com/token; got a string.',
    ],
    [
      'fromOpenApi with a tenant that is a URL',
      () =>
        openapi({
          auth: { key: { onBehalfOf: { clientId: 'c', clientSecret: 's', tenant: 'https://x', scopes: [] } } },
        }),
      'the id or domain of a tenant',
    ],
    [
      'fromOpenApi with an account for an API key',
      () => openapi({ auth: { key: { connect: { clientId: 'c', issuer: 'https://l.test' } } } }),
      'auth.key.connect gets an access token, which this scheme does not take.',
    ],
    [
      'fromOpenApi with an account in another library’s words',
      () => openapi({ auth: { key: { connect: { clientId: 'c', authorizationEndpoint: 'https://l.test' } } } }),
      'Write "authorizationUrl".',
    ],
    [
      'fromOpenApi with the name of a token store',
      () => openapi({ tokenStore: 'file' }),
      '"tokenStore" must be a token store, or a function that opens one; got a string.',
    ],
    [
      'fromOpenApi with headers as a list',
      () => openapi({ headers: ['X-Key: 1'] }),
      '"headers" must be an object of strings, or a list of [name, value]; got a list.',
    ],
    [
      'fromOpenApi with an origin that has a path',
      () => openapi({ credentialsFor: ['https://x.test/v1'] }),
      'is not an origin',
    ],
    [
      'fromOpenApi with filters that match nothing',
      () => openapi({ include: ['/nothing'] }),
      'The filters exclude 1 of 1 operations, so there is nothing to serve. Change include, exclude, routes or readOnly.',
    ],
    ['fromMcp of a name', () => fromMcp('files'), '"files" is not the URL of an MCP server'],
    [
      'fromMcp with headers next to the URL',
      () => fromMcp('https://x.test/mcp', { headers: {} }),
      'Pass them with the URL: fromMcp({ url, headers }).',
    ],
    [
      'fromMcp of a misspelt command',
      () => fromMcp({ command: 'x', arguments: [] }),
      'fromMcp() has no option "arguments". Write "args".',
    ],
    [
      'fromMcp of a misspelt header',
      () => fromMcp({ url: 'https://x.test/mcp', header: {} }),
      'Did you mean "headers"?',
    ],
    [
      'fromMcp with auth among the options',
      () => fromMcp('https://x.test/mcp', { auth: 'abc' } as never),
      'Pass it with the URL: fromMcp({ url, auth }).',
    ],
    [
      'fromMcp with a client without a secret',
      () => fromMcp({ url: 'https://x.test/mcp', auth: { clientId: 'a' } }),
      'needs either "clientSecret" or "privateKey"',
    ],
    [
      'fromMcp with the word Bearer before the token',
      () => fromMcp({ url: 'https://x.test/mcp', auth: 'Bearer abc' }),
      'is the token alone, without "Bearer"',
    ],
    [
      'fromMcp with the option of the SDK',
      () => fromMcp({ url: 'https://x.test/mcp', authProvider: {} } as never),
      'Write auth: { store }, with a store that login() has filled.',
    ],
    ['fromMcp of a configuration', () => fromMcp({ mcpServers: {} }), 'fromClientConfig()'],
    [
      'connect with a misspelt option',
      () => connect('http://127.0.0.1:9/mcp', { timout: 5 } as never),
      'connect() has no option "timout".',
    ],
    [
      'connect with headers next to the URL',
      () => connect('http://127.0.0.1:9/mcp', { headers: {} } as never),
      'Pass them with the URL: connect({ url, headers }).',
    ],
    [
      'connect with auth among the options',
      () => connect('http://127.0.0.1:9/mcp', { auth: 'abc' } as never),
      'Pass it with the URL: connect({ url, auth }).',
    ],
    [
      'connect with what login() takes',
      () => connect({ url: 'http://127.0.0.1:9/mcp', auth: { store: memoryTokenStore(), onUrl: () => {} } as never }),
      'Pass it to login(): auth: { store, logIn: () => login(url, { onUrl, store }) }.',
    ],
    ['connect to a server that is not wrapped', () => connect(server()), 'connect({ provider })'],
    [
      'connect to a misspelt target',
      () => connect({ url: 'http://127.0.0.1:9/mcp', header: {} } as never),
      'Did you mean "headers"?',
    ],
    [
      'connectAll with a list',
      () => connectAll(['http://127.0.0.1:9/mcp'] as never),
      'connectAll() takes an object of named targets',
    ],
    [
      'fromClientConfig with a misspelt option',
      () => runtime.fromClientConfig({ mcpServers: {} }, { timeout: 5 }),
      'fromClientConfig() has no option "timeout".',
    ],
    ['composite of one provider', () => runtime.composite(server()), 'composite() takes a list of providers'],
  ],
  authentication: [
    [
      'a symmetric algorithm',
      () =>
        auth({
          verifiers: [{ jwt: { issuer: 'https://a.example', jwksUri: 'https://a.example/k', algorithms: ['HS256'] } }],
        }),
      'the algorithm "HS256" is not accepted',
    ],
    [
      'keys over http',
      () => auth({ verifiers: [{ jwt: { issuer: 'https://a.example', jwksUri: 'http://a.example/k' } }] }),
      'jwt.jwksUri must be an https URL',
    ],
    [
      'a short key',
      () => auth({ keys: [{ name: 'a', key: 'short' }] }),
      'The key of "a" is shorter than 16 characters.',
    ],
    [
      'two keys with a name',
      () =>
        auth({
          keys: [
            { name: 'a', key: 'a'.repeat(16) },
            { name: 'a', key: 'b'.repeat(16) },
          ],
        }),
      'Two keys have the same name.',
    ],
    ['nothing', () => auth({ requiredScopes: ['a'] }), 'Nothing says which tokens are valid.'],
    ['an issuer', () => auth({ issuer: 'https://a.example' }), 'Write "provider", with the issuer URL.'],
    [
      'a public URL with a query',
      () => auth({ publicUrl: 'https://a.example/mcp?x=1', keys: [{ name: 'a', key: 'a'.repeat(16) }] }),
      'is not the URL of an MCP endpoint (auth.publicUrl)',
    ],
    [
      'an issuer whose name begins like a loopback address',
      () => auth({ provider: 'http://127.0.0.1.evil.example' }),
      'is not an issuer URL',
    ],
    ['an empty verifier', () => auth({ verifiers: [{}] }), 'A verifier needs one of provider, jwt and introspection.'],
  ],
  adapters: [
    ['express with a path', () => mcpHandler(server(), { token: 'x', path: '/mcp' } as never), 'The app sets the path'],
    ['express without options', () => mcpHandler(server(), undefined as never), 'Set a token that clients must send'],
    [
      'fastify with auth',
      () => mcpPlugin(server(), { auth: 'x' } as never),
      '"auth" must be an object such as { provider: "https://login.example.com" }',
    ],
    ['hono with cors', () => honoHandler(server(), { token: 'x', cors: true } as never), 'Write "allowedOrigins".'],
  ],
};

const auth = (options: object) =>
  createServer({ name: 's', version: '1' }).run({ transport: 'http', port: 0, auth: options as never });

async function errorOf(make: () => unknown): Promise<unknown> {
  try {
    const made = await make();
    return `nothing: ${typeof made}`;
  } catch (error) {
    return error;
  }
}

describe.each(Object.entries(MISTAKES))('%s', (_, rows) => {
  test.each(rows)('%s is rejected with what to write', async (_what, make, want) => {
    const error = await errorOf(make);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(want);
    // A TypeError would be reported as a defect of this package.
    if (!/^(?:Serve|Filter|Auth)Error$/.test((error as Error).name)) expect(error).toBeInstanceOf(OptionError);
  });
});

test('there are at least 60 of them', () => {
  expect(Object.values(MISTAKES).flat().length).toBeGreaterThanOrEqual(60);
});
