import { describe, expect, test } from 'vitest';
import { firstSentence, plainText } from './first-sentence.ts';

describe('the first sentence', () => {
  test.each([
    { given: 'Lists pets. Use limit.', want: 'Lists pets.' },
    { given: 'Lists pets', want: 'Lists pets' },
    { given: '', want: '' },
    { given: 'Lists pets, e.g. Dogs. More.', want: 'Lists pets, e.g. Dogs.' },
    { given: 'Uses version 1.5 of it. More.', want: 'Uses version 1.5 of it.' },
    { given: 'See api.test.com for more. More.', want: 'See api.test.com for more.' },
    { given: 'Deprecated. Lists pets. More.', want: 'Deprecated. Lists pets.' },
    { given: 'Lists pets. …', want: 'Lists pets.' },
    { given: 'Is it there? Returns 204.', want: 'Is it there?' },
    { given: '> [!NOTE]\n> Beta.\n\nLists **pets**.', want: 'Lists pets.' },
    { given: 'Lists tasks. > [!NOTE]\n> Beta.', want: 'Lists tasks.' },
    { given: 'See [the docs](https://x.test/a) of `pets`. More.', want: 'See the docs of pets.' },
  ])('of "$given" is "$want"', ({ given, want }) => {
    expect(firstSentence(given, 80)).toBe(want);
  });

  test('is cut at a word', () => {
    expect(firstSentence('Lists all the pets, and more of them', 21)).toBe('Lists all the pets…');
    expect(firstSentence('x'.repeat(50), 20)).toBe(`${'x'.repeat(19)}…`);
    expect(firstSentence(`${'x'.repeat(18)}😀😀`, 20)).toBe(`${'x'.repeat(18)}…`);
  });
});

test.each([
  { given: 'a <b>bold</b> word', want: 'a bold word' },
  { given: 'Give a <token> here', want: 'Give a <token> here' },
  { given: '# Title\n* one\n* two', want: 'Title one two' },
  { given: '```\ncode\n```\ntext', want: 'code text' },
  { given: 'snake_case and 2 > 1', want: 'snake_case and 2 > 1' },
])('the plain text of "$given" is "$want"', ({ given, want }) => {
  expect(plainText(given)).toBe(want);
});
