import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { applyOverlay } from '../parse/overlay.ts';
import { createArgumentValidator, createSchemaCompiler } from '../runtime/api/validate-arguments.ts';
import { judgePattern } from '../runtime/pattern/judge-pattern.ts';
import { parsePattern } from '../runtime/pattern/parse-pattern.ts';
import { mostSteps } from '../runtime/pattern/pattern-cost.ts';
import { patternsReady, patternTest, searchTests } from '../runtime/pattern/pattern-test.ts';

const LENGTH = 2_048;
const filled = (part: string, end = '') => part.repeat(LENGTH).slice(0, LENGTH - end.length) + end;

/** Patterns that a backtracking engine takes very long for, and texts that make it do so. */
const ATTACKS: readonly (readonly [pattern: string, ...texts: string[]])[] = [
  ['^(a|a)*$', filled('a', '!')],
  ['^(\\w|\\d)+$', filled('1', '!')],
  ['^([a-z]|[a-y]|b)+@$', filled('b', '!'), filled('a')],
  ['^.*.*.*.*x$', filled('y')],
  ['^(a+)+$', filled('a', '!')],
  ['^(a*)*$', filled('a', '!')],
  ['^(a?)*$', filled('a', '!')],
  ['^(a|aa)+$', filled('a', '!')],
  ['^(a|a?)+$', filled('a', '!')],
  ['(x+x+)+y', filled('x')],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', filled('a')],
  ['^(.*a){12}$', filled('a', '!')],
  ['^(.*?a){12}$', filled('a', '!')],
  [
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    filled('a'),
  ],
  ['^(\\d+|\\d+\\.\\d+)+$', filled('1', '!')],
  ['(.*)*=(.*)*;', filled('=')],
  ['^\\s*(\\S+\\s*)*$', filled('a ', '\u0000'), filled(' ')],
  ['\\s+$', filled(' ', 'x')],
  ['^(\\s|\\n)+$', filled('\n', 'x')],
  ['.*.*=.*', filled('x=').replaceAll('=', '-')],
  ['a*a*a*a*a*b', filled('a')],
  ['^a*a*a*a*a*$', filled('a', '!')],
  ['\\d+\\d+\\d+x', filled('1')],
  ['^[\\w.]+[\\w.]+[\\w.]+@', filled('a')],
  ['^(?:[a-z]+-?)+$', filled('a', '!')],
  ['^(?:a{1,30}){1,30}$', filled('a')],
  ['^(a?){30}a{30}$', filled('a', '')],
  ['^(?:a?){250}a{250}$', filled('a')],
  ['^(?:(?:a|b|ab)*c?)*$', filled('ab', '!')],
  ['^(|a)+$', filled('a', '!')],
  ['^(|a|b|ab)*$', filled('ab', '!')],
  ['(?:(?:a|a)(?:a|a)){20}b', filled('a')],
  [
    '(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)b',
    filled('a'),
  ],
  ['[ab]*a[ab]{300}c', filled('ab')],
  ['(?:[ab]{0,100}a[ab]{100}c)*$', filled('abaab')],
  ['^(\\p{L}|\\p{Ll})+$', filled('é', '!')],
  ['^(?:\\u{1F600}|.)+$', filled('\u{1F600}', '\n')],
  ['^(?=(a+)+$)', filled('a', '!')],
  ['^(?!(a|a)*$)a*$', filled('a', '!')],
  ['(?<=(a|a)*)b', filled('a', 'b')],
  ['^(?=.*a)(?=.*b)(?=.*c)(?=.*d).*$', filled('abc')],
  ['(?=.*a.*b)(?=.*c.*d)', filled('ac')],
  ['^(a+)\\1+$', filled('a', '!')],
  ['(a*)\\1\\1\\1b', filled('a')],
  ['^(?<n>a+)+\\k<n>$', filled('a', '!')],
  ['^([^"\\\\]|\\\\.|[^"])*"$', filled('\\a', '!')],
  ['^<(\\w+\\s*)*>$', filled('a', '!')],
  ['^(https?:\\/\\/)?([\\da-z.-]+)\\.([a-z.]{2,6})([\\/\\w .-]*)*\\/?$', filled('a'), `a.bb${filled('/').slice(8)}!`],
  [
    '^(([^<>()[\\]\\\\.,;:\\s@"]+(\\.[^<>()[\\]\\\\.,;:\\s@"]+)*)|(".+"))@((\\[[0-9]{1,3}\\])|(([a-zA-Z\\-0-9]+\\.)+[a-zA-Z]{2,}))$',
    filled('a.'),
    `a@${filled('a.').slice(8)}!`,
  ],
  ['^(?:.{0,500}){0,3}x$', filled('a')],
  ['(?:a{0,1000}b{0,1000}){0,2}c', filled('ab')],
  ['^(.|\\n)*\\)$', filled('a\n')],
  ['\\b(\\w+\\b\\s*)+!', filled('a ')],
];

/** Milliseconds that a text takes, the best of three: the machine may be busy with something else. */
function duration(test: (text: string) => boolean, text: string): number {
  const once = () => {
    const start = performance.now();
    test(text);
    return performance.now() - start;
  };
  let best = once();
  for (let retry = 0; retry < 3 && best > 50; retry++) best = Math.min(best, once());
  return best;
}

beforeAll(async () => {
  for (const [pattern] of ATTACKS) patternTest(pattern);
  await patternsReady();
});

describe('patterns that are written to take for ever', () => {
  test('are many', () => expect(ATTACKS.length).toBeGreaterThanOrEqual(50));

  test.each(ATTACKS)('%s is refused, or soon done', (pattern, ...texts) => {
    const run = patternTest(pattern);
    if (!run) return expect(judgePattern(pattern).kind).toBe('unsafe');
    for (const text of texts) expect(duration(run, text)).toBeLessThan(50);
  });

  test.each(ATTACKS)('%s never runs as it is, beyond the steps that its shape allows', (pattern) => {
    const tree = parsePattern(pattern);
    if (judgePattern(pattern).kind === 'native') expect(tree && mostSteps(tree)).toBeLessThanOrEqual(5_000_000);
  });
});

/** A pattern of the constructions that make engines backtrack. */
const hostile: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 6, depthSize: 'xlarge' },
    fc.constantFrom('a', 'b', '.', '[ab]', '\\w', '[^b]', '\\d', ' ', '\\s', '(?:)'),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, two]) => one + two),
    fc.tuple(tie('pattern'), tie('pattern')).map(([one, two]) => `(${one}|${two})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '{2,}', '{0,9}', '{3}', '{0,200}'))
      .map(([one, quantifier]) => `(?:${one})${quantifier}`),
    tie('pattern').map((one) => `(?=${one})`),
    tie('pattern').map((one) => `^${one}$`),
  ),
})).pattern;

test('500 hostile patterns: each is refused, or soon done', { timeout: 15_000 }, async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  process.stdout.write(`hostile patterns: FUZZ_SEED=${seed}\n`);
  const texts = [filled('a', '!'), filled('ab', 'c'), filled('a1 ', '\n')];
  const slow: string[] = [];
  const kinds: string[] = [];
  for (const pattern of fc.sample(hostile, { numRuns: 500, seed })) {
    const run = patternTest(pattern);
    await patternsReady();
    kinds.push(judgePattern(pattern).kind);
    if (run && texts.some((text) => duration(run, text) > 50)) slow.push(pattern);
  }
  expect(slow, `FUZZ_SEED=${seed}`).toEqual([]);
  // Each way of judging has its share, or the test would say little.
  for (const kind of ['native', 'linear', 'unsafe'])
    expect(kinds.filter((one) => one === kind).length).toBeGreaterThan(20);
});

test('a document with 10,000 hostile patterns is judged by their length alone', () => {
  // A pattern that is not safe costs what one costs that is: the same signs are read once each.
  const judged = Array.from({ length: 10_000 }, (_, index) =>
    judgePattern(`^(?=(${'a|'.repeat(40)}a)*)(a+)+${index}$`),
  );
  expect(new Set(judged.map(({ kind }) => kind))).toEqual(new Set(['unsafe']));
  expect(judgePattern(`${'('.repeat(4_000)}a${')'.repeat(4_000)}`).kind).toBe('unsafe');
  expect(judgePattern('(?:a|a){1000000000}').kind).toBe('unsafe');
  expect(judgePattern('(?:){0,1000000000}(|a){1000000000}').kind).toBe('unsafe');
  expect(judgePattern('a'.repeat(20_000)).kind).toBe('unsafe');
});

describe('wherever patterns of others run', () => {
  const evil = '^(a|a)*$';
  const text = filled('a', '!');
  const operation = (properties: object) => ({
    arguments: {
      type: 'object' as const,
      properties: { value: properties },
      required: [],
      additionalProperties: false,
    },
  });

  test.each<{ what: string; schema: object; value: unknown; fault?: string }>([
    { what: 'pattern', schema: { pattern: evil }, value: text, fault: 'value: must match the pattern' },
    { what: 'patternProperties', schema: { patternProperties: { [evil]: false } }, value: { [text]: 1 } },
    {
      what: 'propertyNames',
      schema: { propertyNames: { pattern: evil } },
      value: { [text]: 1 },
      fault: 'value: must match',
    },
  ])('$what of arguments is held to by an engine of linear time', async ({ schema, value, fault }) => {
    const faults = await createArgumentValidator().validate(operation(schema), {}, { value });
    expect(faults.map(({ message }) => message)).toEqual(fault ? [expect.stringContaining(fault)] : []);
  });

  test('the pattern of a schema that a remote server promises is no exception', async () => {
    const check = await createSchemaCompiler()({ type: 'string', pattern: evil });
    expect(check?.(text)).toMatchObject([{ keyword: 'pattern' }]);
    const unknown = await createSchemaCompiler()({ type: 'string', pattern: '^(?!b)(a|a)*$' });
    expect(unknown?.(text)).toEqual([]);
  });

  test('what the programmer wrote is trusted', async () => {
    const check = await createSchemaCompiler({ schemasOf: 'programmer' })({ pattern: '^(?!b)(a|a)*$' });
    expect(check?.('b')).toMatchObject([{ keyword: 'pattern' }]);
  });

  test('a format that takes a time of the square of the length is held to by short texts only', async () => {
    const check = await createSchemaCompiler({ schemasOf: 'programmer' })({ format: 'url' });
    expect(check?.(`http://${'a:'.repeat(20)} `)).toMatchObject([{ keyword: 'format' }]);
    expect(check?.(`http://${'a:'.repeat(500_000)} `)).toEqual([]);
  });

  test('match() and search() of an overlay are held to by an engine of linear time', async () => {
    const document = { items: [{ name: `${filled('a')}!` }, { name: 'aaa' }], pattern: '(a|a)*' };
    const overlay = {
      overlay: '1.1.0',
      actions: [
        { target: '$.items[?match(@.name, $.pattern)]', update: { matched: true } },
        { target: '$.items[?search(@.name, "(a|a)*!")]', update: { found: true } },
      ],
    };
    const { root, problems } = await applyOverlay(document, overlay, 'overlay.yaml');
    expect(problems).toEqual([]);
    expect(root).toMatchObject({ items: [{ found: true }, { name: 'aaa', matched: true }] });
    expect(root).not.toMatchObject({ items: [{ matched: true }] });
  });

  test('a pattern of I-Regexp alone searches an overlay', async () => {
    const searches = await searchTests();
    expect(searches('^(?:a[^\\n\\r]c)$')('abc')).toBe(true);
    const overlay = { overlay: '1.1.0', actions: [{ target: '$.items[?search(@, "a(?=b)")]', remove: true }] };
    expect((await applyOverlay({ items: ['ab'] }, overlay, 'o.yaml')).problems).toMatchObject([
      { code: 'OVERLAY_UNMATCHED' },
    ]);
  });
});
