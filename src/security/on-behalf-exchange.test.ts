import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importProject } from '../emitted-project.test.fixture.ts';
import { generateProject } from '../generate.ts';
import { openApi } from '../proxy.ts';
import type { GivenCredential } from '../runtime/api/auth/given-credentials.ts';
import type { ModelOptions } from '../runtime/api/open-model.ts';
import { startTokenIssuer, type TokenIssuer } from '../runtime/serve/auth/token-issuer.test.fixture.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import {
  type CallerApi,
  callAs,
  callerDocument,
  ERAS,
  type ExchangeEndpoint,
  startCallerApi,
  startExchange,
} from './on-behalf.test.fixture.ts';
import { threeWays, WAYS, type Way } from './three-ways.test.fixture.ts';

// The token of each caller is exchanged for one for the API: rows 23 and 42 to 45 of the table of attacks.

const RESOURCE = 'https://mcp.example.com/mcp';
const CLIENT = { clientId: 'the:server', clientSecret: 's:e c+ret%' };
const BASIC = `Basic ${btoa('the%3Aserver:s%3Ae+c%2Bret%25')}`;
let api: CallerApi;
let issuer: TokenIssuer;
let exchange: ExchangeEndpoint;
const open = threeWays(() => callerDocument(api.url, exchange.tokenUrl));

beforeAll(async () => {
  api = await startCallerApi();
  issuer = await startTokenIssuer({ audience: RESOURCE });
  exchange = await startExchange();
});
beforeEach(() => {
  api.reached.length = 0;
  exchange.asked.length = 0;
  exchange.expiresIn = 300;
  api.respond();
  exchange.respond();
});
afterAll(() => Promise.all([api.close(), issuer.close(), exchange.close()]));

async function served(way: Way, login: GivenCredential = { exchange: CLIENT }, options: ModelOptions = {}) {
  const { provider, tool } = await open(way, { auth: { login }, ...options });
  const errors: Error[] = [];
  const server = await serveHttp(provider, {
    port: 0,
    onError: (error) => errors.push(error),
    auth: {
      publicUrl: RESOURCE,
      provider: issuer.issuer,
      keys: [{ name: 'ci', key: 'key-of-the-ci-0123456789' }],
    },
  });
  return { server, errors, getNote: { name: tool('getNote'), args: { id: '1' } } };
}

/** What reached the API: whose tokens. */
const owners = () =>
  api.reached.map(({ authorization = '' }) => exchange.ownerOf(authorization.slice('Bearer '.length)));

const json = (status: number, body: object) => (_: unknown, response: ServerResponse) =>
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

describe.each(WAYS)('%s', (way) => {
  test.each(ERAS)('each caller reaches the API with a token of its own, exchanged once, era %s', async (era) => {
    const { server, getNote } = await served(way);
    const tokens = await Promise.all(['ada', 'bob'].map((sub) => issuer.token({ sub })));
    for (const token of [...tokens, ...tokens]) {
      const answer = await callAs(token, server.url, { ...getNote, era });
      expect(answer).toMatchObject({ status: 200, isError: false });
    }
    expect(owners().map((owner) => owner?.split(' ').slice(0, 2))).toEqual(
      ['ada', 'bob', 'ada', 'bob'].map((sub) => [issuer.issuer, sub]),
    );
    expect(exchange.asked).toEqual(
      tokens.map((token) => ({
        authorization: BASIC,
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token: token,
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          scope: 'notes:read',
        },
      })),
    );
    await server.close();
  });

  test.each(ERAS)('what the caller has to change is a 401, before anything is sent to the API, era %s', async (era) => {
    const { server, getNote } = await served(way);
    const token = await issuer.token();
    const claims = '{"access_token":{"polids":{"essential":true}}}';
    exchange.respond(json(400, { error: 'interaction_required', error_description: `for ${token}`, claims }));
    const { status, challenge, text } = await callAs(token, server.url, { ...getNote, era });
    expect(status).toBe(401);
    expect(challenge).toMatch(/^Bearer error="invalid_token", error_description="[^"]*interaction_required[^"]*"/);
    expect(challenge).toContain(`claims="${btoa(claims)}"`);
    expect(challenge).toContain('resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"');
    expect(challenge + text).not.toContain(token);
    exchange.respond(json(400, { error: 'invalid_request', error_description: 'The subject token is not valid.' }));
    expect(await callAs(await issuer.token({ sub: 'bob' }), server.url, { ...getNote, era })).toMatchObject({
      status: 401,
    });
    expect(api.reached).toEqual([]);
    // The next token of the same caller works at once.
    exchange.respond();
    expect(await callAs(token, server.url, { ...getNote, era })).toMatchObject({ status: 200, isError: false });
    await server.close();
  });

  test.each(ERAS)('what only the operator can change is an error, never a 401, era %s', async (era) => {
    const { server, getNote } = await served(way);
    const secret = encodeURIComponent(CLIENT.clientSecret);
    for (const [sub, status, body] of [
      ['a', 401, { error: 'invalid_client', error_description: `wrong: ${CLIENT.clientSecret} ${secret}` }],
      ['b', 400, { error: 'invalid_target' }],
      ['c', 400, { error: 'invalid_request', error_description: 'subject_token_type is missing' }],
      ['d', 503, {}],
    ] as const) {
      const token = await issuer.token({ sub });
      exchange.respond(json(status, body));
      const answer = await callAs(token, server.url, { ...getNote, era });
      expect(answer).toMatchObject({ status: 200, isError: true, challenge: null });
      expect(answer.text).toContain('CREDENTIAL_REFUSED');
      expect(answer.text).toContain('Check auth.login and the registration of this server at 127.0.0.1');
      for (const hidden of [CLIENT.clientSecret, secret, token]) expect(answer.text).not.toContain(hidden);
    }
    exchange.respond((_, response) => response.destroy());
    const answer = await callAs(await issuer.token({ sub: 'e' }), server.url, { ...getNote, era });
    expect(answer).toMatchObject({ status: 200, isError: true });
    expect(answer.text).toContain('No token for "login": the token endpoint');
    expect(api.reached).toEqual([]);
    await server.close();
  });

  test('a token that the API rejects is exchanged again, once', async () => {
    const { server, getNote } = await served(way);
    const token = await issuer.token();
    await callAs(token, server.url, getNote);
    const [first] = api.reached;
    api.respond((request, response) =>
      response.writeHead(request.headers.authorization === first?.authorization ? 401 : 200).end(),
    );
    expect(await callAs(token, server.url, getNote)).toMatchObject({ status: 200, isError: false });
    expect(exchange.asked).toHaveLength(2);
    expect(api.reached).toHaveLength(3);
    await server.close();
  });

  test('a token that the API rejects twice: 401 in 2026, an error in 2025, whose stream has started', async () => {
    const { server, getNote } = await served(way);
    const token = await issuer.token();
    api.respond((request, response) => response.writeHead(401).end(request.headers.authorization));
    const modern = await callAs(token, server.url, getNote);
    expect(modern.status).toBe(401);
    expect(modern.challenge).toContain('resource_metadata=');
    expect(api.reached).toHaveLength(2);
    const legacy = await callAs(token, server.url, { ...getNote, era: '2025-11-25' });
    expect(legacy).toMatchObject({ status: 200, isError: true });
    expect(legacy.text).toContain('401');
    expect(legacy.text).not.toContain('exchanged-');
    await server.close();
  });

  test('the API and its error pages cannot show the token, not the first one either', async () => {
    const { server, getNote, errors } = await served(way);
    const token = await issuer.token();
    const seen: string[] = [];
    api.respond((request, response) => {
      seen.push(String(request.headers.authorization));
      const body = JSON.stringify({ seen, caller: token, encoded: btoa(seen.join()) });
      response.writeHead(seen.length === 1 ? 401 : 200, { 'Content-Type': 'application/json' }).end(body);
    });
    const answer = await callAs(token, server.url, getNote);
    expect(seen).toHaveLength(2);
    for (const shown of [answer.text, String(errors)]) {
      expect(shown).not.toContain('exchanged-');
      expect(shown).not.toContain(token);
      expect(shown).not.toContain(btoa('exchanged-').slice(0, 12));
    }
    await server.close();
  });

  test('a redirect to another origin does not get the token', async () => {
    const got: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      got.push(request.headers.authorization);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { server, getNote } = await served(way);
    const { port } = elsewhere.address() as AddressInfo;
    api.respond((_, response) => response.writeHead(302, { Location: `http://127.0.0.1:${port}/` }).end());
    await callAs(await issuer.token(), server.url, getNote);
    expect(api.reached).toHaveLength(1);
    expect(got).toEqual([undefined]);
    await server.close();
    elsewhere.close();
  });

  test('a key cannot be exchanged, and does not leave the server', async () => {
    const { server, getNote } = await served(way);
    const answer = await callAs('key-of-the-ci-0123456789', server.url, getNote);
    expect(answer).toMatchObject({ status: 200, isError: true });
    expect(answer.text).toContain('This caller has no token that could be exchanged for "login".');
    expect([...exchange.asked, ...api.reached]).toEqual([]);
    await server.close();
  });
});

test('an emitted server that serves itself answers with the same challenge', async () => {
  const text = JSON.stringify(callerDocument(api.url, exchange.tokenUrl));
  const project = await importProject(await generateProject({ text }, { cache: false }));
  const { serveHttp: serve } = (await project.load('runtime/serve/http/node-http.ts')) as {
    serveHttp: typeof serveHttp;
  };
  const provider = project.create({ environment: {}, auth: { login: { exchange: CLIENT } } });
  const auth = { publicUrl: RESOURCE, provider: issuer.issuer };
  const server = await serve(provider, { port: 0, onError: () => {}, auth });
  const call = { name: 'getNote', args: { id: '1' } };
  expect(await callAs(await issuer.token(), server.url, call)).toMatchObject({ status: 200, isError: false });
  exchange.respond(json(400, { error: 'invalid_grant' }));
  for (const era of ERAS) {
    const refused = await callAs(await issuer.token({ sub: 'bob' }), server.url, { ...call, era });
    expect(refused).toMatchObject({ status: 401, challenge: expect.stringContaining('resource_metadata=') });
  }
  await server.close();
});

test.each(ERAS)('a resource is read on behalf of the caller, and its refusals are the same, era %s', async (era) => {
  const { server } = await served('run');
  const read = { uri: 'api://notes/notes/1', era };
  const answer = await callAs(await issuer.token({ sub: 'ada' }), server.url, read);
  expect(answer).toMatchObject({ status: 200, text: '{"path":"/notes/1"}' });
  expect(owners()).toEqual([expect.stringContaining(' ada ')]);
  exchange.respond(json(400, { error: 'invalid_grant' }));
  expect(await callAs(await issuer.token({ sub: 'bob' }), server.url, read)).toMatchObject({ status: 401 });
  exchange.respond(json(503, {}));
  const failed = await callAs(await issuer.token({ sub: 'eve' }), server.url, read);
  expect(failed).toMatchObject({ status: 200, challenge: null });
  expect(failed.text).toContain('Check auth.login');
  expect(api.reached).toHaveLength(1);
  await server.close();
});

test('the parameters of an exchange, and of one on behalf of a user at Entra ID', async () => {
  const token = await issuer.token();
  const ask = async (login: GivenCredential) => {
    const { server, getNote } = await served('run', login);
    await callAs(token, server.url, getNote);
    await server.close();
    return exchange.asked.pop()?.form;
  };
  const rest = {
    audience: 'notes',
    resource: 'https://notes.example',
    scopes: ['a', 'b'],
    actorToken: 'of-the-server',
  };
  const types = { subjectTokenType: 'urn:x:jwt', requestedTokenType: 'urn:x:at', actorTokenType: 'urn:x:actor' };
  expect(await ask({ exchange: { ...CLIENT, tokenUrl: exchange.tokenUrl, ...rest, ...types } })).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: token,
    subject_token_type: 'urn:x:jwt',
    requested_token_type: 'urn:x:at',
    audience: 'notes',
    resource: 'https://notes.example',
    scope: 'a b',
    actor_token: 'of-the-server',
    actor_token_type: 'urn:x:actor',
  });
  expect(
    await ask({ onBehalfOf: { ...CLIENT, tokenUrl: exchange.tokenUrl, scopes: ['api://notes/.default'] } }),
  ).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    assertion: token,
    scope: 'api://notes/.default',
  });
});

test('a token endpoint that takes the secret only in the body gets it there', async () => {
  exchange.respond((asked, response) => {
    if (asked.authorization !== undefined) return json(401, { error: 'invalid_client' })(asked, response);
    expect(asked.form).toMatchObject({ client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret });
    return json(200, { access_token: 'in-the-body', token_type: 'Bearer' })(asked, response);
  });
  const { server, getNote } = await served('run');
  await callAs(await issuer.token(), server.url, getNote);
  expect(api.reached).toMatchObject([{ authorization: 'Bearer in-the-body' }]);
  await server.close();
});

test('tokens with other scopes, or of another program, are exchanged on their own', async () => {
  const { server, getNote } = await served('run');
  for (const claims of [
    { scope: 'read' },
    { scope: 'read write' },
    { client_id: 'other' },
    { scope: 'read', jti: 'new' },
  ]) {
    await callAs(await issuer.token(claims), server.url, getNote);
  }
  expect(exchange.asked).toHaveLength(3);
  await server.close();
});

test('concurrent calls of a caller share one exchange', async () => {
  const { server, getNote } = await served('run');
  const token = await issuer.token();
  const answers = await Promise.all(Array.from({ length: 10 }, () => callAs(token, server.url, getNote)));
  expect(answers.filter(({ status, isError }) => status === 200 && !isError)).toHaveLength(10);
  expect(exchange.asked).toHaveLength(1);
  await server.close();
});

test('an operation on another origin gets nothing, unless the operator names that origin', async () => {
  const elsewhere = await startCallerApi();
  const text = JSON.stringify(callerDocument(api.url, exchange.tokenUrl)).replace(
    '"operationId":"getNote"',
    `"operationId":"getNote","servers":[{"url":"${elsewhere.url}"}]`,
  );
  const ask = async (options: ModelOptions) => {
    const auth = { login: { exchange: CLIENT } };
    const { provider } = await openApi({ text }, { cache: false, environment: {}, auth, ...options });
    const server = await serveHttp(provider, {
      port: 0,
      onError: () => {},
      auth: { publicUrl: RESOURCE, provider: issuer.issuer },
    });
    const answer = await callAs(await issuer.token(), server.url, { name: 'getNote', args: { id: '1' } });
    await server.close();
    return answer;
  };
  const { text: refused } = await ask({});
  expect(refused).toContain(
    `The credential of the caller for "login" is for ${api.url}, so it is not sent to ${elsewhere.url}.`,
  );
  expect(elsewhere.reached).toEqual([]);
  const named = [api.url, elsewhere.url, new URL(exchange.tokenUrl).origin];
  expect(await ask({ credentialsFor: named })).toMatchObject({ isError: false });
  expect(elsewhere.reached).toHaveLength(1);
  await elsewhere.close();
});

test('a token endpoint of the document that is not an allowed origin gets nothing', async () => {
  const token = await issuer.token();
  const pinned = await served('run', { exchange: CLIENT }, { credentialsFor: [api.url] });
  const { text } = await callAs(token, pinned.server.url, pinned.getNote);
  expect(text).toContain(`No credentials are sent to ${new URL(exchange.tokenUrl).origin}`);
  expect([...exchange.asked, ...api.reached]).toEqual([]);
  await pinned.server.close();
});
