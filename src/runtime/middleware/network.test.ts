import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import { callContext } from '../call-context.ts';
import { outcomeOf } from '../outcome.ts';
import type { Caller, Provider } from '../provider.ts';
import { testClock } from './clock.test.fixture.ts';
import { cache, circuitBreaker, rateLimit, retry, timeout, tokenBucket, withMiddleware } from './index.ts';

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** An API on loopback: GET, PUT and POST of /pets; and the provider that its document gives. */
async function openPets(answer: Answering) {
  const seen: string[] = [];
  const http = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const operation = (operationId: string) => ({ operationId, responses: { 200: { description: 'ok' } } });
  const parameters = [{ name: 'q', in: 'query', schema: { type: 'string' } }];
  const { provider } = await openApi(
    {
      openapi: '3.1.0',
      info: { title: 'Pets', version: '1' },
      servers: [{ url: `http://127.0.0.1:${port}` }],
      paths: {
        '/pets': {
          get: { ...operation('listPets'), parameters },
          put: operation('putPets'),
          post: operation('addPet'),
        },
      },
    },
    { allowPrivate: true, cache: false },
  );
  const stop = async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
  closing.push(async () => {
    await provider.close();
    if (http.listening) await stop();
  });
  return { provider, seen, stop };
}

const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answering =>
  (_, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

/** Answers one after the other; the last one stays. */
function inTurn(...answers: readonly Answering[]): Answering {
  let at = 0;
  return (request, response) => answers[Math.min(at++, answers.length - 1)]?.(request, response);
}

const hangUp: Answering = (request) => void request.socket.destroy();

const call = (provider: Provider, name: string, args: Readonly<Record<string, unknown>> = {}, caller?: Caller) =>
  provider.callTool({ name, arguments: args }, callContext(caller ? { caller } : {}));
const callerOf = (id: string): Caller => ({ id, scopes: [] });

describe('retry, with an API that flaps', () => {
  test.each([429, 502, 503, 504])('retries a read after %i, and reports the number of attempts', async (status) => {
    const clock = testClock();
    const { provider, seen } = await openPets(inTurn(json(status, {}), json(status, {}), json(200, { ok: true })));
    const result = await call(withMiddleware(provider, retry({ clock, random: () => 1 })), 'listPets');
    expect(result).toMatchObject({
      structuredContent: { ok: true },
      _meta: { 'openapi-mcp/retry': { attempts: 3 } },
    });
    expect(seen).toHaveLength(3);
    expect(clock.slept).toEqual([500, 1000]);
  });

  test('makes an idempotent PUT again when the connection was cut, but no POST', async () => {
    const clock = testClock();
    const { provider, seen } = await openPets((request, response) =>
      (request.method === 'PUT' && seen.length > 1 ? json(200, {}) : hangUp)(request, response),
    );
    const retrying = withMiddleware(provider, retry({ clock }));
    expect(await call(retrying, 'putPets')).not.toHaveProperty('isError');
    const before = seen.length;
    expect(outcomeOf(await call(retrying, 'addPet'))).toEqual({ error: 'CONNECTION_LOST' });
    expect(seen.length).toBe(before + 1);
  });

  test('honours Retry-After', async () => {
    const clock = testClock();
    const { provider } = await openPets(inTurn(json(503, {}, { 'Retry-After': '7' }), json(200, {})));
    await call(withMiddleware(provider, retry({ clock, random: () => 0 })), 'listPets');
    expect(clock.slept).toEqual([7000]);
  });

  test.each([400, 404, 500])('accepts %i as a response', async (status) => {
    const { provider, seen } = await openPets(json(status, {}));
    const result = await call(withMiddleware(provider, retry({ clock: testClock() })), 'listPets');
    expect([result.isError, outcomeOf(result)?.status, seen.length]).toEqual([true, status, 1]);
  });

  test.each([
    { why: 'than it may wait', retryAfter: '60', options: {} },
    { why: 'than the call may take', retryAfter: '5', options: { maxWaitMs: 60_000 } },
  ])('returns the failure immediately if the API asks for longer $why', async ({ retryAfter, options }) => {
    const { provider, seen } = await openPets(json(429, {}, { 'Retry-After': retryAfter }));
    const chain = withMiddleware(provider, timeout({ ms: 2000 }), retry(options));
    expect(outcomeOf(await call(chain, 'listPets'))).toEqual({ status: 429, retryAfter: Number(retryAfter) });
    expect(seen).toHaveLength(1);
  });

  test('stops waiting when the client disconnects', async () => {
    const { provider } = await openPets(json(503, {}, { 'Retry-After': '9' }));
    const gone = new AbortController();
    const context = callContext({ signal: gone.signal });
    const result = withMiddleware(provider, retry()).callTool({ name: 'listPets', arguments: {} }, context);
    setTimeout(() => gone.abort(new Error('gone')), 100);
    await expect(result).rejects.toThrow('gone');
  });

  test('reads a resource again as well', async () => {
    const { provider, seen } = await openPets(inTurn(json(503, {}), json(200, { ok: true })));
    const uri = (await provider.listResources({}))[0]?.uri ?? '';
    const { contents } = await withMiddleware(provider, retry({ clock: testClock() })).readResource(
      { uri },
      callContext(),
    );
    expect([contents[0], seen.length]).toMatchObject([{ text: '{"ok":true}' }, 2]);
  });
});

describe('circuitBreaker, with an API that flaps', () => {
  test('opens after failures in a row, lets one call try later, and closes when that succeeds', async () => {
    const clock = testClock();
    let answer: Answering = json(500, {});
    const { provider, seen } = await openPets((request, response) => answer(request, response));
    const guarded = withMiddleware(provider, circuitBreaker({ failures: 3, openMs: 10_000, clock }));
    for (let i = 0; i < 3; i++) expect(outcomeOf(await call(guarded, 'addPet'))?.status).toBe(500);

    const refused = await call(guarded, 'addPet');
    expect(refused.isError).toBe(true);
    expect(outcomeOf(refused)).toEqual({ error: 'CIRCUIT_OPEN', retryAfter: 10 });
    expect(seen).toHaveLength(3);

    clock.advance(10_000);
    expect(outcomeOf(await call(guarded, 'addPet'))?.status).toBe(500);
    expect(outcomeOf(await call(guarded, 'addPet'))?.error).toBe('CIRCUIT_OPEN');
    expect(seen).toHaveLength(4);

    clock.advance(10_000);
    answer = json(200, {});
    const [first, second] = await Promise.all([call(guarded, 'addPet'), call(guarded, 'addPet')]);
    expect([first.isError, outcomeOf(second)?.error]).toEqual([undefined, 'CIRCUIT_OPEN']);
    expect(await call(guarded, 'addPet')).not.toHaveProperty('isError');
  });

  test('counts an API that is gone, but neither 4xx nor what the client broke off', async () => {
    const { provider, seen, stop } = await openPets(json(404, {}));
    const guarded = withMiddleware(provider, circuitBreaker({ failures: 2 }));
    for (let i = 0; i < 3; i++) await call(guarded, 'listPets');
    expect(seen).toHaveLength(3);
    const cancelled = callContext({ signal: AbortSignal.abort() });
    for (let i = 0; i < 3; i++) {
      await guarded.callTool({ name: 'listPets', arguments: {} }, cancelled).catch(() => {});
    }
    expect(outcomeOf(await call(guarded, 'listPets'))).toMatchObject({ status: 404 });
    await stop();
    for (let i = 0; i < 2; i++) expect(outcomeOf(await call(guarded, 'listPets'))?.error).toMatch(/^CONNECTION_/);
    expect(outcomeOf(await call(guarded, 'listPets'))?.error).toBe('CIRCUIT_OPEN');
  });
});

describe('cache, with an API and two callers', () => {
  test('caches results by caller and arguments, and never those of a tool that writes', async () => {
    let count = 0;
    const { provider, seen } = await openPets((request, response) => json(200, { n: ++count })(request, response));
    const cached = withMiddleware(provider, cache({ ttlMs: 60_000 }));
    const ask = async (id: string, name: string, args = {}) =>
      (await call(cached, name, args, callerOf(id))).structuredContent;
    expect(await ask('ada', 'listPets', { q: 'x' })).toEqual({ n: 1 });
    expect(await ask('ada', 'listPets', { q: 'x' })).toEqual({ n: 1 });
    expect(await ask('bob', 'listPets', { q: 'x' })).toEqual({ n: 2 });
    expect(await ask('ada', 'listPets', { q: 'y' })).toEqual({ n: 3 });
    expect(await ask('ada', 'addPet')).toEqual({ n: 4 });
    expect(await ask('ada', 'addPet')).toEqual({ n: 5 });
    expect(seen).toHaveLength(5);
  });

  test.each([
    { header: 'no-store', requests: 2 },
    { header: 'private, no-cache="x"', requests: 2 },
    { header: 'max-age=0', requests: 2 },
    { header: 'max-age=60', requests: 1 },
    { header: 'private', requests: 1 },
  ])('honours Cache-Control: $header', async ({ header, requests }) => {
    const { provider, seen } = await openPets(json(200, {}, { 'Cache-Control': header }));
    const cached = withMiddleware(provider, cache({ ttlMs: 60_000 }));
    await call(cached, 'listPets');
    await call(cached, 'listPets');
    expect(seen).toHaveLength(requests);
  });

  test('caches the content of a resource, but no failures', async () => {
    const { provider, seen } = await openPets(inTurn(json(500, {}), json(200, {})));
    const cached = withMiddleware(provider, cache({ ttlMs: 60_000 }));
    const uri = (await provider.listResources({}))[0]?.uri ?? '';
    await expect(cached.readResource({ uri }, callContext())).rejects.toMatchObject({ code: 'READ_FAILED' });
    await cached.readResource({ uri }, callContext());
    await cached.readResource({ uri }, callContext());
    expect(seen).toHaveLength(2);
  });
});

describe('rateLimit, with an API and two callers', () => {
  test('rejects a caller above the rate, says when to retry, and does not affect others', async () => {
    const clock = testClock();
    const { provider, seen } = await openPets(json(200, {}));
    const limited = withMiddleware(provider, rateLimit({ perCaller: tokenBucket({ size: 2, perSecond: 0.5, clock }) }));
    const ask = (id: string) => call(limited, 'listPets', {}, callerOf(id));
    await ask('ada');
    await ask('ada');
    const refused = await ask('ada');
    expect(refused).toMatchObject({ isError: true, content: [{ text: 'Too many calls. Retry in 2 s.' }] });
    expect(outcomeOf(refused)).toEqual({ error: 'RATE_LIMITED', retryAfter: 2 });
    expect(await ask('bob')).not.toHaveProperty('isError');
    clock.advance(2000);
    expect(await ask('ada')).not.toHaveProperty('isError');
    expect(seen).toHaveLength(4);
  });

  test('a global limit holds for all together, and a new token of a caller is the same caller', async () => {
    const { provider } = await openPets(json(200, {}));
    const clock = testClock();
    const limited = withMiddleware(provider, rateLimit({ global: tokenBucket({ size: 1, perSecond: 1, clock }) }));
    await call(limited, 'listPets', {}, callerOf('ada'));
    expect(outcomeOf(await call(limited, 'listPets', {}, callerOf('bob')))?.error).toBe('RATE_LIMITED');
    const own = withMiddleware(provider, rateLimit({ perCaller: tokenBucket({ size: 1, perSecond: 1, clock }) }));
    await call(own, 'listPets', {}, { ...callerOf('ada'), claims: { iat: 1 } });
    const again = await call(own, 'listPets', {}, { ...callerOf('ada'), claims: { iat: 2 } });
    expect(outcomeOf(again)?.error).toBe('RATE_LIMITED');
  });
});
