import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { callContext } from '../call-context.ts';
import type { Provider, Tool, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import { ToolError } from '../tool-error.ts';
import type { Middleware } from './middleware.ts';
import { timeout } from './timeout.ts';
import { withMiddleware } from './with-middleware.ts';

function echo(): Provider {
  const server = createServer({ name: 'echo', version: '1' });
  server.tool('echo', { input: { type: 'object', properties: { text: { type: 'string' } } } }, ({ text }) =>
    String(text),
  );
  server.tool('state', {}, (_, { state }) => String(state.get('user')));
  server.tool('hang', {}, () => new Promise(() => {}));
  server.tool('broken', {}, () => {
    throw new Error('out of paper');
  });
  server.resource('notes://a', { name: 'a' }, () => 'A');
  server.prompt('greet', {}, () => 'Hello');
  return server;
}

const textOf = (result: ToolResult) => result.content.map((block) => (block.type === 'text' ? block.text : '')).join();

describe('a provider with middleware', () => {
  test('is the provider itself without middleware', () => {
    const provider = echo();
    expect(withMiddleware(provider)).toBe(provider);
  });

  test('has the first middleware outermost', async () => {
    const order: string[] = [];
    const named =
      (name: string): Middleware =>
      async (call, next) => {
        order.push(`${name} in`);
        const answer = await next(call);
        order.push(`${name} out`);
        return answer;
      };
    await withMiddleware(echo(), named('one'), named('two')).callTool({ name: 'state', arguments: {} }, callContext());
    expect(order).toEqual(['one in', 'two in', 'two out', 'one out']);
  });

  test('shows every method to its middleware', async () => {
    const methods: string[] = [];
    const provider = withMiddleware(echo(), async (call, next) => {
      methods.push(call.method);
      return next(call);
    });
    await provider.listTools({});
    await provider.callTool({ name: 'echo', arguments: {} }, callContext());
    await provider.listResources({});
    await provider.listResourceTemplates({});
    await provider.readResource({ uri: 'notes://a' }, callContext());
    await provider.listPrompts({});
    await provider.getPrompt({ name: 'greet', arguments: {} }, callContext());
    await provider.complete(
      { ref: { type: 'prompt', name: 'greet' }, argument: { name: 'x', value: '' }, given: {} },
      callContext(),
    );
    expect(methods).toEqual([
      'tools/list',
      'tools/call',
      'resources/list',
      'resources/templates/list',
      'resources/read',
      'prompts/list',
      'prompts/get',
      'completion/complete',
    ]);
  });

  test('lets middleware change calls and results, and return its own result', async () => {
    const provider = withMiddleware(echo(), async (call, next) => {
      if (call.method === 'tools/list') return (await next(call)).filter(({ name }) => name === 'echo');
      if (call.method !== 'tools/call') return next(call);
      if (call.params.name === 'cached') return { content: [{ type: 'text', text: 'from the cache' }] };
      return next({ ...call, params: { ...call.params, arguments: { text: 'changed' } } });
    });
    expect((await provider.listTools({})).map(({ name }) => name)).toEqual(['echo']);
    expect(textOf(await provider.callTool({ name: 'echo', arguments: {} }, callContext()))).toBe('changed');
    expect(textOf(await provider.callTool({ name: 'cached', arguments: {} }, callContext()))).toBe('from the cache');
  });

  test('shares the state of a request with the handler', async () => {
    const provider = withMiddleware(echo(), async (call, next) => {
      call.state.set('user', 'Ada');
      return next(call);
    });
    expect(textOf(await provider.callTool({ name: 'state', arguments: {} }, callContext()))).toBe('Ada');
  });

  test('keeps the methods of a context that is an instance of a class when middleware spreads it', async () => {
    class Client {
      readonly requestId = '1';
      readonly signal = new AbortController().signal;
      readonly told: unknown[] = [];
      progress(update: unknown) {
        this.told.push(update);
      }
      log(level: string, data: unknown) {
        this.told.push([level, data]);
      }
    }
    const client = new Client();
    const provider = withMiddleware(echo(), async (call, next) => {
      const copy = { ...call };
      copy.progress({ progress: 1 });
      copy.log('info', 'x');
      return next(copy);
    });
    await provider.callTool({ name: 'echo', arguments: {} }, client);
    expect(client.told).toEqual([{ progress: 1 }, ['info', 'x']]);
  });

  test('reports what a middleware throws under its name: as isError for tools, as an error for the rest', async () => {
    const provider = withMiddleware(echo(), async function audit() {
      throw new Error('disk full');
    });
    const message = 'Middleware "audit" failed: disk full';
    expect(await provider.callTool({ name: 'echo', arguments: {} }, callContext())).toEqual({
      content: [{ type: 'text', text: message }],
      isError: true,
    });
    await expect(provider.listTools({})).rejects.toThrow(message);
    await expect(provider.readResource({ uri: 'notes://a' }, callContext())).rejects.toMatchObject({
      code: 'READ_FAILED',
      message,
    });
  });

  test('masks errors of a middleware if its server masks errors, and reports them to the owner', async () => {
    const onError = vi.fn();
    const server = createServer({ name: 's', version: '1', maskErrors: true, onError });
    server.use(async function audit() {
      throw new Error('disk full');
    });
    expect(textOf(await server.callTool({ name: 'x', arguments: {} }, callContext()))).toBe(
      'Middleware "audit" failed.',
    );
    await expect(server.listTools({})).rejects.toThrow(/^Middleware "audit" failed\.$/);
    expect(onError.mock.calls[0]?.[0].message).toBe('Middleware "audit" failed: disk full');
  });

  test('lets middleware ask for something else through next', async () => {
    const provider = withMiddleware(echo(), async (call, next) => {
      if (call.method !== 'tools/call') return next(call);
      const tools = await next({ ...call, method: 'tools/list', params: {} });
      return { content: [{ type: 'text', text: String(tools.length) }] };
    });
    expect(textOf(await provider.callTool({ name: 'echo', arguments: {} }, callContext()))).toBe('4');
  });

  test('reports a middleware that returns nothing', async () => {
    const forgetful = async function forgetful() {} as unknown as Middleware;
    const provider = withMiddleware(echo(), forgetful);
    expect(textOf(await provider.callTool({ name: 'echo', arguments: {} }, callContext()))).toMatch(
      /^Middleware "forgetful" failed: it returned nothing/,
    );
  });

  test('shows a ToolError of a middleware unchanged', async () => {
    const provider = withMiddleware(echo(), async function guard() {
      throw new ToolError('Not on Sundays.');
    });
    expect(await provider.callTool({ name: 'echo', arguments: {} }, callContext())).toEqual({
      content: [{ type: 'text', text: 'Not on Sundays.' }],
      isError: true,
      _meta: { 'openapi-mcp/http': { error: 'TOOL_ERROR' } },
    });
    await expect(provider.getPrompt({ name: 'greet', arguments: {} }, callContext())).rejects.toThrow(
      'Not on Sundays.',
    );
  });

  test('passes through what comes out of next: it is not the fault of a middleware', async () => {
    const provider = withMiddleware(echo(), async function audit(call, next) {
      return next(call);
    });
    await expect(provider.callTool({ name: 'nope', arguments: {} }, callContext())).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
    });
    expect(textOf(await provider.callTool({ name: 'broken', arguments: {} }, callContext()))).toBe(
      'Tool "broken" failed: out of paper',
    );
  });

  test('blames only the layer that threw, however many wrap it and however often they call next', async () => {
    const provider = withMiddleware(
      echo(),
      async function outer(call, next) {
        return next(call);
      },
      async function twice(call, next) {
        await next(call).catch(() => {});
        return next(call);
      },
      async function inner() {
        throw new Error('disk full');
      },
    );
    expect(textOf(await provider.callTool({ name: 'echo', arguments: {} }, callContext()))).toBe(
      'Middleware "inner" failed: disk full',
    );
  });

  test('lets middleware call next twice, each with its own result', async () => {
    const provider = withMiddleware(echo(), async (call, next) => {
      if (call.method !== 'tools/call') return next(call);
      const withText = (text: string) => next({ ...call, params: { ...call.params, arguments: { text } } });
      const [one, two] = await Promise.all([withText('one'), withText('two')]);
      return { content: [...one.content, ...two.content] };
    });
    expect(textOf(await provider.callTool({ name: 'echo', arguments: {} }, callContext()))).toBe('one,two');
  });

  test('distinguishes a middleware from a provider that threw the same text', async () => {
    const failing: Provider = {
      ...echo(),
      listTools: async () => {
        throw 'no paper';
      },
    };
    const through: Middleware = async (call, next) => next(call);
    await expect(withMiddleware(failing, through).listTools({})).rejects.toThrow(/^no paper$/);
    const own = withMiddleware(failing, async function audit(call, next) {
      await next(call).catch(() => {});
      throw 'no paper';
    });
    await expect(own.listTools({})).rejects.toThrow('Middleware "audit" failed: no paper');
  });

  test('reports a middleware that throws synchronously, or returns no promise', async () => {
    const sudden = function sudden() {
      throw new Error('at once');
    } as unknown as Middleware;
    const result = await withMiddleware(echo(), sudden).callTool({ name: 'echo', arguments: {} }, callContext());
    expect(textOf(result)).toBe('Middleware "sudden" failed: at once');
    const plain = (() => ({ content: [] })) as unknown as Middleware;
    expect(await withMiddleware(echo(), plain).callTool({ name: 'echo', arguments: {} }, callContext())).toEqual({
      content: [],
    });
  });

  test('types the result by method', () => {
    const typed: Middleware = async (call, next) => {
      if (call.method === 'tools/call') {
        expectTypeOf(call.params.name).toBeString();
        const result = await next(call);
        expectTypeOf(result).toEqualTypeOf<ToolResult>();
        return result;
      }
      if (call.method === 'tools/list') expectTypeOf(await next(call)).toEqualTypeOf<readonly Tool[]>();
      return next(call);
    };
    expect(typed).toBeTypeOf('function');
  });
});

describe('timeout', () => {
  test('responds in time, even if the handler ignores its signal', async () => {
    const provider = withMiddleware(echo(), timeout({ ms: 20 }));
    expect(await provider.callTool({ name: 'hang', arguments: {} }, callContext())).toEqual({
      content: [{ type: 'text', text: 'Tool "hang" did not finish within 20 ms.' }],
      isError: true,
      _meta: { 'openapi-mcp/http': { error: 'TIMEOUT' } },
    });
  });

  test('aborts the signal that the handler sees', async () => {
    const server = createServer({ name: 's', version: '1' });
    const aborted = new Promise<unknown>((resolve) => {
      server.tool('wait', {}, (_, { signal }) => {
        signal.addEventListener('abort', () => resolve(signal.reason));
        return new Promise(() => {});
      });
    });
    server.use(timeout({ ms: 20 }));
    await server.callTool({ name: 'wait', arguments: {} }, callContext());
    expect(await aborted).toMatchObject({ message: 'Tool "wait" did not finish within 20 ms.' });
  });

  test('runs many lists concurrently without a warning from Node', async () => {
    const warned = vi.spyOn(process, 'emitWarning');
    const provider = withMiddleware(echo(), timeout({ ms: 5000 }));
    await Promise.all(Array.from({ length: 50 }, () => provider.listTools({})));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });

  test('leaves calls alone that end in time', async () => {
    const provider = withMiddleware(echo(), timeout({ ms: 5000 }));
    expect(textOf(await provider.callTool({ name: 'echo', arguments: { text: 'hi' } }, callContext()))).toBe('hi');
  });
});
