import { describe, expect, expectTypeOf, test, vi } from 'vitest';
import { z } from 'zod';
import { callContext } from './call-context.ts';
import type { CallContext, ElicitAnswer, ElicitRequest, Provider, ToolResult } from './provider.ts';
import { audio, file, image, resourceLink, text } from './server/content.ts';
import type { StandardSchema } from './server/standard-schema.ts';
import { createServer, type Server, type ServerOptions } from './server.ts';
import { ToolError } from './tool-error.ts';

const make = (options: Partial<ServerOptions> = {}): Server => createServer({ name: 'test', version: '1', ...options });
const call = (
  provider: Provider,
  name: string,
  args: Record<string, unknown> = {},
  context: Partial<CallContext> = {},
) => provider.callTool({ name, arguments: args }, callContext(context));
const textOf = (result: ToolResult) => result.content.map((block) => (block.type === 'text' ? block.text : '')).join();

describe('a tool', () => {
  test('takes its types from Standard Schemas, and gives the handler what they make of the arguments', async () => {
    const server = make();
    server.tool(
      'add',
      {
        title: 'Add',
        description: 'Adds two numbers',
        input: z.object({ a: z.number(), b: z.number().default(10), when: z.iso.datetime().optional() }),
        output: z.object({ sum: z.number() }),
        annotations: { readOnlyHint: true },
      },
      ({ a, b, when }) => {
        expectTypeOf(a).toEqualTypeOf<number>();
        expectTypeOf(b).toEqualTypeOf<number>();
        expectTypeOf(when).toEqualTypeOf<string | undefined>();
        return { sum: a + b };
      },
    );
    // @ts-expect-error The output schema requires a number.
    server.tool('wrong', { output: z.object({ sum: z.number() }) }, () => ({ sum: 'three' }));
    expect(await server.listTools({})).toMatchObject([
      {
        name: 'add',
        title: 'Add',
        description: 'Adds two numbers',
        inputSchema: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] },
        outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
        annotations: { readOnlyHint: true },
      },
      { name: 'wrong' },
    ]);
    expect(await call(server, 'add', { a: 1 })).toEqual({
      content: [{ type: 'text', text: '{"sum":11}' }],
      structuredContent: { sum: 11 },
    });
  });

  test('takes a schema that is a function, as those of ArkType are', async () => {
    const server = make();
    const schema = Object.assign(() => {}, {
      '~standard': {
        version: 1,
        vendor: 'arktype',
        validate: (value: unknown) =>
          typeof (value as { n?: unknown }).n === 'string'
            ? { value: { n: Number((value as { n: string }).n) } }
            : { issues: [{ message: 'must be a string', path: [{ key: 'n' }] }] },
        jsonSchema: {
          input: () => ({ type: 'object', properties: { n: { type: 'string' } } }),
          output: () => ({ type: 'object', properties: { n: { type: 'number' } } }),
        },
      },
    } as const satisfies StandardSchema<{ n: string }, { n: number }>);
    server.tool('half', { input: schema as StandardSchema<{ n: string }, { n: number }> }, ({ n }) => n / 2);
    expect((await server.listTools({}))[0]?.inputSchema).toEqual({
      type: 'object',
      properties: { n: { type: 'string' } },
    });
    expect(await call(server, 'half', { n: '8' })).toMatchObject({ structuredContent: { result: 4 } });
    expect(textOf(await call(server, 'half', { n: 8 }))).toBe('Invalid arguments: /n: must be a string');
  });

  test('accepts JSON Schema too, listed unchanged', async () => {
    const server = make();
    const input = {
      type: 'object',
      properties: { size: { type: 'integer', minimum: 1 }, kind: { enum: ['a', 'b'] } },
      required: ['size'],
      additionalProperties: false,
    } as const;
    server.tool('make', { input }, (args) => {
      expectTypeOf(args.size).toEqualTypeOf<number>();
      expectTypeOf(args.kind).toEqualTypeOf<'a' | 'b' | undefined>();
      return args;
    });
    expect((await server.listTools({}))[0]?.inputSchema).toEqual(input);
    expect(await call(server, 'make', { size: 2 })).toMatchObject({ structuredContent: { size: 2 } });
    expect(textOf(await call(server, 'make', { kind: 'c', size: 0, color: 1 }))).toBe(
      'Invalid arguments: /color: is not allowed; /size: breaks "minimum": 1; /kind: must be one of ["a","b"]',
    );
    expect(textOf(await call(server, 'make', {}))).toBe('Invalid arguments: lacks "size"');
    expect(textOf(await call(server, 'make', { size: 'x' }))).toBe('Invalid arguments: /size: must be integer');
  });

  test('without input accepts no arguments', async () => {
    const server = make();
    server.tool('now', {}, () => 'now');
    expect((await server.listTools({}))[0]?.inputSchema).toEqual({
      type: 'object',
      properties: {},
      additionalProperties: false,
    });
    expect(await call(server, 'now', { x: 1 })).toEqual({
      content: [{ type: 'text', text: 'Invalid arguments: /x: the tool takes no arguments' }],
      isError: true,
      _meta: { 'openapi-mcp/http': { error: 'INVALID_ARGUMENTS' } },
    });
  });

  test('reports the path of an argument that a Standard Schema rejects', async () => {
    const server = make();
    const handler = vi.fn();
    server.tool('deep', { input: z.object({ items: z.array(z.object({ id: z.number() })) }) }, handler);
    const result = await call(server, 'deep', { items: [{ id: 'x' }] });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/^Invalid arguments: \/items\/0\/id: .*expected number/);
    expect(handler).not.toHaveBeenCalled();
  });

  test.each<{ returned: unknown; want: ToolResult }>([
    { returned: undefined, want: { content: [{ type: 'text', text: 'Done.' }] } },
    { returned: 'hello', want: { content: [{ type: 'text', text: 'hello' }] } },
    { returned: 5, want: { content: [{ type: 'text', text: '5' }], structuredContent: { result: 5 } } },
    { returned: true, want: { content: [{ type: 'text', text: 'true' }], structuredContent: { result: true } } },
    { returned: null, want: { content: [{ type: 'text', text: 'null' }], structuredContent: { result: null } } },
    { returned: { a: 1 }, want: { content: [{ type: 'text', text: '{"a":1}' }], structuredContent: { a: 1 } } },
    { returned: [1, 2], want: { content: [{ type: 'text', text: '[1,2]' }], structuredContent: { result: [1, 2] } } },
    { returned: ['a'], want: { content: [{ type: 'text', text: '["a"]' }], structuredContent: { result: ['a'] } } },
    {
      returned: new Date(0),
      want: {
        content: [{ type: 'text', text: '1970-01-01T00:00:00.000Z' }],
        structuredContent: { result: '1970-01-01T00:00:00.000Z' },
      },
    },
    { returned: text('t'), want: { content: [{ type: 'text', text: 't' }] } },
    {
      returned: ['see', image(new Uint8Array([1, 2, 3]), 'image/png')],
      want: {
        content: [
          { type: 'text', text: 'see' },
          { type: 'image', data: 'AQID', mimeType: 'image/png' },
        ],
      },
    },
    {
      returned: audio(new Uint8Array([1]), 'audio/wav'),
      want: { content: [{ type: 'audio', data: 'AQ==', mimeType: 'audio/wav' }] },
    },
    {
      returned: file(new Uint8Array([255]), { name: 'a b.bin', mimeType: 'application/x' }),
      want: {
        content: [
          { type: 'resource', resource: { uri: 'file:///a%20b.bin', mimeType: 'application/x', blob: '/w==' } },
        ],
      },
    },
    {
      returned: [resourceLink({ uri: 'notes://a', name: 'a' })],
      want: { content: [{ type: 'resource_link', uri: 'notes://a', name: 'a' }] },
    },
    {
      returned: { content: [text('whole')], structuredContent: { x: 1 }, _meta: { y: 2 } },
      want: { content: [text('whole')], structuredContent: { x: 1 }, _meta: { y: 2 } },
    },
  ])('that returns $returned makes it the result', async ({ returned, want }) => {
    const server = make();
    server.tool('give', {}, () => returned);
    expect(await call(server, 'give')).toEqual(want);
  });

  test.each([
    { returned: new Uint8Array(2), want: /returned bytes\. Wrap them in image\(\), audio\(\) or file\(\)/ },
    { returned: () => 1, want: /returned a function, which JSON cannot represent/ },
    { returned: 10n, want: /a bigint, which JSON cannot represent/ },
  ])('that returns what has no JSON ($returned) says so', async ({ returned, want }) => {
    const server = make();
    server.tool('give', {}, () => returned);
    const result = await call(server, 'give');
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(want);
  });

  test('that returns what its output schema forbids names the place', async () => {
    const server = make();
    const bad = { items: [{ id: 'x' }] } as never;
    server.tool('zod', { output: z.object({ items: z.array(z.object({ id: z.number() })) }) }, () => bad);
    server.tool('json', { output: { type: 'object', properties: { n: { type: 'number' } } } }, () => ({
      n: 'x' as never,
    }));
    expect(textOf(await call(server, 'zod'))).toMatch(
      /^Tool "zod" failed: The result does not match the output schema: \/items\/0\/id: /,
    );
    expect(textOf(await call(server, 'json'))).toBe(
      'Tool "json" failed: The result does not match the output schema: /n: must be number',
    );
  });

  test('whose output is not an object is listed and returned as { result }, including references', async () => {
    const server = make();
    interface Tree {
      name: string;
      children: Tree[];
    }
    const tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(tree) }));
    server.tool('trees', { output: z.array(tree) }, () => [
      { name: 'root', children: [{ name: 'leaf', children: [] }] },
    ]);
    server.tool('word', { output: z.string() }, () => 'yes');
    const { outputSchema } = (await server.listTools({}))[0] ?? {};
    expect(outputSchema).toMatchObject({
      type: 'object',
      required: ['result'],
      properties: { result: { type: 'array' } },
    });
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const { structuredContent } = await call(server, 'trees');
    const validate = new Ajv2020({ strict: false }).compile(outputSchema as object);
    expect(validate(structuredContent)).toBe(true);
    expect(validate({ result: [{ name: 'root', children: [{ name: 5, children: [] }] }] })).toBe(false);
    expect(await call(server, 'word')).toEqual({
      content: [{ type: 'text', text: 'yes' }],
      structuredContent: { result: 'yes' },
    });
  });

  test('that throws returns the message; details are masked on request, but not those of a ToolError', async () => {
    const onError = vi.fn();
    const throwing = (server: Server) => {
      server.tool('breaks', {}, () => {
        throw new Error('password is hunter2');
      });
      server.tool('refuses', {}, () => {
        throw new ToolError('Closed on Sundays.');
      });
      server.tool('odd', {}, () => {
        throw 'just text';
      });
      return server;
    };
    const open = throwing(make());
    expect(await call(open, 'breaks')).toEqual({
      content: [{ type: 'text', text: 'Tool "breaks" failed: password is hunter2' }],
      isError: true,
    });
    expect(textOf(await call(open, 'odd'))).toBe('Tool "odd" failed: just text');
    const masked = throwing(make({ maskErrors: true, onError }));
    expect(textOf(await call(masked, 'breaks'))).toBe('Tool "breaks" failed.');
    expect(textOf(await call(masked, 'refuses'))).toBe('Closed on Sundays.');
    expect(onError.mock.calls.map(([error]) => error.message)).toEqual(['Tool "breaks" failed: password is hunter2']);
  });

  test('ends in time, by its own limit or that of the server, and aborts its signal', async () => {
    const server = make({ timeoutMs: 20 });
    let reason: unknown;
    server.tool('hangs', {}, (_, { signal }) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      return new Promise(() => {});
    });
    server.tool('slow', { timeoutMs: 5000 }, () => new Promise((resolve) => setTimeout(resolve, 40, 'slow')));
    expect(await call(server, 'hangs')).toEqual({
      content: [{ type: 'text', text: 'Tool "hangs" did not finish within 20 ms.' }],
      isError: true,
      _meta: { 'openapi-mcp/http': { error: 'TIMEOUT' } },
    });
    expect(reason).toBeInstanceOf(Error);
    expect(textOf(await call(server, 'slow'))).toBe('slow');
  });

  test('is cancelled with its call', async () => {
    const server = make();
    const canceller = new AbortController();
    let aborted = false;
    server.tool('hangs', {}, (_, { signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => {});
    });
    const hanging = call(server, 'hangs', {}, { signal: canceller.signal });
    setTimeout(() => canceller.abort(new Error('gone')), 10);
    await expect(hanging).rejects.toThrow('gone');
    expect(aborted).toBe(true);
  });

  test.each(['', '1st', 'a b', 'größe', 'a.b', 'x'.repeat(65)])('cannot be called "%s"', (name) => {
    expect(() => make().tool(name, {}, () => 1)).toThrow(`"${name}" is not a valid tool name`);
  });

  test('is rejected if its schema is unusable', () => {
    const server = make();
    expect(() => server.tool('a', { input: z.union([z.object({}), z.object({})]) as never }, () => 1)).toThrow(
      'The input of tool "a" must be an object with the arguments as its properties; its root is "anyOf"',
    );
    expect(() => server.tool('b', { input: z.object({ when: z.date() }) }, () => 1)).toThrow(
      'The input of tool "b" cannot be converted to JSON Schema',
    );
    const plain = { '~standard': { version: 1, vendor: 'valibot', validate: () => ({ value: {} }) } } as const;
    expect(() => server.tool('c', { input: plain }, () => 1)).toThrow('toStandardJsonSchema()');
    expect(() => server.tool('d', {}, undefined as never)).toThrow('The tool "d" has no handler.');
  });

  test('whose name is taken is an error that names both, unless another rule is chosen', async () => {
    const twice = (server: Server) => {
      server.tool('x', { title: 'First' }, () => 1);
      server.tool('x', { description: 'The second one' }, () => 2);
      return server;
    };
    expect(() => twice(make())).toThrow(
      'The tool "x" is defined twice: “First” and “The second one”. Rename one, or choose with onDuplicate',
    );
    const unnamed = make();
    unnamed.tool('x', {}, () => 1);
    expect(() => unnamed.tool('x', {}, () => 2)).toThrow('The tool "x" is defined twice. Rename one, or');
    expect(() => unnamed.tool('x', { title: 'Ex' }, () => 2)).toThrow(
      'The tool "x" is defined twice, once as “Ex”. Rename',
    );
    expect(textOf(await call(twice(make({ onDuplicate: 'replace' })), 'x'))).toBe('2');
    expect(textOf(await call(twice(make({ onDuplicate: 'ignore' })), 'x'))).toBe('1');
  });
});

describe('a resource', () => {
  test.each([
    { returned: 'text', want: { mimeType: 'text/plain', text: 'text' } },
    { returned: { a: 1 }, want: { mimeType: 'application/json', text: '{"a":1}' } },
    { returned: new Uint8Array([1]), want: { mimeType: 'application/octet-stream', blob: 'AQ==' } },
    { returned: { uri: 'x://y', text: 'own' }, want: { uri: 'x://y', text: 'own' } },
    { returned: { contents: [{ uri: 'x://z', text: 'all' }] }, want: { uri: 'x://z', text: 'all' } },
  ])('that returns $returned is read as such', async ({ returned, want }) => {
    const server = make();
    server.resource('notes://a', { name: 'a' }, () => returned);
    const { contents } = await server.readResource({ uri: 'notes://a' }, callContext());
    expect(contents).toEqual([{ uri: 'notes://a', ...want }]);
  });

  test('with a template gets its variables, decoded and typed by the template', async () => {
    const server = make();
    server.resource('users://{id}/files{/path*}{?page,size}', { name: 'file' }, (variables, { uri }) => {
      expectTypeOf(variables.id).toEqualTypeOf<string>();
      expectTypeOf(variables.path).toEqualTypeOf<readonly string[]>();
      expectTypeOf(variables.page).toEqualTypeOf<string | undefined>();
      // @ts-expect-error The template has no such variable.
      variables.nope;
      return { ...variables, uri: undefined, read: uri };
    });
    const read = async (uri: string) => {
      const [contents] = (await server.readResource({ uri }, callContext())).contents;
      return JSON.parse(contents && 'text' in contents ? contents.text : '');
    };
    const uri = 'users://a%20b/files/x/y?size=2';
    expect(await read(uri)).toEqual({ id: 'a b', path: ['x', 'y'], size: '2', read: uri });
    expect(await read('users://7/files')).toEqual({ id: '7', path: [], read: 'users://7/files' });
    expect(await server.listResourceTemplates({})).toEqual([
      { uriTemplate: 'users://{id}/files{/path*}{?page,size}', name: 'file' },
    ]);
    expect(await server.listResources({})).toEqual([]);
  });

  test.each([
    { uri: 'files://..%2F..%2Fetc%2Fpasswd', fault: 'has a ".." in its path' },
    { uri: 'files://a%5C..%5Cb', fault: 'has a ".." in its path' },
    { uri: 'files://..', fault: 'has a ".." in its path' },
    { uri: 'files://%2Fetc%2Fpasswd', fault: 'is an absolute path' },
    { uri: 'files://C%3A%5Cboot.ini', fault: 'is an absolute path' },
    { uri: 'files://a%00.txt', fault: 'has a NUL character' },
    { uri: 'files://a?tags=b&tags=..%2Fc', name: 'tags', fault: 'has a ".." in its path' },
  ])('whose variables lead out of a folder is not read: $uri', async ({ uri, fault, name = 'path' }) => {
    const server = make();
    const handler = vi.fn(() => 'read');
    server.resource('files://{path}{?tags*}', { name: 'file' }, handler);
    await expect(server.readResource({ uri }, callContext())).rejects.toMatchObject({
      code: 'INVALID_ARGUMENTS',
      message: `The value of "${name}" ${fault}, which is not allowed.`,
    });
    expect(handler).not.toHaveBeenCalled();
  });

  test('whose list of segments would make an absolute path is not read', async () => {
    const server = make();
    server.resource('files://docs{/path*}', { name: 'file' }, ({ path }) => path.join('/'));
    const read = (uri: string) => server.readResource({ uri }, callContext());
    expect(await read('files://docs/a/b')).toMatchObject({ contents: [{ text: 'a/b' }] });
    await expect(read('files://docs//etc/passwd')).rejects.toThrow('The value of "path" is an absolute path');
  });

  test('may let variables have any value', async () => {
    const server = make();
    server.resource('search://{text}', { name: 'search', unchecked: ['text'] }, ({ text }) => text);
    // @ts-expect-error The template has no such variable.
    server.resource('notes://{id}', { name: 'note', unchecked: ['nope'] }, ({ id }) => id);
    const read = (uri: string) => server.readResource({ uri }, callContext());
    expect(await read('search://..%2Fx')).toMatchObject({ contents: [{ text: '../x' }] });
    expect(await read('notes://a..b')).toMatchObject({ contents: [{ text: 'a..b' }] });
  });

  test('completes its variables, from a list or by a function that sees what is settled', async () => {
    const server = make();
    server.resource(
      'repos://{owner}/{repo}',
      {
        name: 'repo',
        complete: {
          owner: ['octocat', 'Octo-org', 'other'],
          repo: (value, { given }) => [`${given.owner}-${value}`],
        },
      },
      () => '',
    );
    // @ts-expect-error The template has no such variable.
    server.resource('notes://{id}', { name: 'note', complete: { nope: [] } }, () => '');
    const complete = (name: string, value: string) =>
      server.complete(
        {
          ref: { type: 'resource', uri: 'repos://{owner}/{repo}' },
          argument: { name, value },
          given: { owner: 'ada' },
        },
        callContext(),
      );
    expect(await complete('owner', 'oct')).toEqual({ values: ['octocat', 'Octo-org'], total: 2, hasMore: false });
    expect(await complete('repo', 'x')).toMatchObject({ values: ['ada-x'] });
    expect(await complete('toString', '')).toEqual({ values: [] });
  });

  test('that does not exist, or fails, is reported by code', async () => {
    const server = make({ maskErrors: true });
    server.resource('notes://broken', { name: 'broken' }, () => {
      throw new Error('secret');
    });
    await expect(server.readResource({ uri: 'notes://nope' }, callContext())).rejects.toMatchObject({
      code: 'RESOURCE_NOT_FOUND',
      message: 'No resource has the URI notes://nope.',
    });
    await expect(server.readResource({ uri: 'notes://broken' }, callContext())).rejects.toMatchObject({
      code: 'READ_FAILED',
      message: 'Resource "notes://broken" failed.',
    });
  });

  test('needs a scheme, and a template that is one', () => {
    expect(() => make().resource('readme', { name: 'r' }, () => '')).toThrow('it has no scheme');
    expect(() => make().resource('notes://{', { name: 'r' }, () => '')).toThrow('RFC 6570');
  });
});

describe('a prompt', () => {
  test('has typed arguments, and turns what is returned into messages', async () => {
    const server = make();
    server.prompt(
      'review',
      {
        description: 'Reviews code',
        arguments: { code: { description: 'The code', required: true }, language: {} },
        complete: { language: ['python', 'typescript'] },
      },
      ({ code, language }) => {
        expectTypeOf(code).toEqualTypeOf<string>();
        expectTypeOf(language).toEqualTypeOf<string | undefined>();
        return [`Review this ${language ?? 'code'}: ${code}`, { role: 'assistant', content: text('Gladly.') }];
      },
    );
    expect(await server.listPrompts({})).toEqual([
      {
        name: 'review',
        description: 'Reviews code',
        arguments: [{ name: 'code', description: 'The code', required: true }, { name: 'language' }],
      },
    ]);
    const get = (args: Record<string, string>) => server.getPrompt({ name: 'review', arguments: args }, callContext());
    expect(await get({ code: 'x()' })).toEqual({
      messages: [
        { role: 'user', content: { type: 'text', text: 'Review this code: x()' } },
        { role: 'assistant', content: { type: 'text', text: 'Gladly.' } },
      ],
    });
    await expect(get({ lang: 'x' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENTS',
      message: 'Prompt "review": "code" is missing; "lang" is unknown (it takes code, language).',
    });
    const ref = { type: 'prompt', name: 'review' } as const;
    expect(
      await server.complete({ ref, argument: { name: 'language', value: 'TY' }, given: {} }, callContext()),
    ).toMatchObject({ values: ['typescript'] });
  });

  test('that throws, never returns, or does not return a message says so', async () => {
    const server = make({ timeoutMs: 20 });
    const masked = make({ maskErrors: true });
    for (const each of [server, masked]) {
      each.prompt('breaks', {}, () => {
        throw new Error('password is hunter2');
      });
    }
    server.prompt('hangs', {}, () => new Promise(() => {}));
    server.prompt('odd', {}, () => 5 as never);
    const get = (provider: Provider, name: string) => provider.getPrompt({ name, arguments: {} }, callContext());
    const failed = (message: string) => ({ code: 'READ_FAILED', message });
    await expect(get(server, 'breaks')).rejects.toMatchObject(failed('Prompt "breaks" failed: password is hunter2'));
    await expect(get(masked, 'breaks')).rejects.toMatchObject(failed('Prompt "breaks" failed.'));
    await expect(get(server, 'hangs')).rejects.toMatchObject(failed('Prompt "hangs" did not finish within 20 ms.'));
    await expect(get(server, 'odd')).rejects.toThrow('Prompt "odd" failed: The prompt "odd" did not return a message');
  });

  test('offers at most 100 values, and says that there are more', async () => {
    const server = make();
    const values = Array.from({ length: 150 }, (_, i) => `v${i}`);
    server.prompt('p', { arguments: { v: {} }, complete: { v: values } }, () => '');
    const ref = { type: 'prompt', name: 'p' } as const;
    const answer = await server.complete({ ref, argument: { name: 'v', value: '' }, given: {} }, callContext());
    expect(answer).toMatchObject({ total: 150, hasMore: true });
    expect(answer.values).toHaveLength(100);
  });
});

describe('the context of a handler', () => {
  test('describes the request, and forwards progress, logs and questions to the client', async () => {
    const server = make();
    const told: unknown[] = [];
    server.tool('ask', {}, async (_, context) => {
      context.progress({ progress: 1, total: 2 });
      context.log.debug('d');
      context.log.info('i');
      context.log.warning('w');
      context.log.error({ e: 1 });
      const answer = context.canElicit && (await context.elicit({ message: 'Sure?', requestedSchema: {} }));
      return { id: context.requestId, caller: context.caller?.id, answer };
    });
    const result = await call(
      server,
      'ask',
      {},
      {
        requestId: '42',
        caller: { id: 'ada', scopes: [] },
        progress: (update) => told.push(update),
        log: (level, data) => told.push([level, data]),
        elicit: async ({ message }: ElicitRequest) => ({ action: 'accept', content: { message } }),
      },
    );
    expect(result.structuredContent).toEqual({
      id: '42',
      caller: 'ada',
      answer: { action: 'accept', content: { message: 'Sure?' } },
    });
    expect(told).toEqual([
      { progress: 1, total: 2 },
      ['debug', 'd'],
      ['info', 'i'],
      ['warning', 'w'],
      ['error', { e: 1 }],
    ]);
  });

  test('validates and types an answer by the schema of its question', async () => {
    const server = make();
    const schema = z.object({ count: z.int(), note: z.string().default('none') });
    server.tool('order', {}, async (_, { elicit }) => {
      const answer = await elicit({ message: 'How many?', schema });
      return answer.action === 'accept' ? `${answer.content.count.toFixed(1)} ${answer.content.note}` : answer.action;
    });
    const asked: ElicitRequest[] = [];
    const order = (answer: ElicitAnswer) =>
      call(
        server,
        'order',
        {},
        {
          elicit: async (request: ElicitRequest) => {
            asked.push(request);
            return answer;
          },
        },
      );
    expect(textOf(await order({ action: 'accept', content: { count: 3 } }))).toBe('3.0 none');
    expect(textOf(await order({ action: 'decline' }))).toBe('decline');
    const misfit = await order({ action: 'accept', content: { count: 'many' } });
    expect([misfit.isError, textOf(misfit)]).toEqual([
      true,
      expect.stringMatching(/^The answer is invalid: \/count: /),
    ]);
    expect(asked[0]).toMatchObject({
      message: 'How many?',
      requestedSchema: { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] },
    });
    expect(asked[0]?.requestedSchema).not.toHaveProperty('additionalProperties');
  });

  test('fails with an error if the client does not support elicitation', async () => {
    const server = make({ maskErrors: true });
    server.tool('ask', {}, (_, { elicit }) => elicit({ message: 'Sure?', requestedSchema: {} }));
    expect(textOf(await call(server, 'ask'))).toMatch(/the client does not support elicitation/);
  });

  test('reaches the other parts of the server, through its middleware', async () => {
    const server = make();
    const inner = make();
    inner.tool('hello', {}, () => 'hello');
    inner.resource('notes://a', { name: 'a' }, () => 'A');
    server.mount('in', inner);
    const seen: string[] = [];
    server.use(async (asked, next) => {
      if (asked.method === 'tools/call') seen.push(asked.params.name);
      return next(asked);
    });
    server.tool('all', {}, async (_, context) => ({
      tools: (await context.listTools()).map(({ name }) => name),
      called: textOf(await context.callTool('in_hello')),
      read: (await context.readResource('notes://in.a')).contents[0],
    }));
    expect((await call(server, 'all')).structuredContent).toEqual({
      tools: ['all', 'in_hello'],
      called: 'hello',
      read: { uri: 'notes://in.a', mimeType: 'text/plain', text: 'A' },
    });
    expect(seen).toEqual(['all', 'in_hello']);
  });
});

describe('the lifespan', () => {
  const withPool = (open: () => Promise<string>, close = vi.fn()) => {
    const server = createServer({ name: 's', version: '1', lifespan: { open, close } });
    server.tool('use', {}, (_, { lifespan }) => {
      expectTypeOf(lifespan).toEqualTypeOf<string>();
      return lifespan;
    });
    return { server, close };
  };

  test('is opened once at first use, and closed with the server, after the handlers that use it', async () => {
    const open = vi.fn(async () => 'pool');
    const order: string[] = [];
    const { server } = withPool(
      open,
      vi.fn(() => void order.push('closed')),
    );
    server.tool('slow', {}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push('ended');
    });
    await Promise.all([call(server, 'use'), call(server, 'use')]);
    expect(open).toHaveBeenCalledOnce();
    const slow = call(server, 'slow');
    await Promise.all([server.close(), server.close(), slow]);
    expect(order).toEqual(['ended', 'closed']);
    expect(textOf(await call(server, 'use'))).toBe('Tool "use" failed: The server is closed.');
  });

  test('is closed also where close() comes while it is being opened', async () => {
    let opened: (value: string) => void = () => {};
    const open = vi.fn(() => new Promise<string>((resolve) => (opened = resolve)));
    const { server, close } = withPool(open);
    const using = call(server, 'use');
    await vi.waitFor(() => expect(open).toHaveBeenCalled());
    const closing = server.close();
    opened('pool');
    await Promise.all([using, closing]);
    expect(close).toHaveBeenCalledExactlyOnceWith('pool');
  });

  test('that cannot be opened fails the call, and is tried again for the next', async () => {
    const open = vi.fn().mockRejectedValueOnce(new Error('no database')).mockResolvedValue('pool');
    const { server } = withPool(open);
    expect(textOf(await call(server, 'use'))).toBe('Tool "use" failed: no database');
    expect(textOf(await call(server, 'use'))).toBe('pool');
  });

  test('that was never needed is neither opened nor closed', async () => {
    const open = vi.fn(async () => 'pool');
    const { server, close } = withPool(open);
    await server.close();
    expect(open).not.toHaveBeenCalled();
    expect(close).not.toHaveBeenCalled();
  });
});

describe('a server', () => {
  test('mounts providers live, and closes them', async () => {
    const server = make();
    const child = make();
    const close = vi.spyOn(child, 'close');
    const mount = server.mount('kid', child);
    expect(await server.listTools({})).toEqual([]);
    child.tool('late', {}, () => 'late');
    expect((await server.listTools({})).map(({ name }) => name)).toEqual(['kid_late']);
    expect(() => server.mount('kid', make())).toThrow('Two providers are mounted as "kid".');
    mount.remove();
    expect(await server.listTools({})).toEqual([]);
    server.mount('kid', child);
    await server.close();
    expect(close).toHaveBeenCalled();
  });

  test('rejects itself, a value that is not a provider, and an illegal namespace', () => {
    const server = make();
    expect(() => server.mount('me', server)).toThrow('cannot be mounted into itself');
    expect(() => server.mount('x', 'nothing' as never)).toThrow('The value mounted as "x" is not a provider');
    expect(() => server.mount('X y', make())).toThrow('"X y" cannot be a namespace');
  });

  test('names both if an own tool and a mounted one collide', async () => {
    const server = make();
    const child = make();
    child.tool('b', {}, () => 1);
    server.tool('a_b', {}, () => 2);
    server.mount('a', child);
    await expect(server.listTools({})).rejects.toThrow('The tool "a_b" is not unique: both "test" and "a" have one.');
  });

  test('needs a name and a version', () => {
    expect(() => createServer({ name: 'x' } as never)).toThrow('createServer() needs the option "version": a string.');
  });

  test('lists 3,000 mounted tools from a table that is not rebuilt', async () => {
    const server = make();
    const asked = vi.fn();
    for (let i = 0; i < 20; i++) {
      const child = make({ name: `child ${i}` });
      for (let j = 0; j < 150; j++) child.tool(`tool${j}`, {}, () => j);
      const listTools: Provider['listTools'] = (context) => {
        asked();
        return child.listTools(context);
      };
      server.mount(`c${i}`, { ...child, listTools });
    }
    const list = await server.listTools({});
    expect(list).toHaveLength(3000);
    expect(await server.listTools({})).toBe(list);
    await call(server, 'c7_tool9');
    expect(asked).toHaveBeenCalledTimes(20);
  });
});

describe('mounting without a namespace', () => {
  const other = (name: string) => {
    const made = createServer({ name: 'other', version: '1', instructions: 'Greet people.' });
    made.tool(name, { description: 'x' }, () => 'from other');
    return made;
  };

  test('keeps the names, and can be undone', async () => {
    const server = createServer({ name: 's', version: '1' });
    const mount = server.mount(other('greet'));
    expect((await server.listTools({})).map(({ name }) => name)).toEqual(['greet']);
    const result = await server.callTool({ name: 'greet', arguments: {} }, callContext());
    expect(result.content).toMatchObject([{ text: 'from other' }]);
    expect(server.info.instructions).toBe('Greet people.');
    expect(server.info.instructions).toBe('Greet people.');
    mount.remove();
    expect(await server.listTools({})).toEqual([]);
  });

  test('names that collide are an error that says whose they are', async () => {
    const server = createServer({ name: 's', version: '1' });
    server.tool('greet', { description: 'x' }, () => 'own');
    server.mount(other('greet'));
    await expect(server.listTools({})).rejects.toThrow(/"greet".*other/s);
  });
});
