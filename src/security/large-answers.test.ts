import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type OpenedApi, openApi } from '../proxy.ts';
import { AnswerHold, type BodyLength, ByteBudget, processBudget, type Share } from '../runtime/api/read/index.ts';
import { callContext } from '../runtime/call-context.ts';

const signal = () => new AbortController().signal;

/** A body in pieces of 100 kB; `read` counts the bytes that were taken from it. */
function bodyOf(bytes: number) {
  const body = {
    read: 0,
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes; at += 100_000) {
        const chunk = new Uint8Array(Math.min(100_000, bytes - at));
        body.read += chunk.length;
        yield chunk;
        // Others have their turn: bodies arrive side by side.
        await Promise.resolve();
      }
    },
  };
  return body;
}

const known = (most: number): BodyLength => ({ most, known: true });
const unknown = (most: number): BodyLength => ({ most, known: false });
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

async function readAll(
  hold: AnswerHold,
  body: AsyncIterable<Uint8Array>,
  length: BodyLength,
  abort = signal(),
): Promise<number> {
  let size = 0;
  for await (const chunk of hold.admitted(body, length, abort)) size += chunk.length;
  return size;
}

/** Takes bytes as an answer does that is being shaped. */
async function taken(budget: ByteBudget, bytes: number): Promise<Share> {
  const share = { taken: 0, most: bytes };
  await budget.grow(share, bytes, signal());
  budget.settle(share, bytes);
  return share;
}

describe('the bytes of answers in memory', () => {
  test.each([
    { what: 'that say their length', length: known(2_000_000), most: 4_000_000 },
    { what: 'of unknown length', length: unknown(2_000_000), most: 5_000_000 },
    { what: 'that could each fill the budget', length: unknown(5_000_000), most: 5_000_000 },
  ])('$what never are more than the budget, and all answers are read', async ({ length, most }) => {
    const budget = new ByteBudget(5_000_000);
    const seen: number[] = [];
    const call = async () => {
      const hold = new AnswerHold(budget);
      let size = 0;
      for await (const chunk of hold.admitted(bodyOf(2_000_000), length, signal())) {
        size += chunk.length;
        seen.push(budget.held);
      }
      await soon();
      hold.release();
      return size;
    };
    expect(await Promise.all(Array.from({ length: 20 }, call))).toEqual(Array(20).fill(2_000_000));
    expect(Math.max(...seen)).toBeLessThanOrEqual(most);
    expect(Math.max(...seen)).toBeGreaterThanOrEqual(2_000_000);
    expect(budget.held).toBe(0);
  });

  test('of small answers are not counted: they wait for nobody', async () => {
    const budget = new ByteBudget(1_000_000);
    await taken(budget, 1_000_000);
    expect(await readAll(new AnswerHold(budget), bodyOf(256 * 1024), unknown(20_000_000))).toBe(256 * 1024);
  });

  test('of an answer that waits are only its beginning', async () => {
    const budget = new ByteBudget(1_000_000);
    const other = await taken(budget, 1);
    const body = bodyOf(1_000_000);
    const reading = readAll(new AnswerHold(budget), body, known(1_000_000));
    await soon();
    expect(body.read).toBe(300_000);
    budget.settle(other, 0);
    expect(await reading).toBe(1_000_000);
  });

  test('of answers that grow slowly leave room for others that do', async () => {
    const budget = new ByteBudget(32_000_000);
    const holds = Array.from({ length: 8 }, () => new AnswerHold(budget));
    const bodies = holds.map((hold) => hold.admitted(bodyOf(2_000_000), unknown(20_000_000), signal()));
    const iterators = bodies.map((body) => body[Symbol.asyncIterator]());
    for (let piece = 0; piece < 5; piece++) {
      for (const iterator of iterators) expect((await iterator.next()).done).toBe(false);
    }
    expect(budget.held).toBeGreaterThan(8 * 500_000);
  });

  test('may be more than the budget for one answer alone', async () => {
    const budget = new ByteBudget(1_000_000);
    const other = await taken(budget, 10);
    const hold = new AnswerHold(budget);
    const reading = readAll(hold, bodyOf(3_000_000), known(3_000_000));
    budget.settle(other, 0);
    expect(await reading).toBe(3_000_000);
    hold.release();
    expect(budget.held).toBe(0);
  });

  test('are those that it had, once its length is known', async () => {
    const budget = new ByteBudget(20_000_000);
    const hold = new AnswerHold(budget);
    await readAll(hold, bodyOf(300_000), unknown(20_000_000));
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
    const failed = new AnswerHold(budget);
    await expect(readAll(failed, failing(), unknown(20_000_000))).rejects.toThrow('lost');
    failed.release();
    const left = new AnswerHold(budget);
    for await (const _ of left.admitted(bodyOf(900_000), known(900_000), signal())) if (budget.held > 0) break;
    left.release();
    expect(budget.held).toBe(0);
  });

  test.each([
    { ends: 'is cancelled', reason: new Error('gone'), code: 'CANCELLED' },
    { ends: 'runs out of time', reason: new DOMException('late', 'TimeoutError'), code: 'TIMEOUT' },
  ])('are not waited for by a call that $ends, and those behind it go on', async ({ reason, code }) => {
    const budget = new ByteBudget(1_000_000);
    await taken(budget, 600_000);
    const abort = new AbortController();
    const body = bodyOf(1_000_000);
    const first = readAll(new AnswerHold(budget), body, known(1_000_000), abort.signal);
    const second = readAll(new AnswerHold(budget), bodyOf(300_000), known(300_000));
    await soon();
    abort.abort(reason);
    await expect(first).rejects.toMatchObject({ code });
    expect(await second).toBe(300_000);
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
    const grow = vi.spyOn(budget, 'grow');
    const call = () => api.provider.callTool({ name: 'all', arguments: {} }, callContext());
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, budget.held);
    }, 1);
    const results = await Promise.all(Array.from({ length: 12 }, call));
    clearInterval(watch);
    expect(results.map((result) => result.isError ?? false)).toEqual(Array(12).fill(false));
    expect(grow).toHaveBeenCalled();
    expect(most).toBeLessThanOrEqual(budget.total);
    expect(most).toBeGreaterThan(0);
    expect(budget.held).toBe(0);
  });
});
