import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Budget, Graph, Overview, ToolAnswer, TrafficDetail, TrafficLine } from './api-types.ts';
import { documentOf, inspectedWorld, SECRET, type World } from './inspected.test.fixture.ts';

const cleanups: (() => Promise<unknown>)[] = [];
let world: World;
let cookie: string;
beforeAll(async () => {
  world = await inspectedWorld((close) => cleanups.push(close));
  cookie = await visit(world);
});
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Uses a link, and returns the cookie. */
async function visit({ inspector, origin }: World): Promise<string> {
  const response = await fetch(inspector.url(origin), { redirect: 'manual' });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

interface Asking {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(path: string, { body, headers }: Asking = {}): Promise<Response> {
  return fetch(`${world.origin}/inspector/api/${path}`, {
    headers: {
      cookie,
      'x-inspector': '1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

async function got<T>(path: string, body?: unknown): Promise<T> {
  const response = await ask(path, { body });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

describe('the link', () => {
  test('sets a cookie for this browser, and leads to the page without the token', async () => {
    const visits = world.visits();
    const response = await fetch(world.inspector.url(`${world.origin}/mcp`), { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/inspector/');
    expect(response.headers.get('set-cookie')).toMatch(
      /^openapi-mcp-inspector-\d+=[\w-]{43}; Path=\/inspector; HttpOnly; SameSite=Strict$/,
    );
    expect(world.visits()).toBe(visits + 1);
  });

  test('works once: the second time, a page says where a new one is', async () => {
    const url = world.inspector.url(world.origin);
    await fetch(url, { redirect: 'manual' });
    const again = await fetch(url, { redirect: 'manual' });
    expect(again.status).toBe(403);
    expect(again.headers.get('set-cookie')).toBeNull();
    expect(await again.text()).toContain('in the terminal of the server');
  });

  test.each(['made-up', ''])('with the token "%s" is refused', async (token) => {
    const response = await fetch(`${world.origin}/inspector/?token=${token}`, { redirect: 'manual' });
    expect(response.status).toBe(403);
  });

  test('is not used up by other methods', async () => {
    const url = world.inspector.url(world.origin);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(303);
  });

  test('on another site leads to a page that goes on: browsers then send the cookie', async () => {
    const response = await fetch(`${world.origin}/inspector/`, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(response.headers.get('refresh')).toBe('0; url=/inspector/');
  });

  test('is needed: without it, a page says where it is', async () => {
    const response = await fetch(`${world.origin}/inspector`);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('Open the link in the terminal');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('a request to the API', () => {
  test.each([
    ['without a cookie', { cookie: '' }, 401],
    ['with the cookie of another server', { cookie: 'openapi-mcp-inspector-1=abc' }, 401],
    ['without the header of the page', { 'x-inspector': '' }, 403],
    ['from a page of another origin', { origin: 'http://localhost:1' }, 403],
    ['from another site', { 'sec-fetch-site': 'same-site' }, 403],
  ])('%s is refused', async (_, headers, status) => {
    for (const path of ['overview', 'events']) {
      const response = await ask(path, { headers });
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ error: { message: expect.any(String) } });
    }
  });

  test('under a name of this server that other machines use is refused', async () => {
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request(`${world.origin}/inspector/`, { headers: { host: 'shop.example', cookie } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });

  test.each([
    ['nothing/here', undefined, 404],
    ['constructor', undefined, 404],
    ['call', undefined, 405],
    ['overview', {}, 405],
    ['call', '{', 400],
    ['call', [], 400],
    ['call', { name: 7, arguments: {} }, 400],
    ['call', { name: 'getPet', arguments: [] }, 400],
    ['prompt', { name: 'welcome', arguments: { language: 7 } }, 400],
    ['complete', { ref: { type: 'tool', name: 'x' }, argument: { name: 'a', value: '' }, given: {} }, 400],
    ['answer', { id: 'unknown', action: 'decline' }, 404],
    ['answer', { id: 'unknown', action: 'other' }, 400],
    ['exchange?id=-1', undefined, 400],
    ['exchange?id=999', undefined, 404],
    ['tool?name=missing', undefined, 404],
    ['seen?name=missing', undefined, 404],
  ])('%s with the body %j is answered with a message', async (path, body, status) => {
    const response = await ask(path, { body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test('may have a body of 1 MiB', async () => {
    const body = { name: 'greet', arguments: { name: 'x'.repeat(1024 * 1024 - 60) } };
    expect((await ask('call', { body })).status).toBe(200);
    const response = await ask('call', { body: `${JSON.stringify(body)}${' '.repeat(100)}` });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
  });

  test('must be JSON', async () => {
    const response = await ask('call', { body: '{}', headers: { 'content-type': 'text/plain' } });
    expect(response.status).toBe(415);
  });

  test('gets headers that keep browsers from storing, sniffing or framing the response', async () => {
    const { headers } = await ask('overview');
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
});

describe('what the page gets', () => {
  test('lists tools with their operations, and says which only read', async () => {
    const { tools, prompts, templates, mode, problems } = await got<Overview>('overview');
    const find = (name: string) => tools.find((tool) => tool.name === name);
    expect(find('getPet')).toMatchObject({ method: 'GET', path: '/pets/{petId}', tags: ['pets'], isSafe: true });
    expect(find('removePet')).toMatchObject({ method: 'DELETE', isSafe: false });
    expect(find('greet')).toEqual({ name: 'greet', description: 'Greet <b>somebody</b>.', tags: [], isSafe: true });
    expect([prompts.length, templates.length, mode, problems > 0]).toEqual([1, 3, 'tools', true]);
  });

  test('a preview shows the request, and masks the credential', async () => {
    const previewed = await got<{ curl: string }>('preview', { name: 'getPet', arguments: { petId: 7 } });
    expect(previewed.curl).toMatch(/^curl 'http:\/\/127\.0\.0\.1:\d+\/pets\/7'/);
    expect(previewed.curl).toMatch(/X-Shop-Key: (?!key-)/i);
  });

  test('a preview of invalid arguments, or of a tool without a request, says why there is none', async () => {
    const missing = await got<{ problem: string }>('preview', { name: 'getPet', arguments: {} });
    expect(missing.problem).toContain('petId: is required');
    const local = await got<{ problem: string }>('preview', { name: 'greet', arguments: {} });
    expect(local.problem).toContain('not an operation of an API');
  });

  test('a call has result, status, time and tokens', async () => {
    const answer = await got<ToolAnswer>('call', { name: 'getPet', arguments: { petId: 7 } });
    expect(answer).toMatchObject({
      result: { content: [{ type: 'text', text: expect.stringContaining('Ada') }], structuredContent: { id: 7 } },
      exchanges: [{ request: { method: 'GET' }, response: { status: 200 } }],
    });
    expect(answer.tokens).toBeGreaterThan(0);
    expect(answer.failure).toBeUndefined();
  });

  test('a failed call has code, meaning and fix', async () => {
    const invalid = await got<ToolAnswer>('call', { name: 'getPet', arguments: {} });
    expect(invalid.failure).toMatchObject({
      code: 'INVALID_ARGUMENTS',
      meaning: expect.stringContaining('input schema'),
      message: expect.stringContaining('petId: is required'),
      fix: expect.any(String),
    });
    const missing = await got<ToolAnswer>('call', { name: 'getPet', arguments: { petId: 404 } });
    expect(missing.failure).toMatchObject({ code: 'HTTP 404', fix: expect.stringContaining('404') });
    const unknown = await got<ToolAnswer>('call', { name: 'getPets', arguments: {} });
    expect(unknown.failure).toMatchObject({ code: 'TOOL_NOT_FOUND', message: expect.stringContaining('getPet') });
  });

  test('resources are read, prompts are filled in, and arguments are completed', async () => {
    expect(await got('read', { uri: 'shop://customers/ada' })).toMatchObject({
      result: { contents: [{ text: expect.stringContaining('ada') }] },
    });
    expect(await got('prompt', { name: 'welcome', arguments: { language: 'greek' } })).toMatchObject({
      result: { messages: [{ content: { text: 'Say hello in greek.' } }] },
    });
    const ref = { type: 'resource', uri: 'shop://customers/{id}' };
    const completed = await got('complete', { ref, argument: { name: 'id', value: 'al' }, given: {} });
    expect(completed).toMatchObject({ values: ['alan'] });
  });

  test('the budget has the cost of each part of a tool, and of each mode', async () => {
    const { tools, total, modes } = await got<Budget>('budget');
    const cost = tools.find(({ tool }) => tool === 'getPet');
    expect(cost?.model).toBeGreaterThan((cost?.schema ?? 0) + (cost?.description ?? 0));
    expect(total.wire).toBeGreaterThan(total.model);
    expect(Object.keys(modes)).toEqual(['tools', 'compact', 'signature', 'search', 'code']);
    expect(await got('seen?name=getPet')).toMatchObject({ name: 'getPet', inputSchema: { required: ['petId'] } });
  });

  test('the graph leads from the operation that returns ids to those that need them', async () => {
    const { nodes, edges } = await got<Graph>('graph');
    const label = (id: string) => nodes.find((node) => node.id === id)?.label;
    expect(edges.map(({ from, to, labels }) => [label(from), label(to), labels])).toEqual([
      ['listPets', 'getPet', ['petId']],
      ['listPets', 'removePet', ['petId']],
    ]);
    expect(nodes.find((node) => node.label === 'getPet')).toMatchObject({ tool: 'getPet', method: 'GET' });
  });

  test('problems have code, place, message and fix', async () => {
    expect(await got('problems')).toContainEqual({
      code: 'UNRESOLVED_REF',
      severity: 'warning',
      pointer: expect.stringContaining('#/paths/~1broken'),
      message: expect.stringContaining('Missing'),
      fix: expect.any(String),
    });
  });

  test('traffic has the calls of this page and of clients, with their exchanges', async () => {
    await got('call', { name: 'getPet', arguments: { petId: 7 } });
    const line = (await got<TrafficLine[]>('traffic')).at(-1);
    expect(line).toMatchObject({ method: 'tools/call', target: 'getPet', ended: 'ok', status: 200, requests: 1 });
    expect(line?.request).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/pets\/7$/);
    const detail = await got<TrafficDetail>(`exchange?id=${line?.id}`);
    expect(detail).toMatchObject({ params: { arguments: { petId: 7 } }, exchanges: [{ response: { status: 200 } }] });
  });
});

/** The events of the stream so far, by name, until `enough`. */
async function events(enough: (names: readonly string[]) => boolean, meanwhile: () => Promise<void>) {
  const response = await ask('events');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const names = () => [...text.matchAll(/^event: (.*)$/gm)].map(([, name = '']) => name);
  let started = false;
  while (!enough(names())) {
    const { value, done = true } = (await reader?.read()) ?? {};
    if (done) break;
    text += value;
    if (!started) await meanwhile();
    started = true;
  }
  await reader?.cancel();
  return { names: names(), text };
}

test('a call asks the page that made it, and goes on with the answer', async () => {
  const order = (answer: object) => {
    let asked: Promise<ToolAnswer> | undefined;
    const body = { name: 'order', arguments: {}, id: 'call-1' };
    return events(
      (names) => names.includes('question'),
      async () => {
        asked = got<ToolAnswer>('call', body);
      },
    ).then(async ({ text }) => {
      const question = JSON.parse(/^event: question\ndata: (.*)$/m.exec(text)?.[1] ?? '{}');
      expect(question).toMatchObject({
        call: 'call-1',
        message: 'Which size? [redacted]',
        schema: { required: ['size'] },
      });
      const wrong = await ask('answer', { body: { id: question.id, action: 'accept', content: { size: 'huge' } } });
      expect(wrong.status).toBe(400);
      await got('answer', { id: question.id, ...answer });
      expect((await ask('answer', { body: { id: question.id, ...answer } })).status).toBe(404);
      return (await asked)?.result?.content;
    });
  };
  const text = (text: string) => [{ type: 'text', text }];
  expect(await order({ action: 'accept', content: { size: 'small' } })).toEqual(text('Ordered a small one.'));
  expect(await order({ action: 'decline' })).toEqual(text('Nothing was ordered.'));
  // Without an id, nobody is asked.
  const alone = await got<ToolAnswer>('call', { name: 'order', arguments: {} });
  expect(alone.failure?.message).toContain('does not support elicitation');
});

describe('live', () => {
  test('calls and reloads are events', async () => {
    const { names } = await events(
      (names) => names.includes('reload'),
      async () => {
        await got('call', { name: 'greet', arguments: { name: 'Ada' } });
        await world.reload(documentOf({ title: 'Other shop' }));
      },
    );
    expect(names).toEqual(['open', 'traffic', 'reload']);
  });

  test('a failure is one event, however often it is reported', async () => {
    const { text } = await events(
      (names) => names.length === 4,
      async () => {
        for (const at of [1, 1, 2, 2]) world.fail('wrong', at);
        await world.reload(documentOf());
      },
    );
    expect([...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => data)).toEqual([
      '{}',
      '{"failed":true}',
      '{"failed":true}',
      '{"failed":false}',
    ]);
  });

  test('a reload that failed is reported, and what was served before is still shown', async () => {
    world.fail(`line 3 is wrong, ${SECRET}`);
    const { failure, tools } = await got<Overview>('overview');
    expect(failure).toMatchObject({ message: 'line 3 is wrong, [redacted]' });
    expect(tools.length).toBeGreaterThan(0);
    await world.reload(documentOf());
    expect((await got<Overview>('overview')).failure).toBeUndefined();
  });
});

test('no response contains a secret', async () => {
  const login = { name: 'logIn', arguments: { login: 'ada', password: 'password-that-nobody-may-see' } };
  const bodies = [await ask('call', { body: login }), await ask('preview', { body: login })];
  const paths = ['overview', 'tool?name=listPets', 'seen?name=listPets', 'problems', 'graph', 'budget', 'traffic'];
  for (const path of paths) bodies.push(await ask(path));
  for (const { id } of await got<TrafficLine[]>('traffic')) bodies.push(await ask(`exchange?id=${id}`));
  const text = (await Promise.all(bodies.map((response) => response.text()))).join('\n');
  expect(text).toContain('The key is [redacted].');
  expect(text).not.toMatch(/that-nobody-may-see/);
  // Names of arguments are not hidden.
  expect(await got('tool?name=logIn')).toMatchObject({ inputSchema: { properties: { password: { type: 'string' } } } });
});

test('closing ends the streams, and admits nobody any more', async () => {
  const closing = await inspectedWorld((close) => cleanups.push(close));
  const link = closing.inspector.url(closing.origin);
  const headers = { cookie: await visit(closing), 'x-inspector': '1' };
  const stream = await fetch(`${closing.origin}/inspector/api/events`, { headers });
  closing.inspector.close();
  expect(await stream.text()).toContain('event: open');
  expect((await fetch(`${closing.origin}/inspector/api/overview`, { headers })).status).toBe(401);
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);
});
