import { serveHttp } from 'openapi-mcp';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../src/client/index.ts';
import { clientOf, textsOf } from './client.test.fixture.ts';
import { json, petApi } from './pet-api.test.fixture.ts';

afterAll(() => {
  vi.restoreAllMocks();
});

/** So many requests fail before the API is well again. */
let failures = 0;
const requests = await petApi((_, response) => {
  if (failures > 0) {
    failures--;
    response.writeHead(503).end();
  } else json(response, []);
});

describe('examples/middleware-own.ts', async () => {
  const { default: server } = await import('./examples/middleware-own.ts');

  test('changes the call and its result, and rejects calls', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-23T12:00:00') });
    const client = await clientOf(server);
    expect(textsOf(await client.callTool('order'))).toEqual(['1 loaves by mcp', 'Thank you.']);
    expect(textsOf(await client.callTool('order', { amount: 2 }))).toEqual(['2 loaves by mcp', 'Thank you.']);
    vi.setSystemTime(new Date('2026-11-22T12:00:00'));
    const refused = await client.callTool('order');
    expect(refused).toMatchObject({ isError: true, content: [{ text: 'Closed on Sundays.' }] });
    vi.useRealTimers();
  });
});

describe('examples/middleware-watch.ts', async () => {
  const { default: server, audit } = await import('./examples/middleware-watch.ts');

  test('logs a line, and audits start and end, without the password', async () => {
    const lines: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
    const client = await clientOf(server);
    await client.callTool('log_in', { user: 'ann', password: 'hunter2' });
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ method: 'tools/call', target: 'log_in', ended: 'ok' }),
    );
    expect(audit.map(({ event }) => event)).toEqual(['begin', 'end']);
    expect(JSON.stringify([lines, audit])).not.toContain('hunter2');
  });
});

describe('examples/middleware-limits.ts', async () => {
  const { default: server } = await import('./examples/middleware-limits.ts');

  test('cuts large results, ends long calls, and rejects frequent ones', async () => {
    const client = await clientOf(server);
    const book = JSON.stringify(await client.callTool('read_book'));
    expect(book.length).toBeLessThan(2_500);
    expect(book).toContain('the limit is 2,000');
    expect(textsOf(await client.callTool('think'))).toEqual([expect.stringContaining('did not finish within 200 ms')]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.callTool('read_book')));
    expect(answers.filter((answer) => textsOf(answer)[0]?.startsWith('Too many calls. Retry in 1 s.'))).toHaveLength(2);
  });
});

describe('examples/middleware-network.ts', async () => {
  const { default: server } = await import('./examples/middleware-network.ts');

  test('retries after transient failures, and caches the result', async () => {
    failures = 2;
    const client = await clientOf(server);
    expect(await client.callTool('pets_listPets', { limit: 1 })).not.toHaveProperty('isError', true);
    expect(requests.splice(0)).toHaveLength(3);
    await client.callTool('pets_listPets', { limit: 1 });
    expect(requests).toEqual([]);
  });

  test('stops calling an API that keeps failing', async () => {
    failures = 100;
    const client = await clientOf(server);
    for (const limit of [2, 3, 4]) await client.callTool('pets_listPets', { limit });
    expect(requests).toHaveLength(5);
  });
});

describe('examples/middleware-privacy.ts', async () => {
  const { default: server, seenByOperators } = await import('./examples/middleware-privacy.ts');
  const running = await serveHttp(server, { port: 0, onError: () => {} });
  const client = await connect({ url: running.url });
  afterAll(async () => {
    await client.close();
    await running.close();
  });

  test('hides secrets', async () => {
    const account = JSON.stringify(await client.callTool('account'));
    expect(account).toContain('ann');
    expect(account).not.toMatch(/k-123|tr0ub4dor/);
  });

  test('hides why a handler or an API failed, and shows errors that are meant for the model', async () => {
    failures = 1;
    expect(textsOf(await client.callTool('balance'))[0]).toMatch(/^Tool "balance" failed/);
    expect(textsOf(await client.callTool('pets_listPets'))[0]).toMatch(/^Tool "pets_listPets" failed/);
    expect(seenByOperators).toEqual([
      expect.stringContaining('ECONNREFUSED db.internal:5432'),
      expect.stringContaining('503'),
    ]);
    expect(textsOf(await client.callTool('transfer'))).toEqual(['The amount must be positive.']);
    expect(textsOf(await client.callTool('pets_getPet', { petId: 0 }))[0]).toContain('petId');
  });
});

describe('examples/middleware-confirm.ts', async () => {
  vi.stubEnv('API_KEY_SHOP_KEY', 'sesame');
  const { default: server } = await import('./examples/middleware-confirm.ts');
  const isRemoval = (request: string) => request.startsWith('DELETE');

  test('asks the user if the client supports it', async () => {
    const asked: string[] = [];
    const client = await clientOf(server, {
      onElicit: async ({ message }) => {
        asked.push(message);
        return { action: message.startsWith('Closes') ? 'decline' : 'accept', content: {} };
      },
    });
    expect(textsOf(await client.callTool('close_shop', { days: 3 }))).toEqual([
      'Nothing has been done: the user declined.',
    ]);
    requests.length = 0;
    await client.callTool('pets_removePet', { petId: 7 });
    expect(asked.map((message) => message.split('\n')[0])).toEqual([
      'Closes the shop for 3 days.',
      'Remove a pet: {"petId":7}',
    ]);
    expect(requests.filter(isRemoval)).toEqual(['DELETE /pets/7']);
  });

  test('is refused if it does not', async () => {
    const client = await clientOf(server);
    requests.length = 0;
    const [first = ''] = textsOf(await client.callTool('pets_removePet', { petId: 7 }));
    expect(first).toContain('this client cannot ask one');
    expect(requests).toEqual([]);
  });
});
