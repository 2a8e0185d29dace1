import { describe, expect, test } from 'vitest';
import { callContext } from '../call-context.ts';
import { composite } from '../compose/composite.ts';
import { namespace } from '../compose/namespace.ts';
import { outcomeOf } from '../outcome.ts';
import type { CallContext, Provider, Tool, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import { callTool, callToolTool } from './call-tool.ts';
import { describeTools, describeToolsTool } from './describe-tools.ts';

function shop() {
  const server = createServer({ name: 'shop', version: '1' });
  const input = {
    type: 'object',
    properties: { petId: { type: 'integer' }, full: { type: 'boolean' } },
    required: ['petId'],
    additionalProperties: false,
  } as const;
  server.tool('get_pet', { title: 'Get', description: 'Returns a pet. Not a dog.', input }, (args) =>
    JSON.stringify(args),
  );
  server.tool('find_pets', { description: 'Finds pets.' }, () => 'found');
  server.tool('delete_pet', { input }, () => 'deleted');
  server.tool('ping', {}, () => 'pong');
  return server;
}

const empty = () => createServer({ name: 'empty', version: '1' });
const textOf = ({ content }: ToolResult) => content.map((block) => (block.type === 'text' ? block.text : '')).join();

describe('callTool', () => {
  const call = (args: Readonly<Record<string, unknown>>, provider: Provider = shop()) =>
    callTool(provider, args, callContext());

  test.each([
    { given: { name: 'get_pet', arguments: { petId: 1 } }, want: '{"petId":1}' },
    { given: { name: 'get_pet', arguments: '{"petId":1}' }, want: '{"petId":1}' },
    { given: { name: 'ping' }, want: 'pong' },
    { given: { name: 'ping', arguments: '' }, want: 'pong' },
    { given: { name: 'ping', arguments: null }, want: 'pong' },
  ])('$given is called', async ({ given, want }) => {
    const result = await call(given);
    expect(result.isError).toBeFalsy();
    expect(textOf(result)).toBe(want);
  });

  test.each([
    { given: {}, want: 'Invalid arguments: "name" must be a string: the name of the tool to call.' },
    {
      given: { name: 'get_pets' },
      want: 'Unknown tool "get_pets". Did you mean "get_pet", "find_pets" or "delete_pet"?',
    },
    { given: { name: 'getPet' }, want: 'Unknown tool "getPet". Did you mean "get_pet", "find_pets" or "delete_pet"?' },
    { given: { name: 'pet_delete' }, want: 'Unknown tool "pet_delete". Did you mean "delete_pet"' },
    { given: { name: 'zzz' }, want: 'Unknown tool "zzz". Available: get_pet, find_pets, delete_pet, ping.' },
    {
      given: { name: 'get_pet', arguments: [1] },
      want: '"arguments" must be an object. Arguments of "get_pet": petId:int,full?:bool',
    },
    { given: { name: 'get_pet', arguments: '{"petId":' }, want: '"arguments" must be an object.' },
    { given: { name: 'ping', arguments: 5 }, want: '"arguments" must be an object. "ping" has no arguments.' },
    { given: { name: 'get_pet', petId: 1 }, want: 'Put "petId" into "arguments". Arguments of "get_pet": petId:int' },
  ])('$given is a failed result: $want', async ({ given, want }) => {
    const result = await call(given);
    expect(result.isError).toBe(true);
    expect(outcomeOf(result)?.error ?? 'TOOL_NOT_FOUND').toMatch(/^(INVALID_ARGUMENTS|TOOL_NOT_FOUND)$/);
    expect(textOf(result)).toContain(want);
  });

  test('an unknown tool of an empty provider is a failed result', async () => {
    expect(textOf(await call({ name: 'x' }, empty()))).toBe('Unknown tool "x". There are none.');
  });

  test('the provider validates the arguments', async () => {
    expect(await call({ name: 'get_pet', arguments: { petId: 'x' } })).toMatchObject({ isError: true });
  });

  test('calls the part of a composite that owns the tool', async () => {
    const whole = composite([namespace(shop(), 'a'), empty()]);
    expect(textOf(await call({ name: 'a_get_pet', arguments: { petId: 2 } }, whole))).toBe('{"petId":2}');
    expect(textOf(await call({ name: 'get_pet' }, whole))).toContain('Did you mean "a_get_pet"');
  });

  test('an operationId is accepted, and the context is passed on', async () => {
    const seen: [string, CallContext][] = [];
    const server = shop();
    const provider: Provider = {
      ...server,
      listTools: async (context) =>
        (await server.listTools(context)).map((tool) =>
          tool.name === 'ping' ? { ...tool, _meta: { 'openapi-mcp/operationId': 'ping_ping_get' } } : tool,
        ),
      callTool: async (toolCall, context) => {
        seen.push([toolCall.name, context]);
        return { content: [] };
      },
    };
    const context = { ...callContext(), calledAs: 'call_tool', session: 's' };
    await callTool(provider, { name: 'ping_ping_get' }, context);
    expect(seen).toEqual([['ping', { ...context, calledAs: 'ping_ping_get' }]]);
  });

  test('errors of the provider itself are thrown', async () => {
    const broken: Provider = { ...shop(), listTools: () => Promise.reject(new Error('It is down.')) };
    await expect(call({ name: 'ping' }, broken)).rejects.toThrow('It is down.');
  });
});

describe('describeTools', () => {
  const about = (names: unknown, provider: Provider = shop()) => describeTools(provider, { names }, callContext());
  const pet = {
    name: 'get_pet',
    description: 'Returns a pet. Not a dog.',
    inputSchema: {
      type: 'object',
      properties: { petId: { type: 'integer' }, full: { type: 'boolean' } },
      required: ['petId'],
    },
  };

  test.each([['get_pet'], 'get_pet', ['get_pet', 'get_pet']].map((names) => ({ names })))(
    '$names is described with its full text and compact schema',
    async ({ names }) => {
      const result = await about(names);
      expect(JSON.parse(textOf(result))).toEqual(pet);
      expect(result.isError).toBeUndefined();
    },
  );

  test('unknown names have suggestions', async () => {
    const lines = textOf(await about(['get_pet', 'get_pets'])).split('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual(pet);
    expect(lines.slice(1)).toEqual(['Unknown tool "get_pets". Did you mean "get_pet", "find_pets" or "delete_pet"?']);
    expect(await about(['x', 'y'])).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^Unknown tool "x".*\nUnknown tool "y"/s) }],
    });
    expect(await about(['x'], empty())).toMatchObject({ isError: true });
  });

  test.each([undefined, [], [1], {}, 5])('%j is rejected', async (names) => {
    expect(textOf(await about(names))).toBe(
      'Invalid arguments: "names" must be a list of tool names, such as ["getPet"].',
    );
  });

  /** Tools `t0`, `t1` … with as many arguments. */
  function wide(tools: number, count: number): Provider {
    const server = empty();
    const properties = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `argument_number_${index}`,
        { type: 'object', properties: { a: { type: 'string', description: `What ${index} is for.` } } } as const,
      ]),
    );
    for (let index = 0; index < tools; index++) {
      server.tool(`t${index}`, { input: { type: 'object', properties } }, () => '');
    }
    return server;
  }
  const namesTo = (count: number) => Array.from({ length: count }, (_, index) => `t${index}`);

  test('ten are described, the others are named', async () => {
    const lines = textOf(await about(namesTo(12), wide(12, 1))).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('Left out to keep this result short: t10, t11. Describe them in another call.');
  });

  test('a result has about 32 kB at most, and names what is left out', async () => {
    const text = textOf(await about(namesTo(5), wide(5, 100)));
    expect(text.length).toBeLessThan(33_000);
    expect(text).toMatch(/Left out to keep this result short: (t\d, )*t4\. Describe them in another call\.$/);
  });

  test.each([
    { count: 500, want: 'argument_number_0?:{a?},argument_number_1?:{a?},' },
    { count: 1_500, want: 'argument_number_0?:object,argument_number_1?:object,' },
  ])('a tool of $count arguments is too large alone, and written as $want', async ({ count, want }) => {
    const text = textOf(await about(['t0'], wide(1, count)));
    expect(text.length).toBeLessThanOrEqual(32_000);
    expect(text).toContain(`\nt0(${want}`);
    expect(text).toContain('The schema of t0 is too large to show');
  });
});

test.each<[string, Tool]>([
  ['call_tool', callToolTool({ description: 'Calls.' })],
  ['describe_tools', describeToolsTool()],
])('%s is always loaded, and its text names no unknown tool', (name, tool) => {
  expect(tool.name).toBe(name);
  expect(tool._meta).toEqual({ 'anthropic/alwaysLoad': true });
  expect(tool.annotations?.openWorldHint).toBeDefined();
  expect(callToolTool({ name: 'run', description: '' }).name).toBe('run');
  expect(describeToolsTool({ name: 'show', call: 'run' }).description).toContain('with run.');
});

test('call_tool has no hint that would loosen a guard', () => {
  expect(callToolTool({ description: '' }).annotations).toEqual({ openWorldHint: true });
});
