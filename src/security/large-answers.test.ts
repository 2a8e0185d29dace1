import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type OpenedApi, openApi } from '../proxy.ts';
import { AnswerHold, ByteBudget, processBudget } from '../runtime/api/read/index.ts';
import { callContext } from '../runtime/call-context.ts';

const never = new AbortController().signal;

/** A body in pieces of 100 kB; `read` counts the bytes that were taken from it. */
function bodyOf(bytes: number) {
  const body = {
    read: 0,
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes; at += 100_000) {
        const chunk = new Uint8Array(Math.min(100_000, bytes - at));
        body.read += chunk.length;
        yield chunk;
      }
    },
  };
  return body;
}

async function readAll(
  hold: AnswerHold,
  body: AsyncIterable<Uint8Array>,
  most: number,
  signal = new AbortController().signal,
) {
  let size = 0;
  for await (const chunk of hold.admitted(body, most, signal)) size += chunk.length;
  return size;
}

describe('the bytes of answers in memory', () => {
  test('never are more than the budget, and all answers are read in the end', async () => {
    const budget = new ByteBudget(5_000_000);
    const seen: number[] = [];
    const call = async () => {
      const hold = new AnswerHold(budget);
      const size = await readAll(hold, bodyOf(2_000_000), 2_000_000);
      seen.push(budget.held);
      await new Promise((resolve) => setTimeout(resolve, 1));
      hold.release();
      return size;
    };
    expect(await Promise.all(Array.from({ length: 20 }, call))).toEqual(Array(20).fill(2_000_000));
    expect(Math.max(...seen)).toBe(4_000_000);
    expect(budget.held).toBe(0);
  });

  test('of small answers are not counted: they wait for nobody', async () => {
    const budget = new ByteBudget(1_000_000);
    await budget.take(1_000_000, never);
    expect(await readAll(new AnswerHold(budget), bodyOf(256 * 1024), 20_000_000)).toBe(256 * 1024);
  });

  test('of an answer that waits are only its beginning', async () => {
    const budget = new ByteBudget(1_000_000);
    await budget.take(1, never);
    const body = bodyOf(1_000_000);
    const reading = readAll(new AnswerHold(budget), body, 1_000_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(body.read).toBe(300_000);
    budget.give(1);
    expect(await reading).toBe(1_000_000);
  });

  test('may be more than the budget for one answer alone', async () => {
    const budget = new ByteBudget(1_000_000);
    const other = await budget.take(10, never);
    const hold = new AnswerHold(budget);
    const reading = readAll(hold, bodyOf(3_000_000), 3_000_000);
    budget.give(other);
    expect(await reading).toBe(3_000_000);
    hold.release();
    expect(budget.held).toBe(0);
  });

  test('are those that it had, once its length is known', async () => {
    const budget = new ByteBudget(20_000_000);
    const hold = new AnswerHold(budget);
    await readAll(hold, bodyOf(300_000), 20_000_000);
    expect(budget.held).toBe(300_000);
    hold.release();
    hold.release();
    expect(budget.held).toBe(0);
  });

  test('are given back where the body fails, or nobody reads on', async () => {
    const budget = new ByteBudget(20_000_000);
    async function* failing() {
      yield new Uint8Array(400_000);
      throw new Error('lost');
    }
    const hold = new AnswerHold(budget);
    await expect(readAll(hold, failing(), 20_000_000)).rejects.toThrow('lost');
    for await (const _ of hold.admitted(bodyOf(900_000), 900_000, never)) if (budget.held > 500_000) break;
    hold.release();
    expect(budget.held).toBe(0);
  });

  test.each([
    { ends: 'is cancelled', reason: new Error('gone'), code: 'CANCELLED' },
    { ends: 'runs out of time', reason: new DOMException('late', 'TimeoutError'), code: 'TIMEOUT' },
  ])('are not waited for by a call that $ends, and those behind it go on', async ({ reason, code }) => {
    const budget = new ByteBudget(1_000_000);
    const held = await budget.take(600_000, never);
    const abort = new AbortController();
    const body = bodyOf(1_000_000);
    const first = readAll(new AnswerHold(budget), body, 1_000_000, abort.signal);
    const second = readAll(new AnswerHold(budget), bodyOf(300_000), 300_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort(reason);
    await expect(first).rejects.toMatchObject({ code });
    expect(await second).toBe(300_000);
    budget.give(held);
    expect(body.read).toBe(300_000);
  });
});

describe('calls of an API with large answers', () => {
  const answer = JSON.stringify(Array.from({ length: 60_000 }, (_, id) => ({ id, name: 'x'.repeat(280) })));
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  let api: OpenedApi;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const responses = { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'array' } } } } };
    const document = {
      openapi: '3.1.0',
      info: { title: 'Large', version: '1' },
      servers: [{ url: `http://127.0.0.1:${port}` }],
      paths: { '/all': { get: { operationId: 'all', responses } } },
    };
    api = await openApi(document, { cache: false });
  });
  afterAll(async () => {
    await api.provider.close();
    server.close();
  });

  test('share the budget of the process, and all succeed', { timeout: 60_000 }, async () => {
    const budget = processBudget();
    const take = vi.spyOn(budget, 'take');
    const call = () => api.provider.callTool({ name: 'all', arguments: {} }, callContext());
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, budget.held);
    }, 1);
    const results = await Promise.all(Array.from({ length: 12 }, call));
    clearInterval(watch);
    expect(results.map((result) => result.isError ?? false)).toEqual(Array(12).fill(false));
    expect(take).toHaveBeenCalledTimes(12);
    expect(most).toBeLessThanOrEqual(budget.total);
    expect(most).toBeGreaterThan(0);
    expect(budget.held).toBe(0);
  });
});
