import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importProject } from '../emitted-project.test.fixture.ts';
import { generateProject } from '../generate.ts';
import type { AskedCredential } from '../runtime/api/auth/caller-credential.ts';
import type { PerCaller } from '../runtime/api/auth/given-caller-credentials.ts';
import type { ClientCall } from '../runtime/api/client.ts';
import { fromMcp } from '../runtime/compose/remote.ts';
import type { OpenedEmitted } from '../runtime/node/open-emitted.ts';
import { startTokenIssuer, type TokenIssuer } from '../runtime/serve/auth/token-issuer.test.fixture.ts';
import { createHttpHandler } from '../runtime/serve/http/http-handler.ts';
import { nodeHandler } from '../runtime/serve/http/node-handler.ts';
import { serveHttp } from '../runtime/serve/http/node-http.ts';
import { createServer } from '../runtime/server.ts';
import { type CallerApi, callAs, callerDocument, ERAS, startCallerApi } from './on-behalf.test.fixture.ts';
import { threeWays, WAYS, type Way } from './three-ways.test.fixture.ts';

// The credential of each caller, from a function of the server's author.

type ClientGroup = Readonly<Record<string, ClientCall>>;

const RESOURCE = 'https://mcp.example.com/mcp';
let api: CallerApi;
let issuers: readonly TokenIssuer[];
const open = threeWays(() => callerDocument(api.url));

beforeAll(async () => {
  api = await startCallerApi();
  issuers = await Promise.all([0, 1].map(() => startTokenIssuer({ audience: RESOURCE })));
});
beforeEach(() => {
  api.reached.length = 0;
  api.respond();
});
afterAll(async () => {
  await api.close();
  await Promise.all(issuers.map((each) => each.close()));
});

/** Serves the document, with `perCaller` for its scheme. */
async function served(way: Way, perCaller: PerCaller['perCaller']) {
  const { provider, tool } = await open(way, { auth: { login: { perCaller } } });
  const server = await serveHttp(provider, {
    port: 0,
    onError: () => {},
    auth: {
      publicUrl: RESOURCE,
      verifiers: issuers.map(({ issuer }) => ({ provider: issuer })),
      keys: [{ name: 'ci', key: 'key-of-the-ci-0123456789' }],
    },
  });
  return { server, tool };
}

const tokenOf = async (issuer: number, sub: string) => (await issuers[issuer]?.token({ sub })) ?? '';

describe.each(WAYS)('%s', (way) => {
  test.each(ERAS)('each caller reaches the API with its own credential, era %s', async (era) => {
    const { server, tool } = await served(way, ({ caller }) => `credential of ${caller.id}`.replaceAll(' ', '-'));
    const call = { name: tool('getNote'), args: { id: '1' }, era };
    for (const [issuer, sub] of [
      [0, 'ada'],
      [0, 'bob'],
      [1, 'ada'],
    ] as const) {
      const answer = await callAs(await tokenOf(issuer, sub), server.url, call);
      expect(answer).toMatchObject({ status: 200, isError: false });
    }
    expect(api.reached.map(({ authorization }) => authorization)).toEqual([
      `Bearer credential-of-${issuers[0]?.issuer}-ada`,
      `Bearer credential-of-${issuers[0]?.issuer}-bob`,
      `Bearer credential-of-${issuers[1]?.issuer}-ada`,
    ]);
    await server.close();
  });

  test('the function gets the scheme, the scopes and, if it asks, the verified token', async () => {
    const asked: unknown[] = [];
    const { server, tool } = await served(way, async ({ caller, scheme, scopes, token }) => {
      asked.push({ scheme, scopes, token: await token(), seen: JSON.stringify({ ...caller }) });
      return { headers: { 'X-User': caller.id, Authorization: 'Bearer of-the-caller' } };
    });
    const token = await tokenOf(0, 'ada');
    await callAs(token, server.url, { name: tool('getNote'), args: { id: '1' } });
    expect(asked).toMatchObject([{ scheme: 'login', scopes: ['notes:read'], token }]);
    expect(JSON.stringify(asked[0]).split(token)).toHaveLength(2);
    expect(api.reached).toMatchObject([{ authorization: 'Bearer of-the-caller' }]);
    await callAs('key-of-the-ci-0123456789', server.url, { name: tool('getNote'), args: { id: '1' } });
    expect(asked[1]).toMatchObject({ token: undefined });
    await server.close();
  });

  test('what a malicious API echoes is hidden: the credential and the caller’s token', async () => {
    const { server, tool } = await served(way, async ({ token }) => `made-from-${(await token())?.length}-characters`);
    const token = await tokenOf(0, 'ada');
    api.respond((request, response) => {
      response.writeHead(500, { 'Content-Type': 'application/json', 'X-Echo': token });
      response.end(JSON.stringify({ own: request.headers.authorization, caller: token }));
    });
    const { text } = await callAs(token, server.url, { name: tool('getNote'), args: { id: '1' } });
    expect(text).toContain('[credential]');
    expect(text).not.toContain('made-from');
    expect(text).not.toContain(token);
    await server.close();
  });

  test('a caller without a credential, and a function that fails, send nothing to the API', async () => {
    const { server, tool } = await served(way, async ({ caller, token }) => {
      if (caller.id.endsWith(' bob')) throw new Error(`no entry for ${await token()}`);
      return undefined;
    });
    const call = { name: tool('getNote'), args: { id: '1' } };
    const none = await callAs(await tokenOf(0, 'ada'), server.url, call);
    expect(none).toMatchObject({ status: 200, isError: true });
    expect(none.text).toContain('MISSING_CREDENTIAL: There is no credential for "login" of this caller.');
    const failed = await callAs(await tokenOf(0, 'bob'), server.url, call);
    expect(failed.text).toContain('HOOK_FAILED: auth.login.perCaller: no entry for [credential]');
    expect(api.reached).toEqual([]);
    await server.close();
  });
});

test('without callers, a call says what is missing', async () => {
  const { provider, tool } = await open('run', { auth: { login: { perCaller: () => 'never' } } });
  const server = await serveHttp(provider, { port: 0, onError: () => {} });
  const { text } = await callAs('', server.url, { name: tool('getNote'), args: { id: '1' } });
  expect(text).toContain('MISSING_CREDENTIAL: "login" needs the credential of the caller');
  expect(text).toContain('--auth');
  expect(api.reached).toEqual([]);
  await server.close();
});

test('the credential made from the caller’s token is rejected by the API: 401 and a challenge, or an error in 2025', async () => {
  const { server, tool } = await served('run', async ({ token }) => token());
  api.respond((_, response) => response.writeHead(401).end());
  const token = await tokenOf(0, 'ada');
  const modern = await callAs(token, server.url, { name: tool('getNote'), args: { id: '1' } });
  expect(modern.status).toBe(401);
  expect(modern.challenge).toContain('error="invalid_token"');
  expect(modern.challenge).toContain(
    'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"',
  );
  // Once more, with what the function returned then.
  expect(api.reached).toHaveLength(2);
  const legacy = await callAs(token, server.url, { name: tool('getNote'), args: { id: '1' }, era: '2025-11-25' });
  expect(legacy).toMatchObject({ status: 200, isError: true });
  expect(legacy.text).toContain('It is the credential of the caller, not of the server.');
  api.respond();
  expect(await callAs(token, server.url, { name: tool('getNote'), args: { id: '1' } })).toMatchObject({ status: 200 });
  await server.close();
});

test('a tool of the author’s own calls the API on behalf of its caller, or of nobody', async () => {
  const project = await importProject(
    await generateProject({ text: JSON.stringify(callerDocument(api.url)) }, { cache: false }),
  );
  const auth = { login: { perCaller: ({ caller }: AskedCredential) => caller.id.replace(' ', '-') } };
  const provider = project.create({ environment: {}, auth }) as OpenedEmitted<Record<string, ClientGroup>>;
  const getNote = Object.values(provider.api).find((group) => 'getNote' in group)?.getNote;
  const desk = createServer({ name: 'desk', version: '1' });
  desk.tool('own', {}, async (_, { caller }) => JSON.stringify(await getNote?.({ id: '1' }, { caller })));
  desk.tool('nobody', {}, async () => JSON.stringify(await getNote?.({ id: '1' })));
  const options = { port: 0, onError: () => {}, auth: { publicUrl: RESOURCE, provider: issuers[0]?.issuer } };
  const server = await serveHttp(desk, options);
  const token = await tokenOf(0, 'ada');
  expect(await callAs(token, server.url, { name: 'own' })).toMatchObject({ text: '{"path":"/notes/1"}' });
  expect(api.reached).toMatchObject([{ authorization: `Bearer ${issuers[0]?.issuer}-ada` }]);
  const refused = await callAs(token, server.url, { name: 'nobody' });
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('needs the credential of the caller') });
  expect(api.reached).toHaveLength(1);
  await server.close();
  await provider.close();
});

test('a mounted MCP server gets neither the token of the caller nor its credential', async () => {
  const remote = createServer({ name: 'remote', version: '1' });
  remote.tool('hello', {}, () => 'hello');
  const handle = nodeHandler(createHttpHandler(remote, { onError: () => {} }), { onError: () => {} });
  const seen: string[] = [];
  const http = createHttpServer((request, response) => {
    seen.push(JSON.stringify(request.headers));
    request.on('data', (chunk) => seen.push(String(chunk)));
    void handle(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { provider } = await open('run', { auth: { login: { perCaller: () => 'the-credential' } } });
  const desk = createServer({ name: 'desk', version: '1' });
  desk.mount('notes', provider);
  desk.mount('remote', fromMcp({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp` }));
  const auth = { publicUrl: RESOURCE, provider: issuers[0]?.issuer };
  const server = await serveHttp(desk, { port: 0, onError: () => {}, auth });
  const token = await tokenOf(0, 'ada');
  const call = { name: 'remote_hello', args: {} };
  expect(await callAs(token, server.url, call)).toMatchObject({ status: 200, text: 'hello' });
  expect(await callAs(token, server.url, { name: 'notes_getNote', args: { id: '1' } })).toMatchObject({ status: 200 });
  expect(seen.join()).toContain('tools/call');
  expect(seen.join()).not.toContain(token);
  expect(seen.join()).not.toContain('the-credential');
  await server.close();
  http.closeAllConnections();
  http.close();
});

test('a header of the server for the same scheme is refused at the start', async () => {
  const opening = open('run', { auth: { login: { perCaller: () => 'x' } }, headers: { Authorization: 'Bearer own' } });
  await expect(opening).rejects.toThrow('is the credential of each caller, but one of the headers already sets it');
});
