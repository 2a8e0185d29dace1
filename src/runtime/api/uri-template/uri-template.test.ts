import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTemplateMatcher, expandTemplate, matchTemplate, parseTemplate, type TemplateValue } from './index.ts';

/** RFC 6570 §3.2 */
const VALUES: Record<string, TemplateValue> = {
  count: ['one', 'two', 'three'],
  dom: ['example', 'com'],
  dub: 'me/too',
  hello: 'Hello World!',
  half: '50%',
  var: 'value',
  who: 'fred',
  base: 'http://example.com/home/',
  path: '/foo/bar',
  list: ['red', 'green', 'blue'],
  keys: { semi: ';', dot: '.', comma: ',' },
  v: '6',
  x: '1024',
  y: '768',
  empty: '',
  empty_keys: [],
  undef: null,
};

const EXAMPLES: Record<string, Record<string, string>> = {
  '§3.2.1 variables': {
    '{count}': 'one,two,three',
    '{count*}': 'one,two,three',
    '{/count}': '/one,two,three',
    '{/count*}': '/one/two/three',
    '{;count}': ';count=one,two,three',
    '{;count*}': ';count=one;count=two;count=three',
    '{?count}': '?count=one,two,three',
    '{?count*}': '?count=one&count=two&count=three',
    '{&count*}': '&count=one&count=two&count=three',
  },
  '§3.2.2 simple': {
    '{var}': 'value',
    '{hello}': 'Hello%20World%21',
    '{half}': '50%25',
    'O{empty}X': 'OX',
    'O{undef}X': 'OX',
    '{x,y}': '1024,768',
    '{x,hello,y}': '1024,Hello%20World%21,768',
    '?{x,empty}': '?1024,',
    '?{x,undef}': '?1024',
    '?{undef,y}': '?768',
    '{var:3}': 'val',
    '{var:30}': 'value',
    '{list}': 'red,green,blue',
    '{list*}': 'red,green,blue',
    '{keys}': 'semi,%3B,dot,.,comma,%2C',
    '{keys*}': 'semi=%3B,dot=.,comma=%2C',
  },
  '§3.2.3 reserved': {
    '{+var}': 'value',
    '{+hello}': 'Hello%20World!',
    '{+half}': '50%25',
    '{base}index': 'http%3A%2F%2Fexample.com%2Fhome%2Findex',
    '{+base}index': 'http://example.com/home/index',
    'O{+empty}X': 'OX',
    'O{+undef}X': 'OX',
    '{+path}/here': '/foo/bar/here',
    'here?ref={+path}': 'here?ref=/foo/bar',
    'up{+path}{var}/here': 'up/foo/barvalue/here',
    '{+x,hello,y}': '1024,Hello%20World!,768',
    '{+path,x}/here': '/foo/bar,1024/here',
    '{+path:6}/here': '/foo/b/here',
    '{+list}': 'red,green,blue',
    '{+list*}': 'red,green,blue',
    '{+keys}': 'semi,;,dot,.,comma,,',
    '{+keys*}': 'semi=;,dot=.,comma=,',
  },
  '§3.2.4 fragment': {
    '{#var}': '#value',
    '{#hello}': '#Hello%20World!',
    '{#half}': '#50%25',
    'foo{#empty}': 'foo#',
    'foo{#undef}': 'foo',
    '{#x,hello,y}': '#1024,Hello%20World!,768',
    '{#path,x}/here': '#/foo/bar,1024/here',
    '{#path:6}/here': '#/foo/b/here',
    '{#list}': '#red,green,blue',
    '{#list*}': '#red,green,blue',
    '{#keys}': '#semi,;,dot,.,comma,,',
    '{#keys*}': '#semi=;,dot=.,comma=,',
  },
  '§3.2.5 label': {
    '{.who}': '.fred',
    '{.who,who}': '.fred.fred',
    '{.half,who}': '.50%25.fred',
    'www{.dom*}': 'www.example.com',
    'X{.var}': 'X.value',
    'X{.empty}': 'X.',
    'X{.undef}': 'X',
    'X{.var:3}': 'X.val',
    'X{.list}': 'X.red,green,blue',
    'X{.list*}': 'X.red.green.blue',
    'X{.keys}': 'X.semi,%3B,dot,.,comma,%2C',
    'X{.keys*}': 'X.semi=%3B.dot=..comma=%2C',
    'X{.empty_keys}': 'X',
    'X{.empty_keys*}': 'X',
  },
  '§3.2.6 path': {
    '{/who}': '/fred',
    '{/who,who}': '/fred/fred',
    '{/half,who}': '/50%25/fred',
    '{/who,dub}': '/fred/me%2Ftoo',
    '{/var}': '/value',
    '{/var,empty}': '/value/',
    '{/var,undef}': '/value',
    '{/var,x}/here': '/value/1024/here',
    '{/var:1,var}': '/v/value',
    '{/list}': '/red,green,blue',
    '{/list*}': '/red/green/blue',
    '{/list*,path:4}': '/red/green/blue/%2Ffoo',
    '{/keys}': '/semi,%3B,dot,.,comma,%2C',
    '{/keys*}': '/semi=%3B/dot=./comma=%2C',
  },
  '§3.2.7 path-style parameter': {
    '{;who}': ';who=fred',
    '{;half}': ';half=50%25',
    '{;empty}': ';empty',
    '{;v,empty,who}': ';v=6;empty;who=fred',
    '{;v,bar,who}': ';v=6;who=fred',
    '{;x,y}': ';x=1024;y=768',
    '{;x,y,empty}': ';x=1024;y=768;empty',
    '{;x,y,undef}': ';x=1024;y=768',
    '{;hello:5}': ';hello=Hello',
    '{;list}': ';list=red,green,blue',
    '{;list*}': ';list=red;list=green;list=blue',
    '{;keys}': ';keys=semi,%3B,dot,.,comma,%2C',
    '{;keys*}': ';semi=%3B;dot=.;comma=%2C',
  },
  '§3.2.8 query': {
    '{?who}': '?who=fred',
    '{?half}': '?half=50%25',
    '{?x,y}': '?x=1024&y=768',
    '{?x,y,empty}': '?x=1024&y=768&empty=',
    '{?x,y,undef}': '?x=1024&y=768',
    '{?var:3}': '?var=val',
    '{?list}': '?list=red,green,blue',
    '{?list*}': '?list=red&list=green&list=blue',
    '{?keys}': '?keys=semi,%3B,dot,.,comma,%2C',
    '{?keys*}': '?semi=%3B&dot=.&comma=%2C',
  },
  '§3.2.9 query continuation': {
    '{&who}': '&who=fred',
    '{&half}': '&half=50%25',
    '?fixed=yes{&x}': '?fixed=yes&x=1024',
    '{&x,y,empty}': '&x=1024&y=768&empty=',
    '{&x,y,undef}': '&x=1024&y=768',
    '{&var:3}': '&var=val',
    '{&list}': '&list=red,green,blue',
    '{&list*}': '&list=red&list=green&list=blue',
    '{&keys}': '&keys=semi,%3B,dot,.,comma,%2C',
    '{&keys*}': '&semi=%3B&dot=.&comma=%2C',
  },
};

for (const [section, examples] of Object.entries(EXAMPLES)) {
  describe(`RFC 6570 ${section}`, () => {
    test.each(Object.entries(examples))('%s expands to %s, which it matches', (template, uri) => {
      expect(expandTemplate(template, VALUES)).toBe(uri);
      const values = matchTemplate(template, uri);
      expect(values).toBeDefined();
      // Whatever was read, it writes the same URI; but a prefix, and a "." that could be the operator's or the value's.
      if (!template.includes(':') && template !== 'X{.keys*}') expect(expandTemplate(template, values ?? {})).toBe(uri);
    });
  });
}

describe('matching', () => {
  test.each<[string, string, object | undefined]>([
    ['api://x/pets/{id}', 'api://x/pets/7', { id: '7' }],
    ['api://x/pets/{id}', 'api://x/pets/a%2Fb%20%C3%A9', { id: 'a/b é' }],
    ['api://x/pets/{id}', 'api://x/pets/user:42@home', { id: 'user:42@home' }],
    ['api://x/pets/{id}', 'api://x/pets/7/toys', undefined],
    ['api://x/pets/{id}', 'api://x/pets', undefined],
    ['api://x/pets/{id}', 'api://y/pets/7', undefined],
    ['api://x/pets/{id}', 'api://x/pets/7?verbose=1', undefined],
    ['api://x/pets/{id}', 'api://x/pets/%zz', undefined],
    ['api://x/pets/{id}', 'api://x/pets/%FF', undefined],
    ['api://x/p.ts/{id}', 'api://x/pets/7', undefined],
    ['api://x/a b/{id}', 'api://x/a%20b/7', { id: '7' }],
    ['api://x/pets{?a,b}', 'api://x/pets', {}],
    ['api://x/pets{?a,b}', 'api://x/pets?', {}],
    ['api://x/pets{?a,b}', 'api://x/pets?b=2&a=1', { a: '1', b: '2' }],
    ['api://x/pets{?a,b}', 'api://x/pets?b=2', { b: '2' }],
    ['api://x/pets{?a,b}', 'api://x/pets?b=x%26y%3Dz', { b: 'x&y=z' }],
    ['api://x/pets{?a,b}', 'api://x/pets?a=1&c=3', undefined],
    ['api://x/pets{?a,b}', 'api://x/pets?a=1&a=2', undefined],
    ['api://x/pets{?list*}', 'api://x/pets?list=a', { list: ['a'] }],
    ['api://x/pets{?list*}', 'api://x/pets?list=a&list=b', { list: ['a', 'b'] }],
    ['api://x/pets{?list*,n}', 'api://x/pets?list=a&n=1&list=b', { list: ['a', 'b'], n: '1' }],
    ['api://x/pets{?list}', 'api://x/pets?list=a,b', { list: ['a', 'b'] }],
    ['api://x/pets{?keys*}', 'api://x/pets?r=1&g=2', { keys: { r: '1', g: '2' } }],
    ['api://x/{a:3}', 'api://x/abc', { a: 'abc' }],
    ['api://x/{a:3}', 'api://x/abcd', undefined],
    ['{/var:1,var}', '/v/value', { var: 'value' }],
    ['api://x{/a,b}', 'api://x/1/2', { a: '1', b: '2' }],
    ['api://x{/a,b}', 'api://x/1', { a: '1' }],
    ['api://x{/a,b}', 'api://x/1/2/3', undefined],
    ['api://x{/a*}', 'api://x/1/2/3', { a: ['1', '2', '3'] }],
    ['api://x/{+name}:stop{?a}', 'api://x/projects/p/jobs/1:stop?a=1', { name: 'projects/p/jobs/1', a: '1' }],
    ['api://x/doc{#part}', 'api://x/doc#a/b', { part: 'a/b' }],
    ['api://x/doc{;p,q}', 'api://x/doc;q=2;p=1', { p: '1', q: '2' }],
    ['api://x/file{.format}', 'api://x/file.tar.gz', { format: 'tar.gz' }],
    ['api://x/{__proto__}', 'api://x/a', JSON.parse('{"__proto__":"a"}')],
  ])('%s on %s', (template, uri, want) => {
    expect(matchTemplate(template, uri)).toEqual(want);
  });
});

describe('malformed templates', () => {
  test.each(['{', 'a}', '{}', '{a', '{a b}', '{a:0}', '{a:10000}', '{a,}', '{!a}', '{a*:3}'])('%s', (template) => {
    expect(() => parseTemplate(template)).toThrow(`The URI template "${template}"`);
  });
});

describe('many templates', () => {
  const templates = [
    'api://x/users/{id}',
    'api://x/users/me',
    'api://x/users/{id}/repos{?page}',
    'api://x/users/{id}/{+rest}',
    'api://x{/any*}',
    'api://x/search?kind=code{&q}',
  ];
  const match = createTemplateMatcher(templates);
  test.each<[string, number | undefined]>([
    ['api://x/users/7', 0],
    ['api://x/users/me', 1],
    ['api://x/users/me/repos?page=2', 2],
    ['api://x/users/7/a/b/c', 3],
    ['api://x/else/where', 4],
    ['api://x/search?kind=code&q=a', 5],
    ['api://x/users/7?unknown=1', undefined],
    ['api://y/users/7', undefined],
  ])('%s', (uri, want) => {
    expect(match(uri)?.index).toBe(want);
    expect(match(uri)?.template).toBe(want === undefined ? undefined : templates[want]);
  });

  test('the time does not grow with the number of templates', () => {
    const timed = (templates: number) => {
      const list = Array.from({ length: templates }, (_, n) => `api://x/orgs/{org}/area${n}/{id}{?page,per_page}`);
      const find = createTemplateMatcher(list);
      const rounds = Array.from({ length: 5 }, () => {
        const started = performance.now();
        for (let round = 0; round < 1_000; round++) find(`api://x/orgs/a/area${templates - 1}/7?page=2`);
        return performance.now() - started;
      });
      return Math.min(...rounds);
    };
    timed(7);
    // A scan would take 100 times as long.
    expect(timed(700) / timed(7)).toBeLessThan(20);
  });
});

/** An independent implementation of RFC 6570 §3.2, to check ours against. */
const OPS: Record<string, [first: string, separator: string, named: boolean, ifEmpty: string, reserved: boolean]> = {
  '': ['', ',', false, '', false],
  '+': ['', ',', false, '', true],
  '#': ['#', ',', false, '', true],
  '.': ['.', '.', false, '', false],
  '/': ['/', '/', false, '', false],
  ';': [';', ';', true, '', false],
  '?': ['?', '&', true, '=', false],
  '&': ['&', '&', true, '=', false],
};
function referenceEncode(text: string, reserved: boolean): string {
  const keep = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~${reserved ? ":/?#[]@!$&'()*+,;=" : ''}`;
  const bytes = (character: string) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
  return [...text].map((character) => (keep.includes(character) ? character : bytes(character).join(''))).join('');
}
function referenceExpand(
  operator: string,
  name: string,
  explode: boolean,
  value: string | string[] | Record<string, string>,
) {
  const [first, separator, named, ifEmpty, reserved] = OPS[operator] ?? ['', '', false, '', false];
  const encode = (text: string) => referenceEncode(text, reserved);
  const pair = (key: string, text: string) => (named ? key + (text === '' ? ifEmpty : `=${text}`) : text);
  if (typeof value === 'string') return first + pair(name, encode(value));
  if (Array.isArray(value)) {
    if (explode) return first + value.map((item) => pair(name, encode(item))).join(separator);
    return first + pair(name, value.map(encode).join(','));
  }
  const pairs = Object.entries(value).map(([key, item]) => [encode(key), encode(item)] as const);
  const exploded = pairs.map(([key, item]) => (named ? pair(key, item) : `${key}=${item}`));
  return first + exploded.join(separator);
}

describe('what is expanded is matched', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 12 });
  const operator = fc.constantFrom(...Object.keys(OPS));
  /** An unencoded separator in a value cannot be distinguished from the operator's own. */
  const clear = (op: string, items: readonly string[]) => !items.some((item) => op === '.' && item.includes('.'));

  test('for text', () => {
    fc.assert(
      fc.property(operator, word, (op, value) => {
        // Encoded already, it stays so in reserved expansion.
        fc.pre(!(OPS[op]?.[4] && /%[0-9a-f]{2}/i.test(value)));
        const uri = `api://x/${referenceExpand(op, 'v', false, value)}`;
        const template = `api://x/{${op}v}`;
        expect(expandTemplate(template, { v: value })).toBe(uri);
        expect(matchTemplate(template, uri)).toEqual({ v: value });
        expect(createTemplateMatcher([template])(uri)?.values).toEqual({ v: value });
      }),
    );
  });

  test('for lists', () => {
    fc.assert(
      fc.property(operator, fc.boolean(), fc.array(word, { minLength: 2, maxLength: 4 }), (op, explode, list) => {
        fc.pre(clear(op, explode ? list : []) && !OPS[op]?.[4]);
        const uri = `api://x/${referenceExpand(op, 'v', explode, list)}`;
        const template = `api://x/{${op}v${explode ? '*' : ''}}`;
        expect(expandTemplate(template, { v: list })).toBe(uri);
        expect(matchTemplate(template, uri)).toEqual({ v: list });
      }),
    );
  });

  test('for exploded objects', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).filter((name) => name !== 'v');
    const object = fc.dictionary(key, word, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(operator, object, (op, keys) => {
        fc.pre(clear(op, Object.entries(keys).flat()) && !OPS[op]?.[4]);
        const uri = `api://x/${referenceExpand(op, 'v', true, keys)}`;
        expect(expandTemplate(`api://x/{${op}v*}`, { v: keys })).toBe(uri);
        expect(matchTemplate(`api://x/{${op}v*}`, uri)).toEqual({ v: keys });
      }),
    );
  });

  test('for several variables at once, each of a query optional', () => {
    const maybe = fc.option(word, { nil: undefined });
    fc.assert(
      fc.property(word, word, maybe, maybe, fc.array(word, { minLength: 1 }), (a, b, c, d, list) => {
        const given = { a, b, ...(c !== undefined && { c }), ...(d !== undefined && { d }), list };
        const template = 'api://x/{a}/of{/b}{?c,d,list*}';
        expect(matchTemplate(template, expandTemplate(template, given))).toEqual(given);
      }),
    );
  });
});
