import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  BodyVariant,
  CookieParameter,
  HeaderParameter,
  Operation,
  PartPlan,
  PathParameter,
  QueryParameter,
  RequestPlan,
} from '../../model/index.ts';
import { propertyRuns } from '../../property-runs.test.fixture.ts';
import type { BuiltRequest } from './http.ts';
import { buildRequest } from './request/build-request.ts';

// What a reader that knows only the RFCs and the plan reads from the wire is what was given. The readers below share
// nothing with the serialisers. Values that a style cannot tell apart, by its own specification, are not given to it.

const NAME = 'v';
const style = <Name extends string>(name: Name, explode: boolean) => ({ kind: 'style', style: name, explode }) as const;

async function built(plan: Partial<RequestPlan>, args: Readonly<Record<string, unknown>>): Promise<BuiltRequest> {
  const request: RequestPlan = {
    method: 'POST',
    servers: 'api',
    path: ['/op'],
    fixedQuery: '',
    query: [],
    headers: [],
    cookies: [],
    coercions: [],
    renamed: false,
    ...plan,
  };
  const operation: Operation = {
    id: 'op',
    origin: { pointer: '#', method: 'post', path: '/op', tags: [], deprecated: false },
    request,
    response: { accept: '', wrapped: false, pagingArguments: [] },
    auth: [],
    arguments: { type: 'object', properties: {}, required: [], additionalProperties: true },
  };
  return buildRequest({
    operation,
    schemas: {},
    arguments: args,
    serverUrl: 'https://api.test/base',
    files: {},
    signal: new AbortController().signal,
  });
}

// --- what is given -------------------------------------------------------------------------------------------------

/** Text of any characters but some. */
const textWithout = (forbidden: RegExp, constraints: fc.StringConstraints = {}) =>
  fc.oneof(
    fc.string({ unit: 'grapheme-ascii', ...constraints }).filter((text) => !forbidden.test(text)),
    fc.string({ unit: 'binary', ...constraints }).filter((text) => !forbidden.test(text)),
  );
const NOTHING = /(?!)/;

type Primitive = string | number | boolean;
const primitive = (text: fc.Arbitrary<string>): fc.Arbitrary<Primitive> =>
  fc.oneof({ weight: 3, arbitrary: text }, fc.integer(), fc.boolean(), fc.constantFrom(0, 0.25, -17.5));
const keys = (text: fc.Arbitrary<string>) => text.filter((key) => key !== '__proto__');

type Value = Primitive | Primitive[] | Record<string, Primitive>;
function values(text: fc.Arbitrary<string>, key = text): fc.Arbitrary<Value> {
  return fc.oneof(
    primitive(text),
    fc.array(primitive(text), { minLength: 1, maxLength: 4 }),
    fc.dictionary(keys(key), primitive(text), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  );
}

/** What any reader of text can know: the texts, and which of them belong together. */
type Read = string | string[] | Record<string, string>;
const textOf = (value: Primitive): string => (typeof value === 'string' ? value : JSON.stringify(value));
function texts(value: Value): Read {
  if (Array.isArray(value)) return value.map(textOf);
  if (typeof value !== 'object') return textOf(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, textOf(member)]));
}
type Shape = 'text' | 'list' | 'map';
const shapeOf = (value: Value): Shape => (Array.isArray(value) ? 'list' : typeof value === 'object' ? 'map' : 'text');

// --- readers -------------------------------------------------------------------------------------------------------

/** RFC 3986 §2.1, strictly: a stray "%" fails. */
const percentDecoded = (text: string): string => decodeURIComponent(text);
const atFirst = (text: string, separator: string): [string, string] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
};
const inPairs = (items: string[]): Record<string, string> =>
  Object.fromEntries(items.flatMap((item, index) => (index % 2 ? [] : [[item, items[index + 1] ?? '?']])));

interface Parsed {
  readonly shape: Shape;
  readonly explode: boolean;
  readonly decode: (text: string) => string;
}

/** The value part of a style whose members a separator parts; exploded maps have "=" within. */
function readMembers(text: string, separator: string, { shape, explode, decode }: Parsed): Read {
  if (shape === 'text') return decode(text);
  const members = text.split(separator);
  if (shape === 'list') return members.map(decode);
  if (!explode) return inPairs(members.map(decode));
  return Object.fromEntries(members.map((member) => atFirst(member, '=').map(decode)));
}

/** Named pairs (form, matrix, cookie), which explode into pairs of their own. */
function readPairs(pairs: string[], separator: string, parsed: Parsed): Read {
  const read = pairs.map((pair) => atFirst(pair, '='));
  const { shape, explode, decode } = parsed;
  if (shape === 'map' && explode) return Object.fromEntries(read.map((pair) => pair.map(decode)));
  expect(read.every(([name]) => decode(name) === NAME)).toBe(true);
  if (shape === 'list' && explode) return read.map(([, value]) => decode(value));
  expect(read).toHaveLength(1);
  return readMembers(read[0]?.[1] ?? '?', separator, { ...parsed, explode: false });
}

/** RFC 3986 §3.3, §3.4: nothing that is not allowed in a path or query. */
const LEGAL_PATH = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-F]{2})*$/;
const LEGAL_QUERY = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-F]{2})*$/;

// --- the properties ------------------------------------------------------------------------------------------------

const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => Promise<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, property), { numRuns: propertyRuns(150) });

describe('path (RFC 6570 §3.2.2, §3.2.5, §3.2.7)', () => {
  // A dot is not encoded, so an item of an exploded label cannot have one.
  const cases = [
    { name: 'simple', explode: false, text: NOTHING },
    { name: 'simple', explode: true, text: NOTHING },
    { name: 'label', explode: false, text: NOTHING },
    { name: 'label', explode: true, text: /\./ },
    { name: 'matrix', explode: false, text: NOTHING },
    { name: 'matrix', explode: true, text: NOTHING },
  ] as const;
  test.each(cases)('$name, explode $explode', async ({ name, explode, text }) => {
    const format = style(name, explode);
    const parameter: PathParameter = { argument: NAME, name: NAME, format, allowReserved: false };
    // Steps of dots are refused, wherever they stand.
    const dots = (item: string) => item.split(/[/\\;]/).some((step) => /^\.{1,2}$/.test(step));
    // The dots of an exploded label count as well: ["/", ""] is "./.".
    const joined = (items: readonly string[]) => (name === 'label' && explode ? [`.${items.join('.')}`] : items);
    const fits = (value: Value) => {
      const read = texts(value);
      // The keys of an object are written as well.
      const items = typeof read === 'string' ? [read] : Array.isArray(read) ? read : Object.entries(read).flat();
      return !items.some((item) => text.test(item)) && !joined(items).some(dots);
    };
    await check(values(textWithout(text)).filter(fits), async (value) => {
      // With a letter next to it, because a segment of dots alone is rejected.
      const { target } = await built({ path: ['/x', parameter, '/end'] }, { [NAME]: value });
      expect(target.startsWith('https://api.test/base/x')).toBe(true);
      const raw = target.slice('https://api.test/base/x'.length, -'/end'.length);
      expect(raw).toMatch(LEGAL_PATH);
      expect(raw).not.toContain('/');
      const parsed = { shape: shapeOf(value), explode, decode: percentDecoded };
      expect(readPath(raw, name, parsed)).toEqual(texts(value));
    });
  });

  function readPath(raw: string, name: 'simple' | 'label' | 'matrix', parsed: Parsed): Read {
    if (name === 'simple') return readMembers(raw, ',', parsed);
    expect(raw[0]).toBe(name === 'label' ? '.' : ';');
    if (name === 'label') return readMembers(raw.slice(1), parsed.explode ? '.' : ',', parsed);
    return readPairs(raw.slice(1).split(';'), ',', parsed);
  }

  test('a segment is read back or rejected, but never changes the path', async () => {
    const parameter: PathParameter = {
      argument: NAME,
      name: NAME,
      format: style('simple', false),
      allowReserved: false,
    };
    const text = fc.oneof(
      textWithout(NOTHING),
      fc.constantFrom('.', '..', '%2e', '%2E%2e', '../a', '/', '//h', '?', '#', ''),
    );
    await check(text, async (value) => {
      const request = built({ path: ['/a/', parameter, '/b'] }, { [NAME]: value });
      if (value === '' || value.split(/[/\\;]/).some((step) => step === '.' || step === '..')) {
        await expect(request).rejects.toMatchObject({ code: 'UNSAFE_ARGUMENT' });
        return;
      }
      const { pathname, search, hash, host } = new URL((await request).target);
      expect([host, search, hash]).toEqual(['api.test', '', '']);
      const segments = pathname.split('/');
      expect(segments.map((segment, index) => (index === 3 ? percentDecoded(segment) : segment))).toEqual([
        '',
        'base',
        'a',
        value,
        'b',
      ]);
    });
  });

  test('a value whose slashes pass stays below its prefix', async () => {
    const parameter: PathParameter = {
      argument: NAME,
      name: NAME,
      format: style('simple', false),
      allowReserved: true,
    };
    const piece = fc.oneof(textWithout(NOTHING), fc.constantFrom('.', '..', '%2e%2E', '', '%2F', '%5c', '\\'));
    await check(fc.array(piece, { minLength: 1, maxLength: 4 }), async (pieces) => {
      const value = pieces.join('/');
      const request = await built({ path: ['/v1/', parameter, ':go'] }, { [NAME]: value }).catch((error) => error);
      if (request.code === 'UNSAFE_ARGUMENT') return;
      const { pathname, search, hash, host } = new URL(request.target);
      expect([host, search, hash]).toEqual(['api.test', '', '']);
      expect(`https://api.test${pathname}`).toBe(request.target);
      expect(pathname).toMatch(/^\/base\/v1\/[^/]/);
      expect(pathname.endsWith(':go')).toBe(true);
      if (!/%[0-9a-f]{2}/i.test(value)) expect(percentDecoded(pathname)).toBe(`/base/v1/${value}:go`);
    });
  });
});

describe('query (OpenAPI 3.1.1 "Style Examples", RFC 6570 §3.2.8)', () => {
  // Space, pipe and tab are encoded as delimiters and as data, so an item cannot have them.
  const cases = [
    { name: 'form', explode: false, separator: ',', text: NOTHING },
    { name: 'form', explode: true, separator: ',', text: NOTHING },
    { name: 'spaceDelimited', explode: false, separator: '%20', text: / / },
    { name: 'pipeDelimited', explode: false, separator: '%7C', text: /\|/ },
    { name: 'tabDelimited', explode: false, separator: '%09', text: /\t/ },
  ] as const;
  test.each(cases)('$name, explode $explode', async ({ name, explode, separator, text }) => {
    const parameter: QueryParameter = {
      argument: NAME,
      name: NAME,
      format: style(name, explode),
      allowReserved: false,
      allowEmptyValue: false,
    };
    await check(values(textWithout(text)), async (value) => {
      const query = (await built({ query: [parameter] }, { [NAME]: value })).query.join('&');
      expect(query).toMatch(LEGAL_QUERY);
      const parsed = { shape: shapeOf(value), explode, decode: percentDecoded };
      expect(readPairs(query.split('&'), separator, parsed)).toEqual(texts(value));
    });
  });

  test('several parameters keep apart, whatever their names', async () => {
    const pairs = fc.uniqueArray(fc.tuple(textWithout(NOTHING), primitive(textWithout(NOTHING))), {
      selector: ([name]) => name,
      maxLength: 5,
    });
    await check(pairs, async (given) => {
      const query = given.map(
        ([name], index): QueryParameter => ({
          argument: `a${index}`,
          name,
          format: style('form', true),
          allowReserved: false,
          allowEmptyValue: false,
        }),
      );
      const args = Object.fromEntries(given.map(([, value], index) => [`a${index}`, value]));
      const read = (await built({ query }, args)).query.map((pair) => atFirst(pair, '=').map(percentDecoded));
      expect(read).toEqual(given.map(([name, value]) => [name, textOf(value)]));
    });
  });

  test('allowReserved keeps values without percent-encoded triplets, in one parameter', async () => {
    const parameter: QueryParameter = {
      argument: NAME,
      name: NAME,
      format: style('form', true),
      allowReserved: true,
      allowEmptyValue: false,
    };
    await check(textWithout(/%[0-9a-f]{2}/i), async (value) => {
      const { query } = await built({ query: [parameter] }, { [NAME]: value });
      expect(query).toHaveLength(1);
      expect(query[0]).not.toMatch(/[#&]/);
      expect(atFirst(query[0] ?? '', '=').map(percentDecoded)).toEqual([NAME, value]);
    });
  });

  test('deepObject, read as qs, PHP and Stripe do', async () => {
    const parameter: QueryParameter = {
      argument: NAME,
      name: NAME,
      format: style('deepObject', true),
      allowReserved: false,
      allowEmptyValue: false,
    };
    // Brackets in keys, empty keys and numbers as keys mean something else in this notation.
    const key = keys(textWithout(/[[\]]|^\d+$|^$/));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        primitive(textWithout(NOTHING)).map(textOf),
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    const root = fc.dictionary(key, tree, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
    await check(root, async (value) => {
      const { query } = await built({ query: [parameter] }, { [NAME]: value });
      expect(query.join('&')).toMatch(LEGAL_QUERY);
      expect(readBrackets(query)).toEqual({ [NAME]: value });
    });
  });

  /** `a[b][0][c]=x`, `a[]=x`: brackets name a member, a number is an index, nothing appends. */
  function readBrackets(pairs: readonly string[]): unknown {
    interface Branch {
      readonly members: Map<string, Branch>;
      text?: string;
    }
    const branch = (): Branch => ({ members: new Map() });
    const root = branch();
    for (const pair of pairs) {
      const [name, text] = atFirst(pair, '=').map(percentDecoded) as [string, string];
      const [head = '', ...rest] = name.split('[');
      let at = root;
      for (const step of [head, ...rest.map((piece) => piece.slice(0, -1))]) {
        const member = step === '' ? String(at.members.size) : step;
        const next = at.members.get(member) ?? branch();
        at.members.set(member, next);
        at = next;
      }
      at.text = text;
    }
    return grown(root);

    function grown({ members, text }: Branch): unknown {
      if (text !== undefined) return text;
      const entries = [...members].map(([name, member]): [string, unknown] => [name, grown(member)]);
      const list = entries.every(([name], index) => name === String(index));
      return list ? entries.map(([, member]) => member) : Object.fromEntries(entries);
    }
  }

  test('a JSON query', async () => {
    const queryString = { argument: NAME, encoding: { kind: 'json' } } as const;
    await check(fc.jsonValue({ noUnicodeString: false }), async (value) => {
      const { query } = await built({ queryString }, { [NAME]: value });
      expect(JSON.parse(percentDecoded(query.join('&')))).toEqual(asJson(value));
    });
  });
});

/** As JSON has it: no -0, no keys without value. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('headers (RFC 9110 §5.5)', () => {
  const CONTROL = /[\p{Cc}]/u;
  // White space around a value is not part of it; "," and "=" are not told apart from delimiters.
  test.each([{ explode: false }, { explode: true }])('simple, explode $explode', async ({ explode }) => {
    const parameter: HeaderParameter = { argument: NAME, name: 'X-V', format: style('simple', explode) };
    const bare = textWithout(CONTROL).filter((text) => text === text.trim());
    const item = bare.filter((text) => !/[,=]/.test(text));
    const given = fc.oneof(primitive(bare), values(item));
    await check(given, async (value) => {
      const { headers } = await built({ headers: [parameter] }, { [NAME]: value });
      const octets = Buffer.from(headers[0]?.[1] ?? '', 'latin1');
      const parsed = { shape: shapeOf(value), explode, decode: (text: string) => text };
      expect(readMembers(octets.toString('utf8'), ',', parsed)).toEqual(texts(value));
    });
  });

  test('any text is sent whole or refused', async () => {
    const parameter: HeaderParameter = { argument: NAME, name: 'X-V', format: style('simple', false) };
    await check(fc.string({ unit: 'binary' }), async (value) => {
      const request = await built({ headers: [parameter] }, { [NAME]: value }).catch((error) => error);
      if (request.code === 'UNSAFE_ARGUMENT') return;
      expect(request.headers).toHaveLength(1);
      expect(request.headers[0][1]).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);
    });
  });
});

describe('cookies (RFC 6265 §4.2.1)', () => {
  const cases = (['form', 'cookie'] as const).flatMap((name) => [
    { name, explode: false },
    { name, explode: true },
  ]);
  test.each(cases)('$name, explode $explode', async ({ name, explode }) => {
    const parameter: CookieParameter = { argument: NAME, name: NAME, format: style(name, explode) };
    const raw = name === 'cookie';
    const text = raw ? fc.stringMatching(/^[!#-+\--:<-[\]-~]*$/) : textWithout(NOTHING);
    const key = raw ? fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/) : text;
    await check(values(text, key), async (value) => {
      const { cookies } = await built({ cookies: [parameter] }, { [NAME]: value });
      const header = cookies.join('; ');
      expect(header).toMatch(/^[\x21\x23-\x5b\x5d-\x7e ]*$/);
      const parsed = { shape: shapeOf(value), explode, decode: raw ? (read: string) => read : percentDecoded };
      expect(readPairs(header.split('; '), ',', parsed)).toEqual(texts(value));
    });
  });
});

describe('bodies', () => {
  const variant = (mediaType: string, encoding: BodyVariant['encoding']) => ({
    body: {
      required: true,
      variants: [{ mediaType, encoding, source: { kind: 'argument', argument: 'body' } } as const],
    },
  });

  test('JSON (RFC 8259)', async () => {
    await check(fc.jsonValue({ noUnicodeString: false }), async (value) => {
      const { body } = await built(variant('application/json', { kind: 'json' }), { body: value });
      expect(JSON.parse(String(body))).toEqual(asJson(value));
    });
  });

  test('a form (WHATWG URL §5.1)', async () => {
    const text = textWithout(NOTHING);
    const member = fc.oneof(primitive(text), fc.array(primitive(text), { minLength: 2, maxLength: 3 }));
    const form = fc.dictionary(keys(text), member, { noNullPrototype: true });
    const plan = variant('application/x-www-form-urlencoded', { kind: 'form', fields: {}, other: { kind: 'plain' } });
    await check(form, async (value) => {
      const { body } = await built(plan, { body: value });
      const given = Object.entries(value).flatMap(([name, held]) => [held].flat().map((one) => [name, textOf(one)]));
      expect(readForm(String(body))).toEqual(given);
    });
  });

  function readForm(body: string): string[][] {
    expect(body).toMatch(/^[A-Za-z0-9*\-._+%&=]*$/);
    const pieces = body.split('&').filter((piece) => piece !== '');
    return pieces.map((piece) => atFirst(piece, '=').map((text) => percentDecoded(text.replaceAll('+', ' '))));
  }

  test('multipart with files of any bytes (RFC 7578, RFC 2046 §5.1.1)', async () => {
    // Names carry '"', CR and LF percent-encoded, so a "%" would be ambiguous there.
    const name = textWithout(/%|^__proto__$/, { minLength: 1 });
    const part = fc.oneof(
      textWithout(NOTHING),
      fc.record({ bytes: fc.uint8Array({ maxLength: 300 }), filename: name }),
      fc.constant({ bytes: new TextEncoder().encode('\r\n--boundary--\r\n'), filename: '--' }),
    );
    const parts = fc.uniqueArray(fc.tuple(name, part), { selector: ([key]) => key, maxLength: 4 });
    const plan = (bytes: boolean): PartPlan => ({ mediaTypes: [], bytes, repeat: false, headers: [] });
    await check(parts, async (given) => {
      const encoding = {
        kind: 'multipart',
        parts: Object.fromEntries(given.map(([key, value]) => [key, plan(typeof value === 'object')])),
        other: plan(false),
      } as const;
      const value = Object.fromEntries(
        given.map(([key, held]) => [
          key,
          typeof held === 'string'
            ? held
            : { base64: Buffer.from(held.bytes).toString('base64'), filename: held.filename },
        ]),
      );
      const { body, headers } = await built(variant('multipart/form-data', encoding), { body: value });
      const read = readMultipart(Buffer.from(body ?? ''), headers[0]?.[1] ?? '');
      const want = given.map(([key, held]) =>
        typeof held === 'string'
          ? { name: key, filename: undefined, bytes: Buffer.from(held) }
          : { name: key, filename: held.filename, bytes: Buffer.from(held.bytes) },
      );
      // Keys that look like numbers come first in any object.
      const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      expect(read.sort(byName)).toEqual(want.sort(byName));
    });
  });

  function readMultipart(body: Buffer, contentType: string) {
    const delimiter = Buffer.from(`\r\n--${contentType.split('boundary=')[1]}`);
    const whole = Buffer.concat([Buffer.from('\r\n'), body]);
    const read: { name: string; filename: string | undefined; bytes: Buffer }[] = [];
    let at = whole.indexOf(delimiter);
    expect(at).toBe(0);
    for (;;) {
      const start = at + delimiter.length;
      if (whole.subarray(start, start + 2).toString() === '--') break;
      at = whole.indexOf(delimiter, start);
      const part = whole.subarray(start + 2, at);
      const end = part.indexOf('\r\n\r\n');
      const head = part.subarray(0, end).toString('utf8');
      const parameter = (key: string) => {
        const value = new RegExp(`; ${key}="([^"]*)"`, 'u').exec(head)?.[1];
        return value?.replace(/%(22|0D|0A|00)/g, (triplet) => percentDecoded(triplet));
      };
      read.push({ name: parameter('name') ?? '?', filename: parameter('filename'), bytes: part.subarray(end + 4) });
    }
    return read.map((part) => ({ ...part, bytes: Buffer.from(part.bytes) }));
  }
});
