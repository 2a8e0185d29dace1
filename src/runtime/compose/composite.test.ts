import { describe, expect, test, vi } from 'vitest';
import { callContext } from '../call-context.ts';
import { outcomeOf } from '../outcome.ts';
import type { ListChange, Provider, ToolResult } from '../provider.ts';
import { createServer, type Server } from '../server.ts';
import { composite } from './composite.ts';
import { namespace } from './namespace.ts';

function serverWith(name: string, ...tools: string[]): Server {
  const server = createServer({ name, version: '1' });
  for (const tool of tools) server.tool(tool, {}, () => `${tool} of ${name}`);
  return server;
}

const namesOf = async (provider: Provider) => (await provider.listTools({})).map(({ name }) => name);
const call = (provider: Provider, name: string) => provider.callTool({ name, arguments: {} }, callContext());
const textOf = (result: ToolResult) => result.content.map((block) => (block.type === 'text' ? block.text : '')).join();

/** A provider whose tools can be made to fail or hang. */
function shaky(base: Provider) {
  let listing: 'well' | 'fails' | 'hangs' = 'well';
  const listeners = new Set<(change: ListChange) => void>();
  const provider: Provider = {
    ...base,
    listTools: async (context) => {
      if (listing === 'fails') throw new Error('no answer');
      if (listing === 'hangs') return new Promise(() => {});
      return base.listTools(context);
    },
    callTool: async (toolCall, context) => {
      if (listing !== 'well') throw new Error('connection refused');
      return base.callTool(toolCall, context);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    provider,
    make: (state: typeof listing) => {
      listing = state;
      for (const listener of listeners) listener('tools');
    },
  };
}

describe('a composite', () => {
  test('lists all children in their order, and calls the one that owns the name', async () => {
    const whole = composite([serverWith('one', 'a', 'b'), serverWith('two', 'c')]);
    expect(await namesOf(whole)).toEqual(['a', 'b', 'c']);
    expect(textOf(await call(whole, 'c'))).toBe('c of two');
    await expect(call(whole, 'd')).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
  });

  test('reads resources by URI, by template, and such as are not listed', async () => {
    const one = createServer({ name: 'one', version: '1' });
    one.resource('notes://a', { name: 'a' }, () => 'A');
    const two = createServer({ name: 'two', version: '1' });
    two.resource('notes://by-id/{id}', { name: 'note' }, ({ id }) => `note ${id}`);
    const hidden: Provider = {
      ...serverWith('three'),
      readResource: async ({ uri }) => {
        if (uri === 'secret://x') return { contents: [{ uri, text: 'hidden' }] };
        throw Object.assign(new Error('nothing here'), { code: 'RESOURCE_NOT_FOUND' });
      },
    };
    const whole = composite([one, two, hidden]);
    const read = async (uri: string) => (await whole.readResource({ uri }, callContext())).contents[0];
    expect(await read('notes://a')).toMatchObject({ text: 'A' });
    expect(await read('notes://by-id/7')).toMatchObject({ text: 'note 7' });
    expect(await read('secret://x')).toMatchObject({ text: 'hidden' });
    await expect(read('notes://b')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
  });

  test('gives the same array until a child changes, and follows changes', async () => {
    const one = serverWith('one', 'a');
    const whole = composite([one, serverWith('two', 'b')]);
    const before = await whole.listTools({});
    expect(await whole.listTools({})).toBe(before);
    const changes: ListChange[] = [];
    const stop = whole.onChange((change) => changes.push(change));
    const resources = await whole.listResources({});
    const added = one.tool('late', {}, () => 'late');
    expect(changes).toEqual(['tools']);
    expect(await namesOf(whole)).toEqual(['a', 'late', 'b']);
    expect(await whole.listResources({})).toBe(resources);
    expect(textOf(await call(whole, 'late'))).toBe('late');
    added.remove();
    expect(await namesOf(whole)).toEqual(['a', 'b']);
    stop();
    one.tool('later', {}, () => '');
    expect(changes).toEqual(['tools', 'tools']);
  });

  test('names both children of a collision, and still calls everything else', async () => {
    const whole = composite([serverWith('one', 'a', 'same'), serverWith('two', 'same')]);
    const message = 'The tool "same" is not unique: both "one" and "two" have one.';
    await expect(whole.listTools({})).rejects.toThrow(message);
    expect(textOf(await call(whole, 'same'))).toMatch(message);
    expect(textOf(await call(whole, 'a'))).toBe('a of one');
  });

  test.each([
    { onDuplicate: 'ignore', want: 'same of one' },
    { onDuplicate: 'replace', want: 'same of two' },
  ] as const)('with onDuplicate: $onDuplicate takes $want', async ({ onDuplicate, want }) => {
    const whole = composite([serverWith('one', 'same'), serverWith('two', 'same')], { onDuplicate });
    expect(await namesOf(whole)).toEqual(['same']);
    expect(textOf(await call(whole, 'same'))).toBe(want);
  });

  test('keeps listing the last known items of a failing child, and says why its calls fail', async () => {
    const problems: string[] = [];
    const { provider, make } = shaky(serverWith('shaky', 'x'));
    const whole = composite([provider, serverWith('sound', 'y')], {
      onProblem: ({ message }) => problems.push(message),
    });
    expect(await namesOf(whole)).toEqual(['x', 'y']);
    make('fails');
    expect(await namesOf(whole)).toEqual(['x', 'y']);
    await namesOf(whole);
    expect(problems).toEqual(['"shaky" cannot be listed: no answer']);
    expect(await call(whole, 'x')).toEqual({
      content: [{ type: 'text', text: '"shaky" could not run the tool "x": connection refused' }],
      isError: true,
    });
    expect(textOf(await call(whole, 'y'))).toBe('y of sound');
    expect(problems.slice(1)).toEqual(['"shaky" could not run the tool "x": connection refused']);
    make('well');
    expect(textOf(await call(whole, 'x'))).toBe('x of shaky');
  });

  test('forwards the outcome of a failed child to programs', async () => {
    const outcome = { error: 'CONNECTION_LOST' };
    const fails = async () =>
      Promise.reject(Object.assign(new Error('gone'), { _meta: { 'openapi-mcp/http': outcome } }));
    const whole = composite([{ ...serverWith('shaky', 'x'), callTool: fails, readResource: fails }], {
      maskErrors: true,
    });
    const result = await call(whole, 'x');
    expect(textOf(result)).toBe('"shaky" could not run the tool "x".');
    expect(outcomeOf(result)).toEqual(outcome);
    const read = whole.readResource({ uri: 'notes://a' }, callContext());
    expect(outcomeOf(await read.catch((error: unknown) => error))).toEqual(outcome);
  });

  test('asks a child again for the list that failed, though its other lists are well', async () => {
    const { provider, make } = shaky(serverWith('shaky', 'x'));
    const whole = composite([provider]);
    make('fails');
    await Promise.all([whole.listTools({}), whole.listPrompts({}), whole.listResources({})]);
    provider.listTools = serverWith('shaky', 'x', 'new').listTools;
    expect(await namesOf(whole)).toEqual(['x', 'new']);
  });

  test('waits for a child that hangs only once', async () => {
    const { provider, make } = shaky(serverWith('shaky', 'x'));
    const whole = composite([provider, serverWith('sound', 'y')], { listTimeoutMs: 30 });
    await namesOf(whole);
    make('hangs');
    expect(await namesOf(whole)).toEqual(['x', 'y']);
    const started = performance.now();
    for (let i = 0; i < 10; i++) expect(await namesOf(whole)).toEqual(['x', 'y']);
    expect(performance.now() - started).toBeLessThan(30);
  });

  test('announces what came too late', async () => {
    let release: () => void = () => {};
    const base = serverWith('slow', 'x');
    const slow: Provider = {
      ...base,
      listTools: (context) => new Promise((resolve) => (release = () => resolve(base.listTools(context)))),
    };
    const whole = composite([slow], { listTimeoutMs: 10 });
    const changed = new Promise((resolve) => whole.onChange(resolve));
    expect(await namesOf(whole)).toEqual([]);
    release();
    expect(await changed).toBe('tools');
  });

  test('keeps the lists of callers apart', async () => {
    const base = serverWith('by-caller', 'open', 'secret');
    const some: Provider = {
      ...base,
      listTools: async (context) => {
        const tools = await base.listTools(context);
        return context.caller?.id === 'ada' ? tools : tools.slice(0, 1);
      },
    };
    const whole = composite([some]);
    const ada = { caller: { id: 'ada', scopes: [] } };
    expect((await whole.listTools(ada)).map(({ name }) => name)).toEqual(['open', 'secret']);
    expect((await whole.listTools({})).map(({ name }) => name)).toEqual(['open']);
    await expect(call(whole, 'secret')).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
  });

  test('closes all of its children, and reports which failed', async () => {
    const one = { ...serverWith('one'), close: vi.fn().mockRejectedValue(new Error('stuck')) };
    const two = { ...serverWith('two'), close: vi.fn().mockResolvedValue(undefined) };
    await expect(composite([one, two]).close()).rejects.toThrow('1 of the mounted providers failed to close.');
    expect(two.close).toHaveBeenCalledOnce();
  });

  test('rejects a value that is not a provider', () => {
    expect(() => composite([{} as Provider])).toThrow('The value mounted as "child 1" is not a provider');
  });

  const sound = serverWith('sound');
  const { callTool: _, close: __, ...incomplete } = sound;
  const { info: ___, ...nameless } = sound;
  test.each([
    {
      what: 'nothing',
      given: undefined,
      want: /"kid" is not a provider: it lacks contract: 1, listTools\(\), callTool\(\)/,
    },
    { what: 'a text', given: 'https://x', want: /is not a provider: it lacks contract: 1, listTools\(\)/ },
    {
      what: 'an incomplete one',
      given: incomplete,
      want: /is not a provider: it lacks callTool\(\), close\(\)\. Pass the return value of/,
    },
    {
      what: 'a nameless one',
      given: nameless,
      want: /is not a provider: it lacks info\. Pass the return value of createServer\(\)/,
    },
    {
      what: 'one of a later contract',
      given: { ...sound, contract: 2 },
      want: /contract 2; this runtime supports contract 1/,
    },
  ])('says what $what lacks to be mounted', ({ given, want }) => {
    expect(() => createServer({ name: 's', version: '1' }).mount('kid', given as never)).toThrow(want);
  });
});

describe('the same provider', () => {
  const parts = () => {
    const server = createServer({ name: 'parts', version: '1' });
    server.tool('sum', { output: { type: 'number' } }, () => 3);
    server.tool('fails', {}, () => {
      throw new Error('out of paper');
    });
    server.resource('notes://a', { name: 'a', mimeType: 'text/markdown' }, () => '# A');
    server.prompt('greet', { arguments: { name: { required: true } } }, ({ name }) => `Hello ${name}`);
    return server;
  };
  const mounted = (depth: number): Provider => {
    let provider: Provider = parts();
    for (let i = 0; i < depth; i++) {
      const outer = createServer({ name: `outer ${i}`, version: '1' });
      outer.mount('ns', provider);
      provider = outer;
    }
    return provider;
  };

  test.each([
    { how: 'direct', provider: parts(), prefix: '', authority: '' },
    { how: 'in a namespace', provider: namespace(parts(), 'ns'), prefix: 'ns_', authority: 'ns.' },
    { how: 'in a server', provider: mounted(1), prefix: 'ns_', authority: 'ns.' },
    { how: 'mounted twice deep', provider: mounted(2), prefix: 'ns_ns_', authority: 'ns.ns.' },
  ])('$how gives the same lists and results', async ({ provider, prefix, authority }) => {
    const direct = parts();
    const renamed = <Item extends { readonly name: string }>(items: readonly Item[]) =>
      items.map((item) => ({ ...item, name: prefix + item.name }));
    expect(await provider.listTools({})).toEqual(renamed(await direct.listTools({})));
    expect(await provider.listPrompts({})).toEqual(renamed(await direct.listPrompts({})));
    for (const name of ['sum', 'fails']) expect(await call(provider, prefix + name)).toEqual(await call(direct, name));
    const uri = `notes://${authority}a`;
    expect(await provider.readResource({ uri }, callContext())).toEqual({
      contents: [{ uri, mimeType: 'text/markdown', text: '# A' }],
    });
    const greet = { name: `${prefix}greet`, arguments: { name: 'Ada' } };
    expect(await provider.getPrompt(greet, callContext())).toEqual(
      await direct.getPrompt({ ...greet, name: 'greet' }, callContext()),
    );
    await expect(provider.getPrompt({ ...greet, arguments: {} }, callContext())).rejects.toMatchObject({
      code: 'INVALID_ARGUMENTS',
    });
  });
});
