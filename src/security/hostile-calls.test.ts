import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { processBudget } from '../runtime/api/read/index.ts';
import { callContext } from '../runtime/call-context.ts';
import { confirm, withMiddleware } from '../runtime/middleware/index.ts';
import type { CallContext, ToolResult } from '../runtime/provider.ts';
import { startSwapping } from './folder-swap.test.fixture.ts';
import { ATTACKS } from './hostile-patterns.test.fixture.ts';
import { type Served, threeWays, WAYS } from './three-ways.test.fixture.ts';

// Attacks by whoever may call tools, through every way in which a document is served.

const arrived: { url: string; body: string }[] = [];
const large = JSON.stringify(Array.from({ length: 40_000 }, (_, id) => ({ id, name: 'x'.repeat(180) })));
const api = createServer(async (request, response) => {
  arrived.push({ url: request.url ?? '', body: await readText(request) });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(request.url === '/large' ? large : '{"done":true}');
});
let root: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  root = realpathSync(mkdtempSync(join(tmpdir(), 'openapi-mcp-calls-')));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  api.close();
});
beforeEach(() => {
  arrived.length = 0;
});

const responses = { 200: { description: 'ok', content: { 'application/json': { schema: {} } } } };
const body = (mediaType: string, schema: object) => ({ required: true, content: { [mediaType]: { schema } } });
const open = threeWays(() => ({
  openapi: '3.1.0',
  info: { title: 'Calls', version: '1' },
  servers: [{ url: `http://127.0.0.1:${(api.address() as AddressInfo).port}` }],
  paths: {
    '/ids': {
      post: {
        operationId: 'sendIds',
        requestBody: body('application/json', {
          type: 'object',
          properties: { ids: { type: 'array', items: { type: 'integer' } } },
          additionalProperties: false,
        }),
        responses,
      },
    },
    '/matched': {
      get: {
        operationId: 'match',
        parameters: ATTACKS.map(([pattern], index) => ({
          name: `p${index}`,
          in: 'query',
          schema: { type: 'string', pattern },
        })),
        responses,
      },
    },
    '/files/{name}': {
      get: {
        operationId: 'getFile',
        parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
        responses,
      },
      delete: {
        operationId: 'deleteFile',
        parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
        responses,
      },
    },
    '/upload': {
      post: { operationId: 'upload', requestBody: body('application/octet-stream', {}), responses },
    },
    '/large': { get: { operationId: 'getLarge', responses } },
  },
}));

describe.each(WAYS)('through %s', (way) => {
  let served: Served;
  beforeAll(async () => {
    served = await open(way, { allowFiles: [root] });
  }, 60_000);
  const call = (name: string, args: object, context: Partial<CallContext> = {}): Promise<ToolResult> =>
    served.provider.callTool({ name: served.tool(name), arguments: { ...args } }, callContext(context));

  test.each([
    { what: '40,000 strings instead of integers', args: { ids: Array.from({ length: 40_000 }, (_, id) => `x${id}`) } },
    {
      what: '150,000 unknown arguments',
      args: Object.fromEntries(Array.from({ length: 150_000 }, (_, id) => [`x${id}`, 1])),
    },
  ])('$what are refused in a few lines', async ({ args }) => {
    const result = await call('sendIds', args);
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result).length).toBeLessThan(5_000);
    expect(arrived).toEqual([]);
  });

  test('no pattern of the document keeps the process busy', async () => {
    for (const [index, [, ...texts]] of ATTACKS.entries()) {
      for (const text of texts) {
        const result = await call('match', { [`p${index}`]: text });
        // Either the pattern is checked and does not match, or it is not checked and the text is sent.
        expect(result.isError ?? false).toBe(arrived.length === 0);
        arrived.length = 0;
      }
    }
  });

  test.each(['..', '../admin', 'a/../../admin', '..\\admin', '..;/admin', ''])(
    'the path argument "%s" is rejected',
    async (name) => {
      expect(JSON.stringify(await call('getFile', { name }))).toContain('UNSAFE_ARGUMENT');
      expect(arrived).toEqual([]);
    },
  );

  test('a folder that is swapped for a link never lets a file outside be sent', async () => {
    const folder = mkdtempSync(join(root, 'allowed-'));
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'openapi-mcp-outside-')));
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub/file.txt'), 'inside');
    writeFileSync(join(outside, 'file.txt'), 'SECRET');
    symlinkSync(outside, join(folder, 'link'));
    const stop = await startSwapping(join(folder, 'sub'), join(folder, 'link'));
    // On a busy machine the folder is rarely there.
    for (let tries = 0; tries < 300 || (arrived.length === 0 && tries < 5_000); tries++)
      await call('upload', { body: { path: join(folder, 'sub/file.txt') } });
    stop();
    rmSync(outside, { recursive: true });
    expect(new Set(arrived.map((request) => request.body))).toEqual(new Set(['inside']));
  }, 60_000);

  test('twelve large answers at once share the memory for answers, and all arrive', async () => {
    const budget = processBudget();
    const grow = vi.spyOn(budget, 'grow');
    const results = await Promise.all(Array.from({ length: 12 }, () => call('getLarge', {})));
    expect(results.filter(({ isError }) => isError)).toEqual([]);
    expect(arrived).toHaveLength(12);
    // An emitted server has its own copy of the runtime, and the same budget.
    expect(grow).toHaveBeenCalled();
    expect(budget.held).toBe(0);
    grow.mockRestore();
  }, 60_000);

  test('one caller cannot use up the confirmation of another', async () => {
    const guarded = withMiddleware(served.provider, confirm({ unasked: 'token' }));
    const caller = (id: string) => ({ caller: { id, scopes: [], claims: {} } });
    const remove = async (id: string, args: object) =>
      JSON.stringify(
        await guarded.callTool({ name: served.tool('deleteFile'), arguments: { ...args } }, callContext(caller(id))),
      ).replaceAll('\\', '');
    const [, token] = /"confirm":"([\w-]+)"/.exec(await remove('ada', { name: 'mine' })) ?? [];
    for (let index = 0; index < 1_500; index++) await remove('eve', { name: `${index}` });
    expect(await remove('ada', { name: 'mine', confirm: token })).toContain('done');
    expect(arrived.map(({ url }) => url)).toEqual(['/files/mine']);
  });
});
