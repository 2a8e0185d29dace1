import { describe, expect, test } from 'vitest';
import { parseText } from './parse-text.ts';
import { isPlain, surveyOf } from './survey.ts';

describe('a text is plain', () => {
  test.each([
    ['{"a": "\\"b\\" \\/ \\n\\r\\t"}', true],
    ['a: "b\\n"\nc: \'d\'\n', true],
    ['{"a": "\\u200b"}', false],
    ['{"a": "\\b"}', false],
    ['{"a": "\u200b"}', false],
    ['{"a": "\u007f"}', false],
    ['a: "\\x07"', false],
    ['a: "\\e"', false],
    ['a: "\\u200b"', false],
    ['a: "\\U000e0041"', false],
    ['a: "\\N"', false],
    ['{a: "\\x07"}', false],
    // A backslash and a letter: nothing is hidden, but to see that takes a look at each string.
    ['{"pattern": "^\\\\d+$"}', false],
  ])('%j: %s', async (text, plain) => {
    expect(isPlain(text)).toBe(plain);
    const { value } = await parseText(text, 'memory');
    // Never the other way round.
    if (plain) expect(surveyOf(value).mayHideText).toBe(false);
  });
});

test('of a plain text, only what else is of interest is looked for', () => {
  const deep = JSON.parse(`${'['.repeat(600)}"x"${']'.repeat(600)}`);
  expect(surveyOf(deep, true).isTooDeep).toBe(true);
  expect(surveyOf({ $dynamicRef: '#a' }, true)).toEqual({ isTooDeep: false, mayHideText: false, hasDynamicRefs: true });
});
