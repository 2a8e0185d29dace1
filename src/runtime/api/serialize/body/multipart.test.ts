import { describe, expect, test } from 'vitest';
import type { MultipartEncoding, PartPlan } from '../../../../model/index.ts';
import { readFile } from '../files.ts';
import { multipartBody } from './multipart.ts';

const plan = (more: Partial<PartPlan> = {}): PartPlan => ({
  mediaTypes: [],
  bytes: false,
  repeat: true,
  headers: [],
  ...more,
});
const file = (more: Partial<PartPlan> = {}) => plan({ bytes: true, ...more });

async function write(
  value: unknown,
  parts: MultipartEncoding['parts'] = {},
  { mediaType = 'multipart/form-data', args = {}, other = plan() } = {},
) {
  const written = await multipartBody({
    mediaType,
    encoding: { kind: 'multipart', parts, other },
    value,
    arguments: args,
    readFile: (given) => readFile(given, {}, new AbortController().signal),
  });
  const boundary = /boundary=([^;]+)$/.exec(written.contentType)?.[1] ?? '';
  const text = new TextDecoder().decode(written.body);
  return { ...written, boundary, text: text.replaceAll(boundary, 'B') };
}

const field = (name: string, text: string, type = 'text/plain') =>
  `--B\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
const END = '--B--\r\n';

describe('multipart/form-data (RFC 7578)', () => {
  test.each<{ why: string; given: unknown; want: string }>([
    {
      why: 'primitives are text/plain',
      given: { a: 'x y', n: 0, b: false },
      want: field('a', 'x y') + field('n', '0') + field('b', 'false'),
    },
    {
      why: 'text beyond ASCII says its charset',
      given: { a: 'é' },
      want: field('a', 'é', 'text/plain; charset=utf-8'),
    },
    { why: 'objects are JSON', given: { a: { b: null } }, want: field('a', '{"b":null}', 'application/json') },
    { why: 'lists repeat the part (RFC 7578 §4.3)', given: { a: [1, 'x'] }, want: field('a', '1') + field('a', 'x') },
    { why: 'null leaves the part out', given: { a: null, b: undefined, c: [null] }, want: '' },
    { why: 'line breaks stay as they are', given: { a: 'x\ny\r\nz' }, want: field('a', 'x\ny\r\nz') },
    { why: 'no parts', given: {}, want: '' },
    { why: 'names are escaped like a browser', given: { 'a"\r\nb': 1 }, want: field('a%22%0D%0Ab', '1') },
    { why: 'names like those of Object', given: { constructor: 1 }, want: field('constructor', '1') },
  ])('$why', async ({ given, want }) => {
    expect((await write(given)).text).toBe(want + END);
  });

  test.each([
    {
      why: 'a declared type',
      part: plan({ mediaTypes: ['text/csv'] }),
      given: 'a,b',
      want: field('a', 'a,b', 'text/csv'),
    },
    {
      why: 'declared JSON quotes a string',
      part: plan({ mediaTypes: ['application/json'] }),
      given: 'x',
      want: field('a', '"x"', 'application/json'),
    },
    {
      why: 'an object takes the JSON type of several',
      part: plan({ mediaTypes: ['text/xml', 'application/ld+json'] }),
      given: { b: 1 },
      want: field('a', '{"b":1}', 'application/ld+json'),
    },
    { why: 'a range says nothing of text', part: plan({ mediaTypes: ['text/*'] }), given: 'x', want: field('a', 'x') },
    {
      why: 'a list as one part',
      part: plan({ repeat: false }),
      given: [1, 2],
      want: field('a', '[1,2]', 'application/json'),
    },
    {
      why: 'a style names the parts as a query would, unencoded (OpenAPI 3.2.0 Appendix C)',
      part: plan({ format: { kind: 'style', style: 'deepObject', explode: true } }),
      given: { b: 'x y' },
      want: field('a[b]', 'x y'),
    },
    {
      why: 'a delimited style keeps its delimiter',
      part: plan({ format: { kind: 'style', style: 'pipeDelimited', explode: false } }),
      given: ['x', 'y'],
      want: field('a', 'x|y'),
    },
  ])('$why', async ({ part, given, want }) => {
    expect((await write({ a: given }, { a: part })).text).toBe(want + END);
  });

  const upload = (filename: string, type: string) =>
    `--B\r\nContent-Disposition: form-data; name="f"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\nhi\r\n`;
  test.each([
    { why: 'a file always has a name', types: [], given: 'aGk=', want: upload('f.bin', 'application/octet-stream') },
    {
      why: 'its own name and type',
      types: [],
      given: { base64: 'aGk', filename: 'a "b".txt', contentType: 'text/x' },
      want: upload('a %22b%22.txt', 'text/x'),
    },
    {
      why: 'the type by its name',
      types: [],
      given: { base64: 'aGk', filename: 'é.png' },
      want: upload('é.png', 'image/png'),
    },
    {
      why: 'the declared type',
      types: ['image/png'],
      given: { base64: 'aGk', contentType: 'image/gif' },
      want: upload('f.png', 'image/png'),
    },
    {
      why: 'the one of several',
      types: ['image/png', 'image/jpeg'],
      given: { base64: 'aGk', contentType: 'image/jpeg' },
      want: upload('f.jpg', 'image/jpeg'),
    },
    {
      why: 'the first if it matches none of them',
      types: ['image/*', 'image/png'],
      given: { base64: 'aGk', contentType: 'text/css' },
      want: upload('f.png', 'image/png'),
    },
    {
      why: 'its own within a range',
      types: ['image/*'],
      given: { base64: 'aGk', contentType: 'image/gif' },
      want: upload('f.gif', 'image/gif'),
    },
    { why: 'text', types: [], given: { text: 'hi', filename: 'x.csv' }, want: upload('x.csv', 'text/csv') },
  ])('files: $why', async ({ types, given, want }) => {
    expect((await write({ f: given }, { f: file({ mediaTypes: types }) })).text).toBe(want + END);
  });

  test('several files are several parts of one name', async () => {
    const { text } = await write({ f: ['aGk=', 'aGk='] }, { f: file() });
    expect(text).toBe(`${upload('f.bin', 'application/octet-stream').repeat(2)}${END}`);
  });

  test('bytes are unchanged', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { body } = await write({ f: Buffer.from(bytes).toString('base64') }, { f: file() });
    const start = Buffer.from(body).indexOf('\r\n\r\n') + 4;
    expect(body.subarray(start, start + 256)).toEqual(bytes);
  });

  test('part headers (OpenAPI 3.1.1 Encoding Object, headers)', async () => {
    const header = {
      argument: 'trace',
      name: 'X-Trace',
      format: { kind: 'style', style: 'simple', explode: false },
    } as const;
    const parts = { a: plan({ headers: [header, { ...header, argument: 'none', name: 'X-None' }] }) };
    const { text } = await write({ a: 1 }, parts, { args: { trace: 'é' } });
    expect(text).toBe(`${field('a', '1').replace('\r\n\r\n', '\r\nX-Trace: é\r\n\r\n')}${END}`);
    await expect(write({ a: 1 }, parts, { args: { trace: 'a\r\nb' } })).rejects.toMatchObject({
      code: 'UNSAFE_ARGUMENT',
    });
  });

  test('a type from the caller cannot add headers', async () => {
    const given = { base64: '', contentType: 'text/plain\r\nX: 1' };
    await expect(write({ f: given }, { f: file() })).rejects.toMatchObject({ code: 'FILE_REFUSED' });
  });

  test('a value that is not an object has no parts', async () => {
    await expect(write(5)).rejects.toMatchObject({ code: 'INVALID_ARGUMENTS' });
  });

  test('the boundary is new for each body, and at most 70 characters (RFC 2046 §5.1.1)', async () => {
    const [one, two] = [await write({}), await write({})];
    expect(one.boundary).not.toBe(two.boundary);
    expect(one.contentType).toBe(`multipart/form-data; boundary=${one.boundary}`);
    expect(one.boundary).toMatch(/^[\w-]{20,70}$/);
  });
});

describe('other multiparts (RFC 2046 §5.1)', () => {
  const part = (text: string, type: string, more = '') => `--B\r\n${more}Content-Type: ${type}\r\n\r\n${text}\r\n`;

  test('parts have no names, and the order of the document', async () => {
    const { text } = await write({ b: 'x', a: { c: 1 } }, { a: plan(), b: plan() }, { mediaType: 'multipart/mixed' });
    expect(text).toBe(part('{"c":1}', 'application/json') + part('x', 'text/plain') + END);
  });

  test('a list is its parts', async () => {
    const { text } = await write(['x', [1]], {}, { mediaType: 'multipart/mixed' });
    expect(text).toBe(part('x', 'text/plain') + part('[1]', 'application/json') + END);
  });

  test('related names the type of its root (RFC 2387 §3.1)', async () => {
    const parts = { meta: plan(), media: file({ mediaTypes: ['image/png'] }) };
    const { contentType, text } = await write({ media: 'aGk', meta: {} }, parts, { mediaType: 'multipart/related' });
    expect(contentType).toMatch(/^multipart\/related; type="application\/json"; boundary=/);
    expect(text).toBe(
      part('{}', 'application/json') +
        part('hi', 'image/png', 'Content-Disposition: attachment; filename="media.png"\r\n') +
        END,
    );
  });
});
