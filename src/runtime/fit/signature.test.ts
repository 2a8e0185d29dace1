import { describe, expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import { callContext } from '../call-context.ts';
import { composite } from '../compose/composite.ts';
import { namespace } from '../compose/namespace.ts';
import { OptionError } from '../options/option-error.ts';
import type { Provider, Tool, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import { exactCounter, listTokens } from './count.ts';
import { PET_SHOP } from './pet-shop.test.fixture.ts';
import { signature } from './signature.ts';
import { argumentsForm, signatureOf } from './signature-form.ts';

const tool = (properties: object, required: readonly string[] = [], more: object = {}): Tool =>
  ({ name: 'find', inputSchema: { type: 'object', properties, required, ...more } }) as Tool;
const text = { type: 'string' };

describe('arguments', () => {
  test('unions that contain each other stay short', () => {
    const levels = Array.from({ length: 60 }, (_, at) => {
      const $ref = `#/$defs/T${at}`;
      return [`T${at + 1}`, { anyOf: [{ $ref }, { type: 'array', items: { $ref } }] }];
    });
    const $defs = { T0: { type: 'integer' }, ...Object.fromEntries(levels) };
    const deep = tool({ a: { $ref: '#/$defs/T60' } }, [], { $defs });
    const { types, lines } = signatureOf([deep]);
    expect([...types, ...lines].join('').length).toBeLessThan(20_000);
    expect(argumentsForm(deep).length).toBeLessThan(20_000);
  });

  test('objects of many objects become `object` before they are written', () => {
    const fields = (schema: object) => Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, schema]));
    const inner = { type: 'object', properties: fields({ type: 'integer' }) };
    const outer = { type: 'object', properties: fields({ $ref: '#/$defs/Inner' }) };
    const wide = tool(fields({ $ref: '#/$defs/Outer' }), [], { $defs: { Inner: inner, Outer: outer } });
    expect(argumentsForm(wide)).toContain('p499?:object');
  });

  test.each<{ what: string; given: Tool; want: string }>([
    { what: 'none', given: tool({}), want: '' },
    { what: 'a tool without properties', given: { name: 'a', inputSchema: { type: 'object' } }, want: '' },
    { what: 'text', given: tool({ name: text }), want: 'name?' },
    { what: 'required ones first', given: tool({ a: text, b: text }, ['b']), want: 'b,a?' },
    { what: 'a required one that is not declared', given: tool({ a: text }, ['b']), want: 'b,a?' },
    {
      what: 'types',
      given: tool({ a: { type: 'integer' }, b: { type: 'number' }, c: { type: 'boolean' }, d: {}, e: true }),
      want: 'a?:int,b?:number,c?:bool,d?:any,e?:any',
    },
    {
      what: 'an argument named like its type',
      given: tool({ number: { type: 'number' }, event: { enum: ['event'] }, date: { type: 'string', format: 'date' } }),
      want: 'number?:number,event?:event,date?',
    },
    {
      what: 'a list of a long enum',
      given: tool({ s: { type: 'array', items: { enum: ['available', 'pending', 'discontinued'] } } }),
      want: 's?:(available|pending|discontinued)[]',
    },
    { what: 'an enum', given: tool({ s: { type: 'string', enum: ['asc', 'desc'] } }), want: 's?:asc|desc' },
    {
      what: 'values that are not words',
      given: tool({ s: { enum: ['a b', '', '1', 'string', "it's", 1, null, true, 'true'] } }),
      want: `s?:'a b'|''|'1'|'string'|"it's"|1|null|true|'true'`,
    },
    { what: 'a constant', given: tool({ s: { const: 'pet' } }), want: 's?:pet' },
    {
      what: 'short defaults',
      given: tool({
        a: { type: 'integer', default: 20 },
        b: { ...text, default: 'x'.repeat(30) },
        c: { ...text, default: 'id' },
      }),
      want: 'a?:int=20,b?,c?=id',
    },
    {
      what: 'arrays',
      given: tool({ a: { type: 'array', items: text }, b: { type: 'array' } }),
      want: 'a?:string[],b?:any[]',
    },
    {
      what: 'arrays of unions',
      given: tool({ a: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } } }),
      want: 'a?:(a|b)[]',
    },
    { what: 'nullable types', given: tool({ a: { type: ['string', 'null'] } }), want: 'a?:string|null' },
    {
      what: 'integers that may be strings of digits',
      given: tool({ a: { type: ['integer', 'string'], format: 'int64' } }),
      want: 'a?:int',
    },
    {
      what: 'dates',
      given: tool({ a: { ...text, format: 'date-time' }, b: { ...text, format: 'date' } }),
      want: 'a?:datetime,b?:date',
    },
    { what: 'bytes', given: tool({ a: { ...text, contentEncoding: 'base64' } }), want: 'a?:base64' },
    {
      what: 'objects',
      given: tool({ a: { type: 'object', properties: { b: text, c: { type: 'integer' } }, required: ['c'] } }),
      want: 'a?:{c:int,b?}',
    },
    {
      what: 'objects in objects in objects as object',
      given: tool({ a: { properties: { b: { properties: { c: { properties: { d: text } } } } } } }),
      want: 'a?:{b?:{c?:object}}',
    },
    {
      what: 'maps',
      given: tool({ a: { type: 'object', additionalProperties: { type: 'integer' } } }),
      want: 'a?:{[key]:int}',
    },
    { what: 'alternatives', given: tool({ a: { anyOf: [text, { type: 'integer' }] } }), want: 'a?:string|int' },
    {
      what: 'tuples',
      given: tool({ a: { type: 'array', prefixItems: [text, { type: 'integer' }] } }),
      want: 'a?:[string,int]',
    },
    {
      what: 'all of several',
      given: tool({ a: { allOf: [{ properties: { b: text } }, { properties: { c: text } }] } }),
      want: 'a?:{b?}&{c?}',
    },
    {
      what: 'names that are not identifiers',
      given: tool({ 'filter[a]': text, 'x-y': text, π: text }),
      want: "'filter[a]'?,'x-y'?,π?",
    },
    {
      what: 'references',
      given: tool({ a: { $ref: '#/$defs/A' } }, [], { $defs: { A: { type: 'object', properties: { b: text } } } }),
      want: 'a?:{b?}',
    },
    {
      what: 'recursive references',
      given: tool({ a: { $ref: '#/$defs/A' } }, [], { $defs: { A: { properties: { not: { $ref: '#/$defs/A' } } } } }),
      want: 'a?:{not?:object}',
    },
    { what: 'unknown references', given: tool({ a: { $ref: '#/x' } }), want: 'a?:object' },
    {
      what: 'alternatives of all arguments',
      given: tool({ a: text }, [], { anyOf: [{ properties: { b: text } }] }),
      want: 'a?,...{b?}',
    },
    {
      what: 'many values',
      given: tool({ a: { enum: Array.from({ length: 30 }, (_, index) => `v${index}`) } }),
      want: `a?:${Array.from({ length: 20 }, (_, index) => `v${index}`).join('|')}|…`,
    },
    {
      what: 'objects as object where the text would be long',
      given: tool({
        a: { properties: { b: { properties: { c: text } } } },
        d: { properties: Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`argument${index}`, text])) },
      }),
      want: 'a?:object,d?:object',
    },
    {
      what: 'texts that are not formats or types',
      given: tool({
        a: { ...text, format: 'x)\nrun()' },
        b: { ...text, contentEncoding: 'x\ny' },
        c: { type: 'x\ny' },
      }),
      want: 'a?,b?,c?:any',
    },
    { what: 'texts with private characters', given: tool({ a: { enum: ['\ue0000\ue001'] } }), want: "a?:'0'" },
  ])('$what: $want', ({ given, want }) => {
    expect(argumentsForm(given)).toBe(want);
  });
});

describe('signatures of a list', () => {
  const address = {
    type: 'object',
    properties: { street: text, house_number: text, city: text, postal_code: text, country: text },
  };

  test('write shared types once, and the fields of a type as a spread', () => {
    const $defs = { Address: address };
    const tools = [
      { ...tool({ home: { $ref: '#/$defs/Address' } }, [], { $defs }), name: 'move' },
      { ...tool({ all: { type: 'array', items: { $ref: '#/$defs/Address' } } }, [], { $defs }), name: 'import' },
      { ...tool({ ...address.properties, note: text }), name: 'check' },
    ];
    expect(signatureOf(tools)).toEqual({
      types: ['Address={street?,house_number?,city?,postal_code?,country?}'],
      lines: ['move(home?:Address)', 'import(all?:Address[])', 'check(...Address,note?)'],
    });
  });

  test('types of the same name and another shape are other types', () => {
    const other = { type: 'object', properties: { host: text, port: { type: 'integer' }, protocol: text, path: text } };
    const of = (name: string, schema: object) => ({
      ...tool({ one: { $ref: '#/$defs/Address' }, two: { $ref: '#/$defs/Address' } }, [], {
        $defs: { Address: schema },
      }),
      name,
    });
    expect(signatureOf([of('a', address), of('b', other)]).types).toEqual([
      'Address={street?,house_number?,city?,postal_code?,country?}',
      'Address2={host?,port?:int,protocol?,path?}',
    ]);
  });

  test('a recursive type has a name', () => {
    const $defs = { Filter: { type: 'object', properties: { not: { $ref: '#/$defs/Filter' }, name: text } } };
    expect(signatureOf([tool({ where: { $ref: '#/$defs/Filter' } }, [], { $defs })])).toEqual({
      types: ['Filter={not?:Filter,name?}'],
      lines: ['find(where?:Filter)'],
    });
  });

  test('a comment adds what name, arguments and tags do not', () => {
    const described = (name: string, description: string, tags: string[] = []) => ({
      ...tool({}),
      name,
      description,
      _meta: { tags },
    });
    const tools = [
      described('deletePet', 'Deletes a pet.', ['shop']),
      described('getOrder', 'Find the purchase order by ID. Slow.'),
      described('addPet', 'Add a new pet to the shop.'),
      described('sync', 'Deprecated. Copies everything.'),
      { ...tool({}), name: 'no text' },
    ];
    expect(signatureOf(tools).lines).toEqual([
      'deletePet()',
      'getOrder() // purchase order',
      'addPet()',
      'sync() // Deprecated. Copies everything',
      "'no text'()",
    ]);
  });

  test('of no tools are empty', () => {
    expect(signatureOf([])).toEqual({ types: [], lines: [] });
  });
});

const textOf = ({ content }: ToolResult) => content.map((block) => (block.type === 'text' ? block.text : '')).join();

describe('signature()', () => {
  const shop = () => {
    const server = createServer({ name: 'shop', version: '1' });
    const input = { type: 'object', properties: { petId: { type: 'integer' } }, required: ['petId'] } as const;
    server.tool('get_pet', { input }, (args) => JSON.stringify(args));
    return server;
  };
  const call = (provider: Provider, name: string, args: Readonly<Record<string, unknown>>) =>
    provider.callTool({ name, arguments: args }, callContext());

  test('lists one tool that calls all tools of a composite', async () => {
    const provider = signature(composite([shop(), namespace(shop(), 'b')]));
    const [listed, ...others] = await provider.listTools({});
    expect(others).toEqual([]);
    expect(listed).toMatchObject({
      name: 'call_tool',
      inputSchema: { required: ['name'] },
      _meta: { 'anthropic/alwaysLoad': true },
    });
    expect(listed?.description).toContain('\nget_pet(petId:int)\nb_get_pet(petId:int)');
    expect(textOf(await call(provider, 'call_tool', { name: 'b_get_pet', arguments: { petId: 1 } }))).toBe(
      '{"petId":1}',
    );
    expect(await call(provider, 'call_tool', { name: 'get_pat' })).toMatchObject({ isError: true });
  });

  test('only the listed tool can be called', async () => {
    const provider = signature(shop());
    await expect(call(provider, 'get_pet', { petId: 1 })).rejects.toMatchObject({
      code: 'TOOL_NOT_FOUND',
      message: 'Unknown tool: get_pet. Call call_tool with the name "get_pet".',
    });
    await expect(call(provider, 'other', {})).rejects.toThrow(/^Unknown tool: other$/);
  });

  test('shows the same frozen list until it changes', async () => {
    const server = shop();
    const provider = signature(server);
    const before = await provider.listTools({});
    expect(await provider.listTools({})).toBe(before);
    expect(Object.isFrozen(before)).toBe(true);
    const changes: string[] = [];
    provider.onChange((change) => changes.push(change));
    server.tool('late', {}, () => 'late');
    expect(changes).toEqual(['tools']);
    expect((await provider.listTools({}))[0]?.description).toContain('late()');
  });

  test('lists nothing of an empty provider', async () => {
    expect(await signature(createServer({ name: 'empty', version: '1' })).listTools({})).toEqual([]);
  });

  test('has the given name', async () => {
    expect((await signature(shop(), { name: 'run' }).listTools({}))[0]?.name).toBe('run');
    expect(() => signature(shop(), { name: 'two words' })).toThrow(OptionError);
    expect(() => signature(shop(), { tool: 'x' } as never)).toThrow('signature() has no option "tool".');
  });
});

test('an API of 19 operations is one tool of at most 415 tokens, with all arguments', async () => {
  const { provider } = await openApi(PET_SHOP, { cache: false, environment: {} });
  const tools = await provider.listTools({});
  expect(tools).toHaveLength(19);
  const listed = await signature(provider).listTools({});
  expect(listTokens(listed, await exactCounter()).model).toBeLessThanOrEqual(415);
  const description = listed[0]?.description ?? '';
  for (const { name, inputSchema } of tools) {
    const line = description.split('\n').find((each) => each.startsWith(`${name}(`)) ?? '';
    // The fields of the types that are spread.
    const written = line.replace(
      /\.\.\.(\w+)/g,
      (_, type: string) => new RegExp(`^${type}=(.*)$`, 'm').exec(description)?.[1] ?? '',
    );
    for (const argument of Object.keys(inputSchema.properties ?? {})) {
      const isRequired = inputSchema.required?.includes(argument);
      expect(written).toMatch(new RegExp(`[({,]${argument}${isRequired ? '(?!\\?)\\b' : '\\?'}`));
    }
  }
  await provider.close();
});
