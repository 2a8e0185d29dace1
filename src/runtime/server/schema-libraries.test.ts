import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { callContext } from '../call-context.ts';
import type { Provider, ToolResult } from '../provider.ts';
import { createServer, type Server } from '../server.ts';

const make = (): Server => createServer({ name: 'test', version: '1' });
const call = (provider: Provider, args: Record<string, unknown>) =>
  provider.callTool({ name: 'order', arguments: args }, callContext());
const textOf = (result: ToolResult) => result.content.map((block) => (block.type === 'text' ? block.text : '')).join();

interface Order {
  pet: string;
  count: number;
  size?: 'small' | 'large' | undefined;
}

// The same tool in four languages: a text, a number of 1 or more, a choice that may be absent.
const libraries = {
  zod(server: Server) {
    const input = z.object({
      pet: z.string(),
      count: z.number().min(1),
      size: z.enum(['small', 'large']).optional(),
    });
    server.tool('order', { input, output: z.object({ total: z.number() }) }, (order) => {
      expectTypeOf(order).toEqualTypeOf<Order>();
      return { total: order.count * 2 };
    });
    // @ts-expect-error The output schema requires a number.
    server.tool('wrong', { output: z.object({ total: z.number() }) }, () => ({ total: 'two' }));
  },
  valibot(server: Server) {
    const input = v.object({
      pet: v.string(),
      count: v.pipe(v.number(), v.minValue(1)),
      size: v.optional(v.picklist(['small', 'large'])),
    });
    const output = toStandardJsonSchema(v.object({ total: v.number() }));
    server.tool('order', { input: toStandardJsonSchema(input), output }, (order) => {
      expectTypeOf(order).toEqualTypeOf<Order>();
      return { total: order.count * 2 };
    });
    // @ts-expect-error The output schema requires a number.
    server.tool('wrong', { output }, () => ({ total: 'two' }));
  },
  arktype(server: Server) {
    const input = type({ pet: 'string', count: 'number >= 1', 'size?': "'small' | 'large'" });
    const output = type({ total: 'number' });
    server.tool('order', { input, output }, (order) => {
      expectTypeOf(order).toEqualTypeOf<{ pet: string; count: number; size?: 'small' | 'large' }>();
      return { total: order.count * 2 };
    });
    // @ts-expect-error The output schema requires a number.
    server.tool('wrong', { output }, () => ({ total: 'two' }));
  },
  'JSON Schema'(server: Server) {
    const input = {
      type: 'object',
      properties: {
        pet: { type: 'string' },
        count: { type: 'number', minimum: 1 },
        size: { enum: ['small', 'large'] },
      },
      required: ['pet', 'count'],
    } as const;
    const output = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] } as const;
    server.tool('order', { input, output }, (order) => {
      expectTypeOf(order.count).toEqualTypeOf<number>();
      expectTypeOf(order.size).toEqualTypeOf<'small' | 'large' | undefined>();
      return { total: order.count * 2 };
    });
    server.tool('wrong', { output }, () => ({ total: 'two' as never }));
  },
};

describe.each(Object.entries(libraries))('a tool with schemas of %s', (library, define) => {
  const server = make();
  define(server);

  test('lists them as JSON Schema 2020-12', async () => {
    const [tool] = await server.listTools({});
    const { properties, required } = tool?.inputSchema ?? {};
    expect(properties).toMatchObject({
      pet: { type: 'string' },
      count: { type: 'number', minimum: 1 },
      // ArkType orders choices as it likes.
      size: { enum: expect.arrayContaining(['small', 'large']) },
    });
    expect([...(required ?? [])].sort()).toEqual(['count', 'pet']);
    expect(tool?.inputSchema).not.toHaveProperty('$schema');
    expect(tool?.outputSchema).toMatchObject({ type: 'object', properties: { total: { type: 'number' } } });
  });

  test('gives the handler what fits', async () => {
    expect(await call(server, { pet: 'cat', count: 2 })).toEqual({
      content: [{ type: 'text', text: '{"total":4}' }],
      structuredContent: { total: 4 },
    });
  });

  test('reports every invalid path with the expected type', async () => {
    const result = await call(server, { count: 0, size: 'huge' });
    expect(result).toMatchObject({ isError: true, _meta: { 'openapi-mcp/http': { error: 'INVALID_ARGUMENTS' } } });
    const text = textOf(result);
    expect(text).toMatch(/^Invalid arguments: /);
    // JSON Schema tells a missing member at the object that lacks it.
    expect(text).toMatch(library === 'JSON Schema' ? /lacks "pet"/ : /\/pet: /);
    expect(text).toMatch(/\/count: [^;]*1/);
    expect(text).toMatch(/\/size: [^;]*small/);
    expect(text).toMatch(/\/size: [^;]*large/);
  });

  test('reports a return value that violates them', async () => {
    const result = await server.callTool({ name: 'wrong', arguments: {} }, callContext());
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(
      /^Tool "wrong" failed: The result does not match the output schema: (\/total: )?.*number/,
    );
  });
});

test('a Valibot schema alone cannot be listed, and the error says what to wrap it with', () => {
  const input = v.object({ pet: v.string() });
  expect(() => make().tool('order', { input }, () => 'ok')).toThrow(
    'The input of tool "order" is a valibot schema that cannot be converted to JSON Schema. Wrap it with toStandardJsonSchema() of "@valibot/to-json-schema".',
  );
});

test('what a schema makes of an argument is what the handler gets: defaults, transformations', async () => {
  const server = make();
  const given: unknown[] = [];
  const pipe = v.object({ when: v.optional(v.string(), 'now'), tags: v.pipe(v.string(), v.transform(Number)) });
  server.tool('valibot', { input: toStandardJsonSchema(pipe) }, ({ when, tags }) => {
    expectTypeOf(when).toEqualTypeOf<string>();
    expectTypeOf(tags).toEqualTypeOf<number>();
    given.push(when, tags);
  });
  const morph = type({ when: "string = 'now'", tags: 'string.numeric.parse' });
  server.tool('arktype', { input: morph }, ({ when, tags }) => {
    expectTypeOf(when).toEqualTypeOf<string>();
    expectTypeOf(tags).toEqualTypeOf<number>();
    given.push(when, tags);
  });
  for (const name of ['valibot', 'arktype']) {
    const result = await server.callTool({ name, arguments: { tags: '7' } }, callContext());
    expect(textOf(result)).toBe('Done.');
  }
  expect(given).toEqual(['now', 7, 'now', 7]);
});
