import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json, type Loopback, loopback } from '../../../loopback.test.fixture.ts';
import { openApi, type ProxyOptions } from '../../../proxy.ts';
import { callContext } from '../../call-context.ts';
import type { CallContext, ToolResult } from '../../provider.ts';

let api: Loopback;
/** Responses to a GET below /exports, in order; the last one stays. */
let answers: { status?: number; body: unknown; headers?: Record<string, string> }[] = [];
let accepted: { body?: unknown; headers?: Record<string, string> } = {};

beforeAll(async () => {
  api = await loopback(({ method }, response) => {
    if (method === 'POST')
      return json(response, accepted.body ?? {}, { status: 202, headers: { 'retry-after': '0', ...accepted.headers } });
    const [next] = answers.length > 1 ? answers.splice(0, 1) : answers;
    const { body, status = 200, headers = {} } = next ?? { body: {} };
    return json(response, body, { status, headers: { 'retry-after': '0', ...headers } });
  });
});
afterAll(() => api.close());
beforeEach(() => {
  accepted = {};
  answers = [
    { body: { status: 'pending' } },
    { body: { status: 'Running', progress: 40 } },
    { body: { status: 'done', rows: 7 } },
  ];
});

const path = (name: string, schema: object = { type: 'string' }) => ({ name, in: 'path', required: true, schema });
const started = { 202: { description: 'accepted' } };
const ok = { 200: { description: 'ok' } };
const get = (operationId: string, parameters: readonly object[]) => ({
  get: { operationId, parameters, responses: ok },
});
const post = (operationId: string, more: object = {}) => ({ post: { operationId, responses: started, ...more } });

async function call(
  paths: object,
  context: Partial<CallContext> = {},
  options: ProxyOptions = {},
): Promise<ToolResult> {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Jobs', version: '1' },
    servers: [{ url: `${api.url}/v1` }],
    paths,
  };
  const { provider } = await openApi(document, { cache: false, environment: {}, ...options });
  try {
    return await provider.callTool({ name: 'startExport', arguments: {} }, callContext(context));
  } finally {
    await provider.close();
  }
}

const asked = () => api.requests.filter(({ method }) => method === 'GET').map(({ url }) => url);
const textOf = ({ content }: ToolResult) => content.map((part) => ('text' in part ? part.text : '')).join('\n');

describe('the operation that tells the status', () => {
  const item = { '/exports/{exportId}': get('getExport', [path('exportId', { type: 'integer' })]) };
  test.each<[string, object, { body?: unknown; headers?: Record<string, string> }, string]>([
    ['is found by an absolute Location', item, { headers: { location: '<url>/v1/exports/7' } }, '/v1/exports/7'],
    ['is found by a relative Location', item, { headers: { location: '/v1/exports/7' } }, '/v1/exports/7'],
    [
      'is found by a Location with a query',
      { '/jobs': get('getJob', [{ name: 'id', in: 'query', required: true, schema: { type: 'string' } }]) },
      { headers: { location: '/v1/jobs?id=a%20b' } },
      '/v1/jobs?id=a%20b',
    ],
    ['is the GET for one item of the path', item, { body: { id: 7 } }, '/v1/exports/7'],
    [
      'is the status of one item of the path',
      { '/exports/{id}/status': get('getStatus', [path('id')]) },
      { body: { export: { id: 'x' } } },
      '/v1/exports/x/status',
    ],
    [
      'takes an id that is named like a job',
      { '/work/{job_id}': get('getJob', [path('job_id')]) },
      { body: { jobId: 'j1' } },
      '/v1/work/j1',
    ],
  ])('%s', async (_, paths, given, want) => {
    const { headers } = given;
    accepted = headers?.location ? { headers: { location: headers.location.replace('<url>', api.url) } } : given;
    const before = asked().length;
    const result = await call({ '/exports': post('startExport'), ...paths });
    expect(asked().slice(before)).toEqual([want, want, want]);
    expect(result.structuredContent).toEqual({ status: 'done', rows: 7 });
    expect(result.isError).toBeUndefined();
    expect(textOf(result)).toMatch(/The job has ended with "done"\. This is the response of \w+\./);
  });

  test('is the one that the document links to', async () => {
    accepted = { body: { ticket: 't1' } };
    const links = { status: { operationId: 'getTicket', parameters: { ticket: '$response.body#/ticket' } } };
    const before = asked().length;
    await call({
      '/exports': post('startExport', { responses: { 202: { description: 'accepted', links } } }),
      '/tickets/{ticket}': get('getTicket', [path('ticket')]),
    });
    expect(asked()[before]).toBe('/v1/tickets/t1');
  });

  test('is the one of x-mcp, whatever else would fit', async () => {
    accepted = { body: { id: 'e1', number: 'n1' } };
    const before = asked().length;
    await call({
      '/exports': post('startExport', { 'x-mcp': { status: 'getProgress' } }),
      '/exports/{id}': get('getExport', [path('id')]),
      '/progress/{number}': get('getProgress', [path('number')]),
    });
    expect(asked()[before]).toBe('/v1/progress/n1');
  });

  test.each([
    ['is never at another origin', { headers: { location: 'http://127.0.0.1:1/v1/exports/7' } }],
    ['is never outside of the document', { headers: { location: '/v1/elsewhere/7' } }],
    ['is not guessed from an unrelated id', { body: { userId: '5' } }],
  ])('%s', async (_, given) => {
    accepted = given;
    const before = asked().length;
    const paths = {
      '/exports/{exportId}': get('getExport', [path('exportId')]),
      '/users/{userId}': get('getUser', [path('userId')]),
    };
    const result = await call({ '/exports': post('startExport'), ...paths });
    expect(asked().length).toBe(before);
    expect(textOf(result)).not.toContain('The job');
  });

  test('is not asked for a caller without its scope', async () => {
    accepted = { body: { id: 'e1' } };
    const before = asked().length;
    const flows = { clientCredentials: { tokenUrl: `${api.url}/token`, scopes: { read: 'r', write: 'w' } } };
    const document = {
      openapi: '3.1.0',
      info: { title: 'Jobs', version: '1' },
      servers: [{ url: api.url }],
      components: { securitySchemes: { login: { type: 'oauth2', flows } } },
      paths: {
        '/exports': { post: { operationId: 'startExport', responses: started, security: [{ login: ['write'] }] } },
        '/exports/{id}': {
          get: { operationId: 'getExport', parameters: [path('id')], responses: ok, security: [{ login: ['read'] }] },
        },
      },
    };
    const { provider } = await openApi(document, { cache: false, environment: {}, auth: { login: 'held-token' } });
    const start = (scopes: readonly string[]) =>
      provider.callTool({ name: 'startExport', arguments: {} }, callContext({ caller: { id: 'ada', scopes } }));
    await start(['write']);
    expect(asked().length).toBe(before);
    await start(['write', 'read']);
    expect(asked().length).toBe(before + 3);
    await provider.close();
  });
});

describe('a job', () => {
  const paths = { '/exports': post('startExport'), '/exports/{id}': get('getExport', [path('id')]) };
  beforeEach(() => {
    accepted = { body: { id: 'e1' } };
  });

  test('reports progress while it runs', async () => {
    const messages: unknown[] = [];
    await call(paths, { progress: ({ message }) => messages.push(message) });
    expect(messages).toEqual([
      'The job is still running.',
      'The job is still running: "pending".',
      'The job is still running: "Running" (40 %).',
    ]);
  });

  test('goes on with another 202, and with done: false', async () => {
    answers = [{ status: 202, body: {} }, { body: { done: false } }, { body: { done: true, url: 'x' } }];
    expect((await call(paths)).structuredContent).toEqual({ done: true, url: 'x' });
  });

  test('that fails is an error, with what the API says about it', async () => {
    answers = [{ body: { job: { status: 'FAILED', reason: 'disk full' } } }];
    const result = await call(paths);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/disk full[\s\S]*The job has ended with "FAILED"/);
  });

  test('that outlives the call leaves the operation to ask, and is started once', async () => {
    answers = [{ body: { status: 'queued' } }];
    const before = api.requests.filter(({ method }) => method === 'POST').length;
    const result = await call(paths, { calledAs: 'jobs_startExport' }, { timeoutMs: 1_000 });
    expect(textOf(result)).toContain(
      'The job is still running: "queued". Ask for it with jobs_getExport {"id":"e1"}. Do not start it again.',
    );
    expect(result.structuredContent).toEqual({ id: 'e1' });
    expect(result.isError).toBeUndefined();
    expect(api.requests.filter(({ method }) => method === 'POST').length).toBe(before + 1);
  });

  test('is not waited for longer than the call has', async () => {
    accepted = { body: { id: 'e1' }, headers: { 'retry-after': '3600' } };
    const from = performance.now();
    expect(textOf(await call(paths))).toContain('Ask for it with getExport');
    expect(performance.now() - from).toBeLessThan(5_000);
  });

  test('may not be found at first', async () => {
    answers = [{ status: 404, body: {} }, { status: 503, body: {} }, { body: { status: 'done' } }];
    expect((await call(paths)).structuredContent).toEqual({ status: 'done' });
  });

  test('whose status is refused was started, and the result says so', async () => {
    answers = [{ status: 403, body: {} }];
    const result = await call(paths);
    expect(result.isError).toBeUndefined();
    expect(textOf(result)).toMatch(/The job was started, but its status is unknown: getExport was answered with 403/);
  });

  test('has a state that does not flood the sentence about it', async () => {
    answers = [{ body: { status: `done\u200b${'x'.repeat(5_000)}` } }];
    const [, sentence = ''] = /The job has ended with "(.*?)"\./.exec(textOf(await call(paths))) ?? [];
    expect(sentence).toMatch(/^donex+/);
    expect(sentence.length).toBeLessThanOrEqual(60);
  });

  test('keeps the output schema of the tool that started it', async () => {
    const schema = {
      type: 'object',
      properties: { id: { type: 'string' }, rows: { type: 'integer' } },
      required: ['id'],
    };
    answers = [{ body: { id: 'e1', rows: 'many', status: 'done' } }];
    const declared = { 202: { description: 'accepted', content: { 'application/json': { schema } } } };
    const result = await call(
      { ...paths, '/exports': post('startExport', { responses: declared }) },
      {},
      { outputSchemas: 'always' },
    );
    expect(result.structuredContent).toMatchObject({ id: 'e1' });
    expect(result.structuredContent).not.toHaveProperty('rows');
    expect(textOf(result)).toContain('"many"');
  });

  test('ends with the call that is cancelled', async () => {
    answers = [{ body: { status: 'queued' } }];
    const abort = new AbortController();
    const going = call(paths, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('gone')), 300);
    const result = await going.catch((error: Error) => error.message);
    expect(JSON.stringify(result)).toMatch(/gone|CANCELLED/);
    const count = asked().length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(asked().length).toBe(count);
  });

  test('of a made-up API ends', async () => {
    const result = await call(paths, {}, { mock: true });
    expect(result.isError).toBeUndefined();
  });
});
