import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonSchemaObject } from '../../../model/index.ts';
import { openApi, type ProxyOptions } from '../../../proxy.ts';
import { callContext } from '../../call-context.ts';
import { composite } from '../../compose/composite.ts';
import { confirm } from '../../middleware/confirm.ts';
import { rateLimit } from '../../middleware/rate-limit.ts';
import { tokenBucket } from '../../middleware/token-bucket.ts';
import { withMiddleware } from '../../middleware/with-middleware.ts';
import { quickJsSandbox } from '../../node/quickjs-sandbox.ts';
import { previewCall } from '../../preview.ts';
import type { CallContext, Provider, ToolResult } from '../../provider.ts';
import { createServer } from '../../server.ts';
import { readOnly, rename, requireScopes } from '../../transforms/index.ts';
import { estimateTokens } from '../count.ts';
import { fitTools } from '../modes.ts';
import { keepResults } from '../results/keep-results.ts';
import { codeMode } from './code-mode.ts';
import type { CodeLimits } from './limits.ts';
import type { CodeSandbox } from './sandbox.ts';

let api: HttpServer;
let origin: string;
/** What reached the API. */
let requests: string[] = [];
let sandbox: CodeSandbox;
const BIG = '9007199254740993';
beforeAll(async () => {
  api = createHttpServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    const json = (text: string, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    if (request.url === '/pets/9') response.setHeader('cache-control', 'no-store');
    if (request.url === '/pets?status=lost') return json('{"message":"No such status."}', 422);
    if (request.url?.startsWith('/pets/')) return json('{"ok":true}');
    if (request.url === '/slow') return void setTimeout(() => json('{}'), 20_000).unref();
    if (request.url === '/large')
      return json(JSON.stringify(Array.from({ length: 9_000 }, (_, id) => ({ id, text: 'x'.repeat(300) }))));
    json(`[{"id":${BIG},"name":"Ada","owner":{"name":"Bo","age":7}},{"id":2,"name":"Cy","owner":null}]`);
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const real = await quickJsSandbox();
  // Closed once, not with each provider.
  sandbox = { run: (run) => real.run(run), prepare: () => real.prepare(), close: async () => {} };
  closers.push(() => real.close());
});
const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
  api.closeAllConnections();
  api.close();
});

const pet = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    owner: { type: ['object', 'null'], properties: { name: { type: 'string' }, age: { type: 'integer' } } },
  },
};
const json = (schema: object) => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } });
const id = { name: 'petId', in: 'path', required: true, schema: { type: 'integer' } };
const documentOf = () => ({
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: origin }],
  components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  security: [{ key: [] }],
  paths: {
    '/pets': {
      get: {
        operationId: 'listPets',
        summary: 'List the pets of the shop',
        parameters: [{ name: 'status', in: 'query', schema: { type: 'string' } }],
        responses: json({ type: 'array', items: pet }),
      },
    },
    '/pets/{petId}': {
      get: { operationId: 'getPet', summary: 'Get a pet', parameters: [id], responses: json(pet) },
      put: { operationId: 'feedPet', summary: 'Feed a pet', parameters: [id], responses: json({}) },
      delete: { operationId: 'deletePet', summary: 'Delete a pet', parameters: [id], responses: json({}) },
    },
    '/slow': { get: { operationId: 'slow', responses: json({}) } },
    '/large': {
      get: {
        operationId: 'large',
        responses: json({
          type: 'array',
          items: { type: 'object', properties: { id: { type: 'integer' }, text: { type: 'string' } } },
        }),
      },
    },
  },
});
async function open(options: ProxyOptions = {}): Promise<Provider> {
  requests = [];
  const { provider } = await openApi(documentOf(), {
    environment: {},
    auth: { key: 'the-secret' },
    search: true,
    cache: false,
    ...options,
  });
  return provider;
}
const inCode = (provider: Provider, limits: CodeLimits = {}) => codeMode(provider, { sandbox, ...limits });
const execute = (provider: Provider, code: string, context: Partial<CallContext> = {}) =>
  provider.callTool({ name: 'execute', arguments: { code } }, callContext(context));
const textOf = ({ content }: ToolResult) =>
  content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
const search = async (provider: Provider, args: Record<string, unknown>) =>
  textOf(await provider.callTool({ name: 'search_docs', arguments: args }, callContext()));
const AUTHORISED = 'Bearer the-secret';

describe('the list', () => {
  test('has two tools, with an example of this API', async () => {
    const [docs, run, ...others] = await inCode(await open()).listTools({});
    expect([docs?.name, run?.name, others]).toEqual(['search_docs', 'execute', []]);
    expect(run?.description).toContain('const x = await api.getPet({petId}); return x');
    expect(run?.annotations).toEqual({ openWorldHint: true });
    expect(estimateTokens(JSON.stringify([docs, run]))).toBeLessThan(450);
  });

  test('stays read-only', async () => {
    const provider = inCode(readOnly(await open()));
    expect((await provider.listTools({})).map(({ annotations }) => annotations?.readOnlyHint)).toEqual([true, true]);
    expect(await readOnly(provider).listTools({})).toHaveLength(2);
    const result = await execute(provider, 'return await api.deletePet({ petId: 1 })');
    expect(textOf(result)).toContain('Unknown tool "deletePet". Did you mean');
    expect(requests).toEqual([]);
    expect((await readOnly(inCode(await open())).listTools({})).map(({ name }) => name)).toEqual(['search_docs']);
  });

  test('declarations have arguments, fields of results and where ids come from', async () => {
    const found = await search(inCode(await open()), { query: 'feed a pet' });
    expect(found).toContain('api.feedPet({petId:int}) // Feed a pet; needs petId ← listPets');
    expect(found).toContain('api.listPets({status?}) → {id,name,owner:{name,age}}[] // List the pets of the shop');
    expect(await search(inCode(await open()), { names: ['getPet'] })).toContain(
      '"properties":{"petId":{"type":"integer"}}',
    );
  });

  test('declarations of a large API fit into 2,000 tokens', async () => {
    const server = createServer({ name: 'large', version: '1' });
    for (let at = 0; at < 40; at++) {
      const properties = Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`invoice_setting_${at}_${index}`, { type: 'string' }]),
      );
      server.tool(
        `update_invoice_${at}`,
        { description: 'Updates an invoice', input: { type: 'object', properties } as JsonSchemaObject },
        () => 'ok',
      );
    }
    const found = await search(inCode(server), { query: 'update an invoice', limit: 20 });
    expect(found).toContain('more lines left out');
    const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
    expect(countTokens(found)).toBeLessThanOrEqual(2_000);
  });

  test.each([
    [{}, '"query" must say what to do'],
    [{ query: 'pets', tag: 'none' }, 'There is no tag "none"'],
    [{ query: 'pets', limit: 99 }, '"limit" must be an integer from 1 to 20'],
    [{ names: ['getPets'] }, 'Unknown tool "getPets". Did you mean'],
  ])('search_docs %j says what to do', async (args, says) => {
    expect(await search(inCode(await open()), args)).toContain(says);
  });

  test('a tool of one of the names is refused', async () => {
    const server = createServer({ name: 's', version: '1' });
    server.tool('execute', {}, () => 'own');
    await expect(inCode(server).listTools({})).rejects.toThrow('A tool "execute" already exists.');
  });
});

describe('calls', () => {
  test('have credentials and validation; only what is returned reaches the model', async () => {
    const result = await execute(
      inCode(await open()),
      'const pets = await api.listPets();\nawait api.feedPet({ petId: pets[0].id });\nreturn pets.map((pet) => pet.name);',
    );
    expect(result).toEqual({ content: [{ type: 'text', text: '["Ada","Cy"]' }] });
    // Without rounding.
    expect(requests).toEqual([`GET /pets ${AUTHORISED}`, `PUT /pets/${BIG} ${AUTHORISED}`]);
    expect(JSON.stringify(result)).not.toContain('the-secret');
  });

  test.each([
    ['await api.getPet({ petId: "x" })', 'petId: must be'],
    ['await api.getPets({ petId: 1 })', 'Unknown tool "getPets". Did you mean "getPet"'],
    ['await api.getPet(1)', 'Pass the arguments as one object'],
    ['await api.getPet({ petId: 1 }, { field: ["id"] })', 'The second argument of a call is an object with fields'],
    ['await api.listPets({}, { fields: ["nam"] })', '"nam" is not in the response. Did you mean "name"?'],
    ['await api.listPets({ query: "lost" })', '"query" is not an argument of "listPets". Available: status.'],
    ['await api.feedPet(JSON.parse(\'{"__proto__":{}}\'))', '"__proto__" is not allowed as a name.'],
    ['let a = 1; for (let i = 0; i < 200; i++) a = { a }; await api.feedPet({ a })', 'nested more than 100 times'],
  ])('%s is explained, and nothing is sent', async (code, says) => {
    const result = await execute(inCode(await open()), `\n${code}`);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(says);
    expect(textOf(result)).toContain('  2 | ');
    expect(requests).toEqual([]);
  });

  test('failures have a status, and can be caught', async () => {
    const provider = inCode(await open());
    expect(
      textOf(await execute(provider, 'await api.feedPet({ petId: 1 });\nawait api.listPets({ status: "lost" })')),
    ).toMatch(/No such status[\s\S]* {2}2 \| await api\.listPets[\s\S]*not undone: done: feedPet; failed: listPets\./);
    const caught = 'try { await api.listPets({ status: "lost" }) } catch (error) { return error.status }';
    expect(textOf(await execute(provider, caught))).toBe('422');
  });

  test('fields keep large results small', async () => {
    const provider = inCode(await open());
    const code = 'return await api.listPets({}, { fields: ["owner.name"] })';
    expect(textOf(await execute(provider, code))).toBe('[{"owner":{"name":"Bo"}},{"owner":null}]');
    expect(textOf(await execute(provider, 'return (await api.large()).length'))).toMatch(
      /too large for the sandbox: .*Pass fields/,
    );
    expect(textOf(await execute(provider, 'return (await api.large({}, { fields: ["id"] })).length'))).toBe('9000');
  });

  test('names that are not identifiers, of a composite and with hand-written tools', async () => {
    const server = createServer({ name: 's', version: '1' });
    server.tool(
      'to-upper',
      { input: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const },
      ({ text }) => text.toUpperCase(),
    );
    server.mount('shop', await open());
    const all = composite([server], { info: { name: 'all', version: '1' } });
    const provider = inCode(all);
    expect(await search(provider, { query: 'to upper' })).toContain('api["to-upper"]({text})');
    const code = 'const [pet] = await api.shop_listPets(); return await api["to-upper"]({ text: pet.name })';
    expect(textOf(await execute(provider, code))).toBe('ADA');
  });

  test('at most 8 at once', async () => {
    let [running, most] = [0, 0];
    const server = createServer({ name: 's', version: '1' });
    server.tool('wait', {}, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      return 'ok';
    });
    const code = 'return (await Promise.all(Array.from({ length: 30 }, () => api.wait()))).length';
    expect(textOf(await execute(inCode(server), code))).toBe('30');
    expect(most).toBe(8);
  });

  test('those that are not awaited are finished, and named', async () => {
    const result = await execute(inCode(await open()), 'api.feedPet({ petId: 1 }); return 1');
    expect(textOf(result)).toBe('1\nCalls that the code did not await: feedPet.');
    expect(requests).toEqual([`PUT /pets/1 ${AUTHORISED}`]);
  });
});

describe('limits', () => {
  test('time: the run ends, and says what was done', async () => {
    const start = performance.now();
    const code = 'await api.feedPet({ petId: 1 }); await api.slow()';
    const result = await execute(inCode(await open(), { timeoutMs: 800 }), code);
    expect(performance.now() - start).toBeLessThan(1_300);
    expect(textOf(result)).toBe(
      'The code was stopped after 0.8 s. Do less in one run: fewer calls, Promise.all, no waiting.\n' +
        'Calls of this run, which are not undone: done: feedPet; stopped, so perhaps done: slow.',
    );
  });

  test('calls', async () => {
    const result = await execute(inCode(await open(), { maxCalls: 2 }), 'for (;;) await api.feedPet({ petId: 1 })');
    expect(textOf(result)).toContain('The limit of 2 calls is reached.');
    expect(textOf(result)).toContain('done: feedPet (2 times)');
    expect(requests).toHaveLength(2);
  });

  test('output: it stays JSON, and says what was cut', async () => {
    const code = 'return Array.from({ length: 5000 }, (_, id) => ({ id }))';
    const { content } = await execute(inCode(await open(), { maxOutputBytes: 1_000 }), code);
    const [data, note] = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
    expect(JSON.parse(data ?? '').length).toBeGreaterThan(50);
    expect(note).toMatch(/The result was cut\.[\s\S]*of 5,000 items/);
  });

  test('what keepResults() keeps is not cut twice', async () => {
    const provider = keepResults(inCode(await open()), { maxTokens: 500 });
    const result = await execute(provider, 'return Array.from({ length: 20000 }, (_, id) => ({ id }))');
    expect(textOf(result)).toContain('of 20,000 items');
    expect(result.content.some(({ type }) => type === 'resource_link')).toBe(true);
  });

  test('what the API forbids to store is not kept', async () => {
    const provider = keepResults(inCode(await open()), { maxTokens: 500 });
    const code = 'await api.getPet({ petId: 9 }); return Array.from({ length: 20000 }, (_, id) => ({ id }))';
    const result = await execute(provider, code);
    expect(textOf(result)).toContain('must not be stored');
    expect(result.content.some(({ type }) => type === 'resource_link')).toBe(false);
  });

  test('middleware counts calls inside', async () => {
    const limited = withMiddleware(await open(), rateLimit({ perCaller: tokenBucket({ size: 2, perSecond: 0.01 }) }));
    const result = await execute(inCode(limited), 'for (let i = 0; i < 5; i++) await api.feedPet({ petId: i })');
    expect(result.isError).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test.each([
    ['const a = 1;\nconst b = ;', 'The code does not parse. SyntaxError', '  2 | const b = ;'],
    ['const a: string = "x"', 'Write plain JavaScript, without types.', 'Nothing was run.'],
    ['import fs from "fs"', 'There are no modules', ''],
    ['\nawait fetch("https://x.test")', 'There is no network', '  2 | await fetch'],
    ['await api.listPets()', 'The code returned nothing: end it with "return …".', 'done: listPets'],
    ['return [api.listPets()]', 'is a promise: await it', ''],
    ['const all = []; for (;;) all.push("x".repeat(1e6) + all.length)', 'too much memory', ''],
  ])('%j says what to do', async (code, ...says) => {
    const text = textOf(await execute(inCode(await open()), code));
    for (const each of says) expect(text).toContain(each);
  });

  test('code in a Markdown fence runs, with its line numbers', async () => {
    const provider = inCode(await open());
    expect(textOf(await execute(provider, '```js\nreturn 1 + 1;\n```'))).toBe('2');
    expect(textOf(await execute(provider, '```js\n\nnope();\n```'))).toContain('  3 | nope();');
    expect(textOf(await provider.callTool({ name: 'execute', arguments: {} }, callContext()))).toContain(
      '"code" must be',
    );
  });

  test('options are checked', async () => {
    const provider = await open();
    expect(() => codeMode(provider, { sandbox, timeoutMs: 1 })).toThrow('"timeoutMs" must be a number from 100');
    expect(() => codeMode(provider, {} as never)).toThrow('quickJsSandbox()');
    await expect(fitTools(provider, { mode: 'code' })).rejects.toThrow('sandbox: quickJsSandbox');
    const fitted = await fitTools(provider, { mode: 'code', sandbox: async () => sandbox });
    expect(fitted.mode).toBe('code');
    expect((await fitTools(provider, { mode: 'auto', budget: 300 })).mode).not.toBe('code');
  });
});

describe('scopes', () => {
  const caller = (...scopes: readonly string[]) => ({ caller: { id: 'ada', scopes } });

  test('hold for each call inside, and tools without them are not found', async () => {
    const provider = inCode(await requireScopes(await open(), { tools: { 'delete*': ['admin'] } }));
    const code = 'return await api.deletePet({ petId: 1 })';
    expect((await execute(provider, code, caller('read'))).isError).toBe(true);
    const found = await provider.callTool(
      { name: 'search_docs', arguments: { query: 'delete a pet' } },
      callContext(caller('read')),
    );
    expect(textOf(found)).not.toContain('deletePet');
    expect(requests).toEqual([]);
    expect(textOf(await execute(provider, code, caller('admin')))).toBe('{"ok":true}');
  });
});

describe('confirmation', () => {
  const asking = async (unasked: 'refuse' | 'token') => inCode(withMiddleware(await open(), confirm({ unasked })));
  const code = 'await api.feedPet({ petId: 1 });\nreturn await api.deletePet({ petId: 2 })';

  test('a person is asked, and the time does not count', async () => {
    const provider = inCode(withMiddleware(await open(), confirm()), { timeoutMs: 700 });
    const elicit = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return { action: 'accept', content: {} } as const;
    };
    expect(textOf(await execute(provider, 'return await api.deletePet({ petId: 2 })', { elicit }))).toBe('{"ok":true}');
    const declined = await execute(provider, 'return await api.deletePet({ petId: 2 })', {
      elicit: async () => ({ action: 'decline' }),
    });
    expect(textOf(declined)).toContain('the user declined');
  });

  test('where nobody can be asked, the run stops there', async () => {
    const provider = inCode(withMiddleware(await open(), confirm({ tools: [{ name: 'deletePet' }] })));
    const result = await execute(provider, `try { ${code} } catch {} await api.feedPet({ petId: 3 })`);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/^Nothing has been done: [\s\S]*stopped at api\.deletePet[\s\S]*done: feedPet\./);
    expect(requests).toEqual([`PUT /pets/1 ${AUTHORISED}`]);
  });

  test('code never sees the token, so it cannot confirm by itself', async () => {
    const provider = await asking('token');
    const result = await execute(
      provider,
      'try { await api.deletePet({ petId: 2 }) } catch ({ message }) { return await api.deletePet({ petId: 2, confirm: /"confirm":"([^"]+)/.exec(message)[1] }) }',
    );
    expect(requests).toEqual([]);
    const token = /"confirm":"([\w-]+)"/.exec(textOf(result))?.[1];
    expect(textOf(await execute(provider, `return await api.deletePet({ petId: 2, confirm: "${token}" })`))).toBe(
      '{"ok":true}',
    );
  });

  test.each(['auto', 'legacy'] as const)(
    'clients ask, and what was done before is not done twice (%s)',
    async (mode) => {
      const server = createServer({ name: 'all', version: '1' });
      server.mount(inCode(withMiddleware(await open(), confirm({ tools: [{ name: 'deletePet' }] }))));
      const [mine, theirs] = InMemoryTransport.createLinkedPair();
      await server.connect(mine);
      const client = new Client(
        { name: 'c', version: '1' },
        { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
      );
      const asked: string[] = [];
      client.setRequestHandler('elicitation/create', async ({ params }) => {
        asked.push(params.message);
        return { action: 'accept', content: {} };
      });
      await client.connect(theirs);
      const twice = `${code.replace('return ', '')};\nawait api.feedPet({ petId: 3 });\nreturn await api.deletePet({ petId: 4 })`;
      const result = await client.callTool({ name: 'execute', arguments: { code: twice } });
      expect(result).toMatchObject({ content: [{ text: '{"ok":true}' }] });
      expect(asked).toHaveLength(2);
      expect(requests).toEqual(
        ['PUT /pets/1', 'DELETE /pets/2', 'PUT /pets/3', 'DELETE /pets/4'].map((line) => `${line} ${AUTHORISED}`),
      );
      await client.close();
      await server.close();
    },
  );

  test('an answer is for one call: another one is asked about again', async () => {
    const server = createServer({ name: 'all', version: '1' });
    server.mount(inCode(withMiddleware(await open(), confirm({ tools: [{ name: 'deletePet' }] }))));
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    await server.connect(mine);
    const client = new Client(
      { name: 'c', version: '1' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode: 'auto' } },
    );
    const asked: string[] = [];
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: {} };
    });
    await client.connect(theirs);
    const code = 'return await api.deletePet({ petId: Math.floor(Math.random() * 1e6) })';
    await expect(client.callTool({ name: 'execute', arguments: { code } })).rejects.toThrow('10 rounds');
    // Each run deletes another pet than the one that was confirmed.
    expect(new Set(asked).size).toBe(asked.length);
    expect(requests).toHaveLength(0);
    await client.close();
    await server.close();
  });

  test('an attempt that could not start loses nothing of the run before it', async () => {
    let isBusy = false;
    const busy: CodeSandbox = {
      ...sandbox,
      run: async (run) => (isBusy ? { log: '', failure: { kind: 'busy' } } : sandbox.run(run)),
    };
    const guarded = withMiddleware(await open(), confirm({ tools: [{ name: 'deletePet' }] }));
    const provider = codeMode(guarded, { sandbox: busy });
    const elicit = async () => {
      throw Object.assign(new Error('asked'), { code: 'QUESTION_ASKED' });
    };
    await expect(execute(provider, code, { elicit })).rejects.toThrow('asked');
    isBusy = true;
    expect(textOf(await execute(provider, code, { elicit }))).toContain('Too many runs are waiting.');
    isBusy = false;
    await execute(provider, code, { elicit: async () => ({ action: 'accept', content: {} }) });
    expect(requests).toEqual([`PUT /pets/1 ${AUTHORISED}`, `DELETE /pets/2 ${AUTHORISED}`]);
  });

  test('over HTTP without authentication, a run that would repeat changes is refused', async () => {
    const provider = inCode(withMiddleware(await open(), confirm({ tools: [{ name: 'deletePet' }] })));
    const context = {
      requestHeader: () => null,
      elicit: async () => {
        throw Object.assign(new Error('asked'), { code: 'QUESTION_ASKED' });
      },
    };
    expect(textOf(await execute(provider, code, context))).toContain('Make the call that asks in a run of its own.');
    await expect(execute(provider, 'await api.deletePet({ petId: 2 })', context)).rejects.toThrow('asked');
  });
});

test('exchanges are reported, and a preview shows the first request without sending it', async () => {
  const provider = inCode(await open());
  const urls: string[] = [];
  await execute(provider, 'return await api.getPet({ petId: 1 })', {
    onExchange: ({ request }) => void urls.push(request.url),
  });
  expect(urls).toEqual([`${origin}/pets/1`]);
  requests = [];
  const call = {
    name: 'execute',
    arguments: { code: 'await api.feedPet({ petId: 1 }); await api.deletePet({ petId: 1 })' },
  };
  expect(await previewCall(provider, call, callContext())).toMatchObject({
    request: { method: 'PUT', url: `${origin}/pets/1` },
  });
  expect(requests).toEqual([]);
});

test('renamed tools have their new names, and can be called by their own names', async () => {
  const provider = inCode(await rename(await open(), { tools: { listPets: 'pets' } }));
  expect(textOf(await execute(provider, 'return (await api.pets()).length'))).toBe('2');
  expect(textOf(await provider.callTool({ name: 'pets', arguments: {} }, callContext()))).toContain('Ada');
});
