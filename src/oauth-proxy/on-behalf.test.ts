import { afterEach, expect, test } from 'vitest';
import { freePort } from '../free-port.test.fixture.ts';
import { openApi } from '../proxy.ts';
import type { GivenCredential } from '../runtime/api/auth/given-credentials.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { callAs, callerDocument, ERAS, startCallerApi, startExchange } from '../security/on-behalf.test.fixture.ts';
import { createOAuthProxy, memoryStore } from './index.ts';
import { introspection, logIn, SECRET, type StartedProxy, startUpstream, upstreamOf } from './proxy.test.fixture.ts';

// Behind the OAuth proxy, a call reaches the API on behalf of the user of the upstream, not with a token of the proxy.

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** An API that is served behind the proxy. */
async function world(login: (tokenUrl: string) => GivenCredential) {
  const [idp, api, exchange] = await Promise.all([startUpstream(), startCallerApi(), startExchange()]);
  cleanups.push(...[idp, api, exchange].map((each) => () => each.close()));
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const proxy = createOAuthProxy({
    baseUrl,
    resource: `${baseUrl}/mcp`,
    upstream: upstreamOf(idp),
    verifier: introspection(idp),
    store: memoryStore(),
    secret: SECRET,
    onError: () => {},
  });
  const text = JSON.stringify(callerDocument(api.url));
  const { provider } = await openApi(
    { text },
    { cache: false, environment: {}, auth: { login: login(exchange.tokenUrl) } },
  );
  const server = await serveHttp(provider, { port, onError: () => {}, auth: { proxy } });
  cleanups.push(() => server.close());
  const started = { baseUrl, resource: `${baseUrl}/mcp` } as StartedProxy;
  const tokenOf = async (name: string) => (await logIn(started, { visit: { login: name } })).accessToken;
  return { idp, api, exchange, url: server.url, tokenOf };
}

const CALL = { name: 'getNote', args: { id: '1' } };
const json = { 'Content-Type': 'application/json' };

test.each(ERAS)('the token that is exchanged is that of the upstream, era %s', async (era) => {
  const { idp, api, exchange, url, tokenOf } = await world((tokenUrl) => ({
    exchange: { tokenUrl, clientId: 'c', clientSecret: 'a-client-secret' },
  }));
  exchange.respond(async ({ form }, response) => {
    const { subject } = await introspection(idp).verify(form.subject_token ?? '');
    response.writeHead(200, json).end(JSON.stringify({ access_token: `for-${subject}`, token_type: 'Bearer' }));
  });
  for (const name of ['ada', 'bob']) {
    const token = await tokenOf(name);
    expect(await callAs(token, url, { ...CALL, era })).toMatchObject({ status: 200, isError: false });
    expect(JSON.stringify(exchange.asked)).not.toContain(token);
  }
  expect(api.reached.map(({ authorization }) => authorization)).toEqual(['Bearer for-ada', 'Bearer for-bob']);
});

test('a function gets the token of the upstream, and the API cannot show it', async () => {
  const { idp, api, url, tokenOf } = await world(() => ({ perCaller: async ({ token }) => token() }));
  api.respond((request, response) =>
    response.writeHead(200, json).end(JSON.stringify({ echo: request.headers.authorization })),
  );
  const { text } = await callAs(await tokenOf('ada'), url, CALL);
  expect(text).toBe('{"echo":"Bearer [credential]"}');
  const [sent = ''] = api.reached.map(({ authorization = '' }) => authorization.slice('Bearer '.length));
  expect((await introspection(idp).verify(sent)).subject).toBe('ada');
});

test('a login that has ended upstream is a 401', async () => {
  const { idp, api, url, tokenOf } = await world(() => ({ perCaller: async ({ token }) => token() }));
  const token = await tokenOf('ada');
  api.respond(async (request, response) => {
    const sent = request.headers.authorization?.slice('Bearer '.length) ?? '';
    const isValid = await introspection(idp)
      .verify(sent)
      .then(
        () => true,
        () => false,
      );
    return response.writeHead(isValid ? 200 : 401, json).end('{}');
  });
  expect(await callAs(token, url, CALL)).toMatchObject({ status: 200, isError: false });
  await idp.revoke('ada');
  const ended = await callAs(token, url, CALL);
  expect(ended.status).toBe(401);
  expect(ended.challenge).toContain('error="invalid_token"');
  expect(ended.challenge).toContain('resource_metadata=');
});
