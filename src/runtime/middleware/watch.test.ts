import { describe, expect, test, vi } from 'vitest';
import { callContext } from '../call-context.ts';
import { outcomeMeta } from '../outcome.ts';
import type { Provider, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import { ToolError } from '../tool-error.ts';
import { type AuditEntry, auditLog } from './audit-log.ts';
import { testClock } from './clock.test.fixture.ts';
import { logging } from './logging.ts';
import { maskErrors } from './mask-errors.ts';
import type { Observation } from './observe.ts';
import { redact } from './redact.ts';
import { redaction } from './redaction.ts';
import { timing } from './timing.ts';
import { withMiddleware } from './with-middleware.ts';

const ANY = { type: 'object' } as const;

function shop(clock = testClock()) {
  const server = createServer({ name: 's', version: '1' });
  server.tool('work', { input: ANY }, () => {
    clock.advance(12);
    return { ok: true, password: 'hunter22' };
  });
  server.tool('fail', { input: ANY }, () => ({
    content: [{ type: 'text', text: 'upstream db-7.internal said no' }],
    isError: true,
    _meta: outcomeMeta({ status: 503, retryAfter: 3 }),
  }));
  server.tool('crash', { input: ANY }, () => {
    throw new Error('db-7.internal is down, token sesame99');
  });
  server.resource('s://a', { name: 'a' }, () => 'the code is sesame99');
  return server;
}

const call = (provider: Provider, name: string, args: Readonly<Record<string, unknown>> = {}) =>
  provider.callTool({ name, arguments: args }, callContext({ requestId: '7', caller: { id: 'ada', scopes: [] } }));
const textOf = ({ content }: ToolResult) => content.map((block) => (block.type === 'text' ? block.text : '')).join();

describe('logging', () => {
  async function lines(options: Parameters<typeof logging>[0], ...names: readonly string[]) {
    const clock = testClock();
    const sink = vi.fn<(line: string) => void>();
    const logged = withMiddleware(shop(clock), logging({ sink, clock, ...options }));
    for (const name of names) await call(logged, name, { api_key: 'abc12345', q: 1 }).catch(() => {});
    return sink.mock.calls.map(([line]) => line);
  }

  test('writes a line for people', async () => {
    expect(await lines({}, 'work', 'fail', 'nope\nforged')).toEqual([
      '2026-11-23T00:00:00.000Z tools/call work ok 12 ms (ada)',
      '2026-11-23T00:00:00.012Z tools/call fail failed 503 0 ms (ada)',
      '2026-11-23T00:00:00.012Z tools/call nope\\nforged failed 0 ms (ada) — Unknown tool: nope\\nforged.',
    ]);
  });

  test('writes a line for programs', async () => {
    const [line = ''] = await lines({ format: 'json' }, 'work');
    expect(JSON.parse(line)).toEqual({
      time: '2026-11-23T00:00:00.000Z',
      requestId: '7',
      method: 'tools/call',
      target: 'work',
      caller: 'ada',
      ms: 12,
      ended: 'ok',
    });
  });

  test('logs arguments and results only if configured, and never secrets', async () => {
    const [line = ''] = await lines({ payload: true }, 'work');
    expect(line).toContain('"q":1');
    expect(line).not.toMatch(/abc12345|hunter22/);
    expect((await lines({ payload: true, redaction: { secrets: ['sesame99'] } }, 'crash')).join()).not.toContain(
      'sesame99',
    );
  });
});

describe('timing', () => {
  test('records the duration and outcome of each call', async () => {
    const clock = testClock();
    const seen: Observation[] = [];
    const timed = withMiddleware(shop(clock), timing({ record: (one) => seen.push(one), clock }));
    await call(timed, 'work');
    await call(timed, 'fail');
    await timed.listTools({});
    expect(seen.map(({ method, target, ms, ended }) => [method, target, ms, ended])).toEqual([
      ['tools/call', 'work', 12, 'ok'],
      ['tools/call', 'fail', 0, 'failed'],
      ['tools/list', undefined, 0, 'ok'],
    ]);
  });
});

describe('auditLog', () => {
  test('records a call before it is made and after it, secrets hidden', async () => {
    const entries: AuditEntry[] = [];
    const audited = withMiddleware(
      shop(),
      auditLog({ write: (entry) => void entries.push(entry), clock: testClock() }),
    );
    await call(audited, 'work', { password: 'x', q: 1 });
    await audited.listTools({});
    expect(entries).toMatchObject([
      {
        event: 'begin',
        requestId: '7',
        caller: 'ada',
        target: 'work',
        params: { name: 'work', arguments: { password: '[redacted]', q: 1 } },
      },
      { event: 'end', requestId: '7', caller: 'ada', target: 'work', ended: 'ok' },
    ]);
  });

  test('a call that cannot be recorded is not made', async () => {
    const server = createServer({ name: 's', version: '1' });
    const handler = vi.fn(() => 'ok');
    server.tool('t', {}, handler);
    const full = () => {
      throw new Error('disk full');
    };
    expect(textOf(await call(withMiddleware(server, auditLog({ write: full })), 't'))).toBe(
      'Middleware "auditLog" failed: disk full',
    );
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('maskErrors', () => {
  test('shows that something failed, and reports the cause to the owner', async () => {
    const onError = vi.fn<(error: Error) => void>();
    const masked = withMiddleware(shop(), maskErrors({ onError }));
    expect(await call(masked, 'fail')).toEqual({
      content: [{ type: 'text', text: 'Tool "fail" failed (request 7).' }],
      isError: true,
      _meta: { 'openapi-mcp/http': { status: 503, retryAfter: 3 } },
    });
    expect(textOf(await call(masked, 'crash'))).toBe('Tool "crash" failed (request 7).');
    expect(onError.mock.calls.map(([{ message }]) => message)).toEqual([
      'Tool "fail": upstream db-7.internal said no',
      'Tool "crash": Tool "crash" failed: db-7.internal is down, token sesame99',
    ]);
  });

  test('shows what is meant for the client', async () => {
    const masked = withMiddleware(shop(), maskErrors({ onError: () => {} }), async (asked, next) => {
      if (asked.method === 'tools/call' && asked.params.name === 'guard') throw new ToolError('Not on Sundays.');
      return next(asked);
    });
    expect(textOf(await call(masked, 'guard'))).toBe('Not on Sundays.');
    await expect(call(masked, 'nope')).rejects.toThrow('Unknown tool: nope');
    const told = withMiddleware(shop(), maskErrors({ onError: () => {}, shows: ({ status }) => status === 503 }));
    expect(textOf(await call(told, 'fail'))).toBe('upstream db-7.internal said no');
  });

  test('shows a ToolError of a handler, however it arrives', async () => {
    const server = shop();
    const closed = () => {
      throw new ToolError('Not on Sundays.');
    };
    server.tool('closed', {}, closed);
    server.resource('s://closed', { name: 'closed' }, closed);
    const masked = withMiddleware(server, maskErrors({ onError: () => {} }));
    expect(await call(masked, 'closed')).toEqual({
      content: [{ type: 'text', text: 'Not on Sundays.' }],
      isError: true,
      _meta: { 'openapi-mcp/http': { error: 'TOOL_ERROR' } },
    });
    await expect(masked.readResource({ uri: 's://closed' }, callContext())).rejects.toThrow('Not on Sundays.');
  });

  test('masks what other middleware throws, and what fails without a result', async () => {
    const onError = vi.fn<(error: Error) => void>();
    const masked = withMiddleware(shop(), maskErrors({ onError }), async function broken() {
      throw new Error('db-7');
    });
    await expect(masked.readResource({ uri: 's://a' }, callContext())).rejects.toThrow(
      /^Resource "s:\/\/a" failed \(request 1\)\.$/,
    );
    await expect(masked.listTools({})).rejects.toThrow(/^tools\/list failed\.$/);
    expect(onError.mock.calls[0]?.[0].message).toContain('Middleware "broken" failed: db-7');
  });
});

describe('redact', () => {
  test('hides secrets in results, resources, errors and on the way', async () => {
    const server = shop();
    const told: unknown[] = [];
    server.tool('speak', {}, (_, { log, progress }) => {
      log.info({ token: 'abc', text: 'sesame99' });
      progress({ progress: 1, message: 'with sesame99' });
      return 'done';
    });
    const shown = withMiddleware(server, redact({ secrets: ['sesame99'] }));
    expect(await call(shown, 'work')).toEqual({
      content: [{ type: 'text', text: '{"ok":true,"password":"[redacted]"}' }],
      structuredContent: { ok: true, password: '[redacted]' },
    });
    expect(textOf(await call(shown, 'crash'))).toBe('Tool "crash" failed: db-7.internal is down, token [redacted]');
    const { contents } = await shown.readResource({ uri: 's://a' }, callContext());
    expect(contents).toMatchObject([{ text: 'the code is [redacted]' }]);
    const context = callContext({ log: (_, data) => told.push(data), progress: ({ message }) => told.push(message) });
    await shown.callTool({ name: 'speak', arguments: {} }, context);
    expect(told).toEqual([{ token: '[redacted]', text: '[redacted]' }, 'with [redacted]']);
    await expect(call(shown, 'sesame99')).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
      message: 'Unknown tool: [redacted].',
    });
  });

  test('leaves lists alone', async () => {
    const server = shop();
    expect(await withMiddleware(server, redact()).listTools({})).toBe(await server.listTools({}));
  });

  test.each([
    { given: '{"password": "a\\"b" , "n":1.10}', want: '{"password": "[redacted]" , "n":1.10}' },
    {
      given: '{"a":{"apiKey":{"x":["}"]}},"b":12345678901234567890}',
      want: '{"a":{"apiKey":"[redacted]"},"b":12345678901234567890}',
    },
    { given: '[{"client_secret":12},{"secret":null}]', want: '[{"client_secret":"[redacted]"},{"secret":null}]' },
    { given: '{"pass\\u0077ord":"x"}', want: '{"pass\\u0077ord":"[redacted]"}' },
    { given: '{"password":"cut off', want: '{"password":"[redacted]"' },
    { given: '{"note":"password: x"}', want: '{"note":"password: x"}' },
    {
      given: '{"next_page_token":"abc","accessToken":"abc"}',
      want: '{"next_page_token":"abc","accessToken":"[redacted]"}',
    },
    { given: 'password: x', want: 'password: x' },
    { given: 'the "s3cr et" is s3cr%20et', want: 'the "[redacted]" is [redacted]' },
  ])('$given', ({ given, want }) => {
    expect(redaction({ secrets: ['s3cr et'] }).text(given)).toBe(want);
  });

  test('a secret that would match by chance is rejected', () => {
    expect(() => redact({ secrets: ['abc'] })).toThrow(/fewer than 4 characters/);
  });
});
