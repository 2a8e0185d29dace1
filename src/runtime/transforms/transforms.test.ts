import { expect, describe as group, test } from 'vitest';
import { callContext } from '../call-context.ts';
import { composite } from '../compose/composite.ts';
import type { Provider, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import {
  describe,
  filter,
  fixArguments,
  hideArguments,
  promptsAsTools,
  readOnly,
  rename,
  resourcesAsTools,
} from './index.ts';

function shop() {
  const server = createServer({ name: 'shop', version: '1' });
  const input = {
    type: 'object',
    properties: { shop: { type: 'string' }, limit: { type: 'integer' }, debug: { type: 'boolean' } },
    required: ['shop'],
  } as const;
  const show = (args: unknown) => JSON.stringify(args);
  server.tool('pets_list', { input, annotations: { readOnlyHint: true }, _meta: { tags: ['pets'] } }, (args) =>
    show(args),
  );
  server.tool('pets_delete', { input, annotations: { destructiveHint: true }, _meta: { tags: ['pets'] } }, show);
  server.tool('orders_add', { description: 'Adds.' }, () => 'added');
  server.resource('shop://hours', { name: 'hours', description: 'When it is open' }, () => '9 to 5');
  server.resource('shop://secret', { name: 'secret' }, () => 'hidden');
  server.resource('shop://{name}', { name: 'any' }, (_, { uri }) => `any ${uri}`);
  server.prompt('greet', { arguments: { who: { required: true } } }, ({ who }) => `Greet ${who}`);
  return server;
}

const namesOf = async (provider: Provider) => (await provider.listTools({})).map(({ name }) => name);
const call = (provider: Provider, name: string, args: Readonly<Record<string, unknown>> = {}) =>
  provider.callTool({ name, arguments: args }, callContext());
const read = (provider: Provider, uri: string) => provider.readResource({ uri }, callContext());
const textOf = ({ content }: ToolResult) => content.map((block) => (block.type === 'text' ? block.text : '')).join();

group('filter', () => {
  test.each([
    { given: { include: [{ name: 'pets_*' }] }, want: ['pets_list', 'pets_delete'] },
    { given: { include: [{ name: 'pets_?ist' }] }, want: ['pets_list'] },
    { given: { include: [{ tag: 'pets' }] }, want: ['pets_list', 'pets_delete'] },
    { given: { exclude: [{ tag: 'pets' }] }, want: ['orders_add'] },
    { given: { exclude: [{ annotations: { destructiveHint: true } }] }, want: ['pets_list', 'orders_add'] },
    { given: { include: [{ tag: 'pets', annotations: { readOnlyHint: true } }] }, want: ['pets_list'] },
    { given: { include: [{ name: '*' }], exclude: [{ name: 'pets_*' }] }, want: ['orders_add'] },
    { given: { exclude: [{ kind: 'tool' as const }] }, want: [] },
    { given: { include: [{ name: '.*' }] }, want: [] },
  ])('$given keeps the tools $want', async ({ given, want }) => {
    expect(await namesOf(filter(shop(), given))).toEqual(want);
  });

  test('what is left out cannot be called, read, filled in or completed', async () => {
    const none = filter(shop(), { include: [{ name: 'orders_*' }] });
    await expect(call(none, 'pets_list')).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
    await expect(read(none, 'shop://hours')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    await expect(none.getPrompt({ name: 'greet', arguments: {} }, callContext())).rejects.toMatchObject({
      code: 'PROMPT_NOT_FOUND',
    });
    const completion = {
      ref: { type: 'prompt', name: 'greet' },
      argument: { name: 'who', value: '' },
      given: {},
    } as const;
    expect(await none.complete(completion, callContext())).toEqual({ values: [] });
  });

  test('a resource that is left out is not reached through a template that stays', async () => {
    const some = filter(shop(), { exclude: [{ name: 'secret' }] });
    await expect(read(some, 'shop://secret')).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' });
    expect((await read(some, 'shop://other')).contents[0]).toMatchObject({ uri: 'shop://other' });
  });

  test('a rule without conditions is rejected', () => {
    expect(() => filter(shop(), { include: [{}] })).toThrow(/needs kind, name, tag or annotations/);
  });

  test('readOnly keeps what says that it only reads', async () => {
    expect(await namesOf(readOnly(shop()))).toEqual(['pets_list']);
    expect(await readOnly(shop()).listResources({})).toHaveLength(2);
  });
});

group('rename and describe', () => {
  test('a tool has its new name only', async () => {
    const renamed = await rename(shop(), { tools: { pets_list: 'find' }, prompts: { greet: 'hello' } });
    expect(await namesOf(renamed)).toEqual(['find', 'pets_delete', 'orders_add']);
    expect(textOf(await call(renamed, 'find', { shop: 'x' }))).toBe('{"shop":"x"}');
    await expect(call(renamed, 'pets_list')).rejects.toThrow('Unknown tool: pets_list');
    const { messages } = await renamed.getPrompt({ name: 'hello', arguments: { who: 'Ada' } }, callContext());
    expect(messages[0]?.content).toEqual({ type: 'text', text: 'Greet Ada' });
    await expect(renamed.getPrompt({ name: 'hello', arguments: {} }, callContext())).rejects.toThrow('Prompt "hello"');
  });

  test('two tools can trade names', async () => {
    const traded = await rename(shop(), { tools: { pets_list: 'orders_add', orders_add: 'pets_list' } });
    expect(textOf(await call(traded, 'pets_list'))).toBe('added');
  });

  test.each([
    [{ tools: { pets_list: 'two words' } }, 'The tool "pets_list" cannot be named "two words"'],
    [{ tools: { pets_list: 'x', orders_add: 'x' } }, 'The tools "pets_list" and "orders_add" would both be named "x".'],
    [
      { tools: { pets_list: 'orders_add' } },
      '"pets_list" and "orders_add" would both be named "orders_add". Rename one',
    ],
    [{ tools: { pets_lst: 'x' } }, 'Unknown tool "pets_lst". Did you mean "pets_list"?'],
    [{ tools: { y: 'x' } }, 'Unknown tool "y". Available: pets_list, pets_delete, orders_add.'],
    [{ prompts: { gret: 'x' } }, 'Unknown prompt "gret". Did you mean "greet"?'],
  ])('renaming by %j is rejected immediately', async (options, want) => {
    await expect(rename(shop(), options)).rejects.toThrow(want);
  });

  test('a name that another tool comes to have is an error, of the list and of the call, and names both', async () => {
    const server = shop();
    const clashing = await rename(server, { tools: { pets_list: 'find' } });
    server.tool('find', {}, () => 'found');
    const want = 'The tools "pets_list" and "find" would both be named "find". Rename one of them.';
    await expect(clashing.listTools({})).rejects.toThrow(want);
    await expect(call(clashing, 'find')).rejects.toThrow(want);
  });

  test.each([
    [{ tools: { zzz: { title: 'x' } } }, 'Unknown tool "zzz".'],
    [
      { tools: { pets_list: { arguments: { limt: 'x' } } } },
      'The tool "pets_list" has no argument "limt". Did you mean "limit"?',
    ],
    [
      { resources: { 'shop://hour': { title: 'x' } } },
      'Unknown resource or template "shop://hour". Did you mean "shop://hours"?',
    ],
    [{ prompts: { zzz: { title: 'x' } } }, 'Unknown prompt "zzz". Available: greet.'],
  ])('describing %j is rejected immediately', async (options, want) => {
    await expect(describe(shop(), options)).rejects.toThrow(want);
  });

  test('descriptions, annotations and those of arguments change; the rest stays', async () => {
    const tools = {
      pets_list: { title: 'Pets', annotations: { idempotentHint: true }, arguments: { limit: 'At most.' } },
    };
    const words = { tools, resources: { 'shop://hours': { title: 'Hours' }, 'shop://{name}': { title: 'Any' } } };
    const [tool] = await (await describe(shop(), words)).listTools({});
    expect(tool).toMatchObject({
      title: 'Pets',
      annotations: { readOnlyHint: true, idempotentHint: true },
      inputSchema: { properties: { limit: { type: 'integer', description: 'At most.' }, shop: { type: 'string' } } },
    });
  });
});

group('arguments', () => {
  test('fixed ones are not shown, and always sent', async () => {
    const fixed = await fixArguments(shop(), { pets_list: { shop: 'berlin' } });
    const [tool] = await fixed.listTools({});
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(['limit', 'debug']);
    expect(tool?.inputSchema).not.toHaveProperty('required');
    expect(textOf(await call(fixed, 'pets_list', { limit: 3 }))).toBe('{"limit":3,"shop":"berlin"}');
  });

  test('fixed and hidden ones cannot be given by a client', async () => {
    const fixed = await fixArguments(shop(), { pets_list: { shop: 'berlin' } });
    const hidden = await hideArguments(shop(), { pets_list: ['debug'] });
    const want = { isError: true, _meta: { 'openapi-mcp/http': { error: 'INVALID_ARGUMENTS' } } };
    expect(await call(fixed, 'pets_list', { shop: 'paris' })).toMatchObject(want);
    expect(await call(hidden, 'pets_list', { shop: 'x', debug: true })).toMatchObject(want);
    expect(textOf(await call(hidden, 'pets_list', { shop: 'x' }))).toBe('{"shop":"x"}');
  });

  test.each([
    { hidden: { pets_list: ['shop'] }, want: /"shop" of tool "pets_list" is required.*fixArguments/ },
    { hidden: { pets_list: ['shpo'] }, want: /no argument "shpo". Did you mean "shop"\?/ },
    { hidden: { pets: ['x'] }, want: /Unknown tool "pets"/ },
  ])('hiding $hidden is rejected immediately', async ({ hidden, want }) => {
    await expect(hideArguments(shop(), hidden)).rejects.toThrow(want);
  });

  test.each([
    [{ pet_list: { limit: 1 } }, 'Unknown tool "pet_list". Did you mean "pets_list"?'],
    [{ pets_list: { limt: 1 } }, 'The tool "pets_list" has no argument "limt". Did you mean "limit"?'],
    [
      { pets_list: { limit: 'x' } },
      'Invalid fixed value for the tool "pets_list": limit: must be an integer; got "x".',
    ],
    [{ pets_list: { limit: undefined } }, '"limit" of tool "pets_list" is fixed to undefined. Set a value'],
    [{ orders_add: { x: 1 } }, 'The tool "orders_add" has no argument "x". There are none.'],
  ])('fixing %j is rejected immediately', async (fixed, want) => {
    await expect(fixArguments(shop(), fixed)).rejects.toThrow(want);
  });

  test.each([
    { type: 'object', properties: {}, additionalProperties: { type: 'integer' } },
    { type: 'object', patternProperties: { '^m': { type: 'integer' } } },
    { type: 'object', allOf: [{ properties: { more: { type: 'integer' } } }] },
    { type: 'object', properties: { more: { $ref: '#/$defs/n' }, other: {} }, required: ['other'], $defs: { n: {} } },
  ] as const)('arguments that the schema allows without declaring them can be fixed: %j', async (input) => {
    const server = createServer({ name: 'open', version: '1' });
    server.tool('any', { input }, (args) => JSON.stringify(args));
    const fixed = await fixArguments(server, { any: { more: 1 } });
    expect(textOf(await call(fixed, 'any', { other: 2 }))).toBe('{"other":2,"more":1}');
  });
});

group('tools that are known when a program is compiled', () => {
  /** As an emitted project exports them. */
  interface ShopOperations {
    pets_list: { arguments: { shop: string; limit?: number; debug?: boolean }; result: unknown };
    pets_delete: { arguments: { shop: string }; result: unknown };
  }

  test('have the names and arguments that they are changed by', async () => {
    let provider = await fixArguments<ShopOperations>(shop(), { pets_list: { limit: 5 } });
    provider = await hideArguments<ShopOperations>(provider, { pets_list: ['debug'] });
    provider = await describe<ShopOperations>(provider, {
      tools: { pets_list: { title: 'Pets', arguments: { shop: 'Where' } } },
    });
    provider = await rename<ShopOperations>(provider, { tools: { pets_list: 'find' } });
    expect((await provider.listTools({}))[0]).toMatchObject({
      name: 'find',
      title: 'Pets',
      inputSchema: { properties: { shop: { type: 'string', description: 'Where' } } },
    });
    expect(textOf(await call(provider, 'find', { shop: 'x' }))).toBe('{"shop":"x","limit":5}');
  });

  test('have no others', async () => {
    const provider = shop();
    const refused = await Promise.allSettled([
      // @ts-expect-error There is no such tool.
      fixArguments<ShopOperations>(provider, { pets_lst: { limit: 5 } }),
      // @ts-expect-error It is a number.
      fixArguments<ShopOperations>(provider, { pets_list: { limit: 'five' } }),
      // @ts-expect-error There is no such argument.
      hideArguments<ShopOperations>(provider, { pets_list: ['dbg'] }),
      // @ts-expect-error There is no such argument.
      describe<ShopOperations>(provider, { tools: { pets_list: { arguments: { shp: 'Where' } } } }),
      // @ts-expect-error There is no such tool.
      rename<ShopOperations>(provider, { tools: { pets_lst: 'find' } }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
  });
});

group('where the lists cannot be had', () => {
  const transforms: readonly (readonly [string, (provider: Provider) => Promise<Provider>])[] = [
    ['rename', (provider) => rename(provider, { tools: { pets_list: 'find' }, prompts: { hi: 'hello' } })],
    ['describe', (provider) => describe(provider, { tools: { pets_list: { title: 'x' } }, prompts: { hi: {} } })],
    ['fixArguments', (provider) => fixArguments(provider, { pets_list: { shop: 'x' } })],
    ['hideArguments', (provider) => hideArguments(provider, { pets_list: ['debug'] })],
    ['resourcesAsTools', (provider) => resourcesAsTools(provider)],
  ];
  const down = async () => Promise.reject(new Error('It is down.'));

  test.each(transforms)('%s is made unchecked, and works as soon as they come', async (_, transform) => {
    const server = shop();
    let isDown = true;
    const remote: Provider = { ...server, listTools: (context) => (isDown ? down() : server.listTools(context)) };
    const provider = await transform({ ...remote, listPrompts: down });
    await expect(provider.listTools({})).rejects.toThrow('It is down.');
    isDown = false;
    expect(JSON.stringify(await provider.listTools({}))).not.toBe(JSON.stringify(await server.listTools({})));
  });

  test.each(transforms)('%s of a whole, one child of which is down, is unchecked too', async (_, transform) => {
    const whole = composite([{ ...shop(), listTools: down, listPrompts: down }]);
    expect(await namesOf(await transform(whole))).not.toContain('pets_list');
    await expect(whole.listTools({ whole: true })).rejects.toThrow(
      'The list is incomplete: "shop" is not available: It is down.',
    );
  });
});

group('resources and prompts as tools', () => {
  test('resources are listed, searched and read', async () => {
    const provider = await resourcesAsTools(shop());
    expect(await namesOf(provider)).toContain('read_resource');
    const found = JSON.parse(textOf(await call(provider, 'list_resources', { search: 'OPEN' })));
    expect(found).toMatchObject({ resources: [{ uri: 'shop://hours' }], resourceTemplates: [] });
    expect(textOf(await call(provider, 'read_resource', { uri: 'shop://hours' }))).toBe('9 to 5');
    expect(textOf(await call(provider, 'orders_add'))).toBe('added');
  });

  test('an unknown name, or an invalid argument, is reported to the model', async () => {
    const provider = await resourcesAsTools(shop());
    expect(await call(provider, 'read_resource', { uri: 'other://x' })).toMatchObject({ isError: true });
    expect(textOf(await call(provider, 'read_resource'))).toMatch(/"uri" must be a string/);
    expect(
      textOf(await call(await promptsAsTools(shop()), 'get_prompt', { name: 'greet', arguments: { who: 1 } })),
    ).toMatch(/object of strings/);
  });

  test('prompts are listed and given', async () => {
    const provider = await promptsAsTools(shop(), { get: 'prompt' });
    expect(textOf(await call(provider, 'list_prompts'))).toContain('"greet"');
    expect(textOf(await call(provider, 'prompt', { name: 'greet', arguments: { who: 'Ada' } }))).toBe(
      'user: Greet Ada',
    );
  });

  test('a name that is taken is rejected immediately', async () => {
    await expect(resourcesAsTools(shop(), { list: 'orders_add' })).rejects.toThrow(/tool "orders_add" already exists/);
    await expect(promptsAsTools(shop(), { list: 'x', get: 'x' })).rejects.toThrow(/Two added tools/);
  });
});

group('every transform', () => {
  const transforms: readonly (readonly [string, (provider: Provider) => Provider | Promise<Provider>])[] = [
    ['filter', (provider) => filter(provider, { exclude: [{ name: 'pets_delete' }] })],
    ['readOnly', readOnly],
    ['rename', (provider) => rename(provider, { tools: { pets_list: 'find' } })],
    ['describe', (provider) => describe(provider, { tools: { pets_list: { title: 'x' } } })],
    ['fixArguments', (provider) => fixArguments(provider, { pets_list: { shop: 'x' } })],
    ['hideArguments', (provider) => hideArguments(provider, { pets_list: ['debug'] })],
    ['resourcesAsTools', (provider) => resourcesAsTools(provider)],
    ['promptsAsTools', (provider) => promptsAsTools(provider)],
  ];

  test.each(transforms)('%s shows the same frozen lists until a change, whatever is called', async (_, transform) => {
    const server = shop();
    const provider = await transform(server);
    const lists = () =>
      Promise.all([
        provider.listTools({}),
        provider.listResources({}),
        provider.listResourceTemplates({}),
        provider.listPrompts({}),
      ]);
    const before = await lists();
    await call(provider, 'orders_add').catch(() => {});
    await read(provider, 'shop://hours');
    const after = await lists();
    after.forEach((list, index) => {
      expect(list).toBe(before[index]);
      expect(Object.isFrozen(list)).toBe(true);
    });
    const changes: string[] = [];
    provider.onChange((change) => changes.push(change));
    server.tool('late', { annotations: { readOnlyHint: true } }, () => 'late');
    expect(changes).toEqual(['tools']);
    expect(await namesOf(provider)).toContain('late');
  });
});
