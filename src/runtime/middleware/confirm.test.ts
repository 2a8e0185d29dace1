import { Client, InMemoryTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { z } from 'zod';
import { callContext } from '../call-context.ts';
import { fromMcp } from '../compose/remote.ts';
import type { CallContext, ElicitAnswer, ElicitRequest, Provider, ToolResult } from '../provider.ts';
import { createServer, type Server } from '../server.ts';
import { testClock } from './clock.test.fixture.ts';
import { type ConfirmOptions, confirm } from './confirm.ts';
import { maskErrors } from './mask-errors.ts';
import { withMiddleware } from './with-middleware.ts';

/** Counts what its tools have done. */
function shop() {
  const done = vi.fn();
  const server = createServer({ name: 'shop', version: '1' });
  const input = { type: 'object', properties: { id: { type: 'integer' } }, additionalProperties: false } as const;
  server.tool('delete_pet', { title: 'Delete a pet', input, annotations: { destructiveHint: true } }, ({ id }) => {
    done(id);
    return 'deleted';
  });
  server.tool('get_pet', { input, annotations: { readOnlyHint: true } }, () => 'a pet');
  return { server, done };
}

const call = (
  provider: Provider,
  args: Readonly<Record<string, unknown>>,
  context: Partial<CallContext> = {},
  name = 'delete_pet',
) => provider.callTool({ name, arguments: args }, callContext(context));
const textOf = ({ content }: ToolResult) => content.map((block) => (block.type === 'text' ? block.text : '')).join();
/** The token that an answer gives. */
const tokenIn = (result: ToolResult) => /"confirm":"([\w-]{16})"/.exec(textOf(result))?.[1];
const asking = (options?: ConfirmOptions) => {
  const { server, done } = shop();
  return { provider: withMiddleware(server, confirm({ unasked: 'token', ...options })), done };
};

describe('a tool that asks, where nobody can be asked', () => {
  const refusing = () => {
    const { server, done } = shop();
    return { provider: withMiddleware(server, confirm()), done };
  };

  test('is refused, whatever the model passes', async () => {
    const { provider, done } = refusing();
    const result = await call(provider, { id: 7 });
    expect(result).toMatchObject({ isError: true, _meta: { 'openapi-mcp/http': { error: 'CONFIRMATION_REQUIRED' } } });
    expect(textOf(result)).toMatch(/^Nothing has been done: .*\nDelete a pet: \{"id":7\}\nDo not try again\./);
    await call(provider, { id: 7, confirm: 'AAAAAAAAAAAAAAAA' });
    expect(done).not.toHaveBeenCalled();
  });

  test('is listed without an argument for a token, and marked for hosts that ask by themselves', async () => {
    const { provider } = refusing();
    const tool = (await provider.listTools({})).find(({ name }) => name === 'delete_pet');
    expect(Object.keys(tool?.inputSchema.properties ?? {})).not.toContain('confirm');
    expect(tool?._meta).toMatchObject({ 'anthropic/requiresUserInteraction': true });
  });

  test('is called once a user agrees', async () => {
    const { provider, done } = refusing();
    const elicit = async () => ({ action: 'accept', content: {} }) as const;
    await call(provider, { id: 7 }, { elicit });
    expect(done).toHaveBeenCalledExactlyOnceWith(7);
  });

  test('and of createServer() too', async () => {
    const server = createServer({ name: 'own', version: '1' });
    const handler = vi.fn(() => 'done');
    server.tool('own', { confirm: 'Does it.' }, handler);
    expect(textOf(await call(server, {}, {}, 'own'))).toContain('this client cannot ask one');
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('a tool that asks, of a client that cannot', () => {
  test('is performed by the second call, which gives the token of the first', async () => {
    const { provider, done } = asking();
    const first = await call(provider, { id: 7 });
    expect(first).toMatchObject({ isError: true, _meta: { 'openapi-mcp/http': { error: 'CONFIRMATION_REQUIRED' } } });
    expect(textOf(first)).toMatch(
      /^Nothing has been done yet, because this call requires confirmation\.\nDelete a pet: \{"id":7\}\nAsk the user\. Only if they agree, call this tool again within 5 minutes, with the same arguments and \{"confirm":"[\w-]{16}"\}\.$/,
    );
    expect(done).not.toHaveBeenCalled();
    expect(textOf(await call(provider, { id: 7, confirm: tokenIn(first) }))).toBe('deleted');
    expect(done).toHaveBeenCalledExactlyOnceWith(7);
  });

  const ada = { caller: { id: 'ada', scopes: [] } };
  const bob = { caller: { id: 'bob', scopes: [] } };
  test.each<{ what: string; args?: object; context?: Partial<CallContext>; name?: string }>([
    { what: 'other arguments', args: { id: 8 } },
    { what: 'one argument more', args: { id: 7, force: true } },
    { what: 'another caller', context: bob },
    { what: 'another tool', name: 'drop_shop' },
  ])('a token is not good for $what, and stays good for its own', async ({ args = { id: 7 }, context = ada, name }) => {
    const { server, done } = shop();
    const drop = vi.fn();
    server.tool('drop_shop', { input: z.object({ id: z.number() }), annotations: { destructiveHint: true } }, drop);
    const provider = withMiddleware(server, confirm({ unasked: 'token' }));
    const token = tokenIn(await call(provider, { id: 7 }, ada));
    const other = await call(provider, { ...args, confirm: token }, context, name);
    expect(textOf(other)).toMatch(
      /^The value of "confirm" was already used, has expired, or belongs to another call\./,
    );
    expect(tokenIn(other)).not.toBe(token);
    expect(done).not.toHaveBeenCalled();
    expect(drop).not.toHaveBeenCalled();
    expect(textOf(await call(provider, { confirm: token, id: 7 }, ada))).toBe('deleted');
  });

  test('a token is good once', async () => {
    const { provider, done } = asking();
    const confirmed = { id: 7, confirm: tokenIn(await call(provider, { id: 7 })) };
    const answers = await Promise.all([call(provider, confirmed), call(provider, confirmed)]);
    expect(answers.map((answer) => answer.isError ?? false).sort()).toEqual([false, true]);
    expect(done).toHaveBeenCalledOnce();
  });

  test('a token is good for five minutes', async () => {
    const clock = testClock();
    const { provider } = asking({ clock });
    const confirmed = async (wait: number) => {
      const token = tokenIn(await call(provider, { id: 7 }));
      clock.advance(wait);
      return (await call(provider, { id: 7, confirm: token })).isError ?? false;
    };
    expect(await confirmed(299_999)).toBe(false);
    expect(await confirmed(300_000)).toBe(true);
  });

  test('so many tokens wait at most: the oldest give way', async () => {
    const { provider } = asking({ maxPending: 2 });
    const tokens = [];
    for (const id of [1, 2, 3]) tokens.push(tokenIn(await call(provider, { id })));
    expect(textOf(await call(provider, { id: 3, confirm: tokens[2] }))).toBe('deleted');
    expect(textOf(await call(provider, { id: 2, confirm: tokens[1] }))).toBe('deleted');
    expect(await call(provider, { id: 1, confirm: tokens[0] })).toMatchObject({ isError: true });
  });

  test('the order of keys makes no other arguments', async () => {
    const { server } = shop();
    const input = z.object({ a: z.object({ x: z.number(), y: z.number() }) });
    server.tool('set', { input, annotations: { destructiveHint: true } }, () => 'set');
    const provider = withMiddleware(server, confirm({ unasked: 'token' }));
    const token = tokenIn(await call(provider, { a: { x: 1, y: 2 } }, {}, 'set'));
    expect(textOf(await call(provider, { a: { y: 2, x: 1 }, confirm: token }, {}, 'set'))).toBe('set');
  });

  test.each([true, 'yes', '', null])('%j is not a token', async (value) => {
    const { provider, done } = asking();
    expect(await call(provider, { id: 7, confirm: value })).toMatchObject({ isError: true });
    expect(done).not.toHaveBeenCalled();
  });
});

describe('a tool that asks, of a client that can', () => {
  const answering = (answer: ElicitAnswer) => {
    const asked: ElicitRequest[] = [];
    const elicit = async (request: ElicitRequest) => {
      asked.push(request);
      return answer;
    };
    return { asked, elicit };
  };

  test('asks the user, and runs if they accept', async () => {
    const { provider, done } = asking({ message: (tool, { id }) => `${tool.title} (${id}).` });
    const { asked, elicit } = answering({ action: 'accept', content: {} });
    expect(textOf(await call(provider, { id: 7 }, { elicit }))).toBe('deleted');
    expect(asked).toEqual([
      { message: 'Delete a pet (7).\nDo you want to continue?', requestedSchema: { type: 'object', properties: {} } },
    ]);
    expect(done).toHaveBeenCalledOnce();
  });

  test.each([
    { action: 'decline', want: 'Nothing has been done: the user declined.' },
    { action: 'cancel', want: 'Nothing has been done: the user did not answer.' },
  ] as const)('does nothing after $action, whatever token is given', async ({ action, want }) => {
    const { provider, done } = asking();
    const token = tokenIn(await call(provider, { id: 7 }));
    const { elicit } = answering({ action });
    const result = await call(provider, { id: 7, confirm: token }, { elicit });
    expect(result).toMatchObject({ isError: true, _meta: { 'openapi-mcp/http': { error: 'DECLINED' } } });
    expect(textOf(result)).toBe(want);
    expect(done).not.toHaveBeenCalled();
  });
});

describe('the middleware', () => {
  test.each(['auto', 'legacy'] as const)('asks the user if the client supports it (%s)', async (mode) => {
    const { server, done } = shop();
    server.use(confirm({ unasked: 'token' }));
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    await server.connect(mine);
    const client = new Client(
      { name: 'c', version: '1' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      const accepts = params.message.startsWith('Delete a pet: {"id":7}');
      return accepts ? { action: 'accept', content: {} } : { action: 'decline' };
    });
    await client.connect(theirs);
    const remove = (id: number) => client.callTool({ name: 'delete_pet', arguments: { id } });
    expect(await remove(7)).toMatchObject({ content: [{ text: 'deleted' }] });
    expect(await remove(8)).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('declined') }] });
    expect(done).toHaveBeenCalledExactlyOnceWith(7);
    await client.close();
    await server.close();
  });

  test('asks for all tools that may be destructive, which are those that do not deny it', async () => {
    const server = createServer({ name: 'tools', version: '1', unasked: 'token' });
    server.tool('says-nothing', {}, () => 'done');
    server.tool('reads', { annotations: { readOnlyHint: true } }, () => 'done');
    server.tool('adds', { annotations: { readOnlyHint: false, destructiveHint: false } }, () => 'done');
    server.tool('destroys', { annotations: { destructiveHint: true } }, () => 'done');
    const tools = await withMiddleware(server, confirm({ unasked: 'token' })).listTools({});
    const asking = tools.filter(({ inputSchema }) => 'confirm' in (inputSchema.properties ?? {}));
    expect(asking.map(({ name }) => name)).toEqual(['says-nothing', 'destroys']);
  });

  test('lists the argument for every client, and leaves other tools as they are', async () => {
    const { server } = shop();
    const provider = withMiddleware(server, confirm({ unasked: 'token' }));
    const [deleting, reading] = await provider.listTools({});
    expect(deleting?.inputSchema).toEqual({
      type: 'object',
      properties: {
        id: { type: 'integer' },
        confirm: { type: 'string', description: expect.stringContaining('Omit it in the first call') },
      },
      additionalProperties: false,
    });
    expect(reading).toBe((await server.listTools({}))[1]);
    expect(await provider.listTools({})).toBe(await provider.listTools({}));
    expect(textOf(await call(provider, { id: 7 }, {}, 'get_pet'))).toBe('a pet');
  });

  test('takes another name for its argument if the tool already has one of that name', async () => {
    const { server } = shop();
    const handler = vi.fn(() => 'done');
    const input = z.object({ confirm: z.boolean() });
    server.tool('own', { input, annotations: { destructiveHint: true } }, handler);
    const provider = withMiddleware(server, confirm({ unasked: 'token' }));
    const tool = (await provider.listTools({})).find(({ name }) => name === 'own');
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(['confirm', 'confirm_token']);
    const first = textOf(await call(provider, { confirm: true }, {}, 'own'));
    const token = /"confirm_token":"([\w-]+)"/.exec(first)?.[1];
    expect(textOf(await call(provider, { confirm: true, confirm_token: token }, {}, 'own'))).toBe('done');
    expect(handler).toHaveBeenCalledExactlyOnceWith({ confirm: true }, expect.anything());
  });

  test('takes another name even if the tool has that argument in a subschema', async () => {
    const { server } = shop();
    const part = { properties: { confirm: { type: 'boolean' } }, required: ['confirm'] } as const;
    const input = { type: 'object', allOf: [part] } as const;
    server.tool('own', { input, annotations: { destructiveHint: true } }, (given) => JSON.stringify(given));
    const provider = withMiddleware(server, confirm({ unasked: 'token' }));
    const first = textOf(await call(provider, { confirm: true }, {}, 'own'));
    const token = /"confirm_token":"([\w-]+)"/.exec(first)?.[1];
    expect(textOf(await call(provider, { confirm: true, confirm_token: token }, {}, 'own'))).toBe('{"confirm":true}');
  });

  test('asks for the tools of a remote server, also where that says it does so itself', async () => {
    const { server, done } = shop();
    server.tool('drop', { annotations: { destructiveHint: true }, _meta: { 'openapi-mcp/confirm': 'sure' } }, done);
    const { url } = await server.run({ transport: 'http', port: 0 });
    const provider = withMiddleware(fromMcp(url), confirm({ unasked: 'token' }));
    expect(textOf(await call(provider, {}, {}, 'drop'))).toContain('Nothing has been done yet');
    expect(done).not.toHaveBeenCalled();
    await provider.close();
    await server.close();
  });

  test('asks for the configured tools', async () => {
    const { provider } = asking({ tools: [{ name: 'get_*' }] });
    expect(textOf(await call(provider, { id: 7 }))).toBe('deleted');
    expect(await call(provider, { id: 7 }, {}, 'get_pet')).toMatchObject({ isError: true });
    expect(() => confirm({ unasked: 'token', tools: [{}] })).toThrow(/needs kind, name, tag or annotations/);
  });

  test('asks once if it is added twice', async () => {
    const { server } = shop();
    const provider = withMiddleware(server, confirm({ unasked: 'token' }), confirm({ unasked: 'token' }));
    const token = tokenIn(await call(provider, { id: 7 }));
    expect(textOf(await call(provider, { id: 7, confirm: token }))).toBe('deleted');
  });

  test('calls no unlisted tool, and none at all if listing fails', async () => {
    const { server, done } = shop();
    const hidden: Provider = { ...server, listTools: async () => [] };
    await expect(call(withMiddleware(hidden, confirm({ unasked: 'token' })), { id: 7 })).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
    });
    const broken: Provider = { ...server, listTools: async () => Promise.reject(new Error('no list')) };
    await expect(call(withMiddleware(broken, confirm({ unasked: 'token' })), { id: 7 })).rejects.toThrow('no list');
    const message = () => {
      throw new Error('no words');
    };
    const wordless = await call(withMiddleware(server, confirm({ unasked: 'token', message })), { id: 7 });
    expect(textOf(wordless)).toBe('Middleware "confirm" failed: no words');
    expect(done).not.toHaveBeenCalled();
  });

  test('is heard through masked errors', async () => {
    const { server } = shop();
    const provider = withMiddleware(server, maskErrors({ onError: () => {} }), confirm({ unasked: 'token' }));
    expect(tokenIn(await call(provider, { id: 7 }))).toBeDefined();
  });
});

describe('a tool of a server with confirm', () => {
  function bank({ stateless = false } = {}): { server: Server; paid: unknown[] } {
    const paid: unknown[] = [];
    const server = createServer({ name: 'bank', version: '1', unasked: 'token', http: { stateless } });
    const input = z.object({ to: z.string(), amount: z.number().default(10) });
    server.tool(
      'pay',
      {
        input,
        output: z.object({ paid: z.number() }),
        annotations: { destructiveHint: true },
        confirm: ({ to, amount }) => {
          expectTypeOf(amount).toEqualTypeOf<number>();
          return `Pays ${amount} to ${to}.`;
        },
      },
      ({ to, amount }) => {
        paid.push({ to, amount });
        return { paid: amount };
      },
    );
    return { server, paid };
  }

  test('says what would be done, in two steps, over stateless HTTP of 2025 too', async () => {
    const { server, paid } = bank({ stateless: true });
    const transport = new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), {
      fetch: (url, init) => server.fetch(new Request(url, init as RequestInit)),
    });
    // One that could ask, but cannot be reached: there is no session.
    const client = new Client(
      { name: 'c', version: '1' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode: 'legacy' } },
    );
    await client.connect(transport);
    await client.listTools();
    const first = (await client.callTool({ name: 'pay', arguments: { to: 'Ada' } })) as ToolResult;
    expect(textOf(first)).toContain('\nPays 10 to Ada.\n');
    const confirmed = { to: 'Ada', confirm: tokenIn(first) };
    expect(await client.callTool({ name: 'pay', arguments: confirmed })).toMatchObject({
      structuredContent: { paid: 10 },
    });
    expect(paid).toEqual([{ to: 'Ada', amount: 10 }]);
    await client.close();
    await server.close();
  });

  test('says what would be done, in two steps, in a session whose client cannot ask', async () => {
    const { server, paid } = bank();
    const { url } = await server.run({ transport: 'http', port: 0 });
    const client = new Client({ name: 'c', version: '1' }, { versionNegotiation: { mode: 'legacy' } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    const pay = async (args: object) =>
      (await client.callTool({ name: 'pay', arguments: { to: 'Ada', ...args } })) as ToolResult;
    const confirm = tokenIn(await pay({}));
    expect(paid).toEqual([]);
    expect(await pay({ confirm })).toMatchObject({ structuredContent: { paid: 10 } });
    await client.close();
    await server.close();
  });

  test.each([
    { mode: 'auto', content: { content: {} } },
    { mode: 'auto', content: {} },
    { mode: 'legacy', content: { content: {} } },
    { mode: 'legacy', content: {} },
  ] as const)('asks the user if the client supports it ($mode, $content)', async ({ mode, content }) => {
    const { server, paid } = bank();
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    await server.connect(mine);
    const client = new Client(
      { name: 'c', version: '1' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    const asked = vi.fn();
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked(params.message);
      return { action: 'accept', ...content };
    });
    await client.connect(theirs);
    expect(await client.callTool({ name: 'pay', arguments: { to: 'Ada' } })).toMatchObject({
      structuredContent: { paid: 10 },
    });
    expect(asked).toHaveBeenCalledExactlyOnceWith('Pays 10 to Ada.\nDo you want to continue?');
    expect(paid).toHaveLength(1);
    await client.close();
    await server.close();
  });

  test('does not ask about arguments that do not fit', async () => {
    const { server } = bank();
    const elicit = vi.fn();
    const result = await call(server, { to: 5 }, { elicit }, 'pay');
    expect(textOf(result)).toMatch(/^Invalid arguments: \/to: /);
    expect(elicit).not.toHaveBeenCalled();
  });

  test('is not asked about again by the middleware', async () => {
    const { server, paid } = bank();
    server.use(confirm({ unasked: 'token' }));
    const token = tokenIn(await call(server, { to: 'Ada' }, {}, 'pay'));
    await call(server, { to: 'Ada', confirm: token }, {}, 'pay');
    expect(paid).toHaveLength(1);
  });
});
