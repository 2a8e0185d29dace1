import { expect, test } from 'vitest';
import { forTerminal } from './for-terminal.ts';

test.each<{ given: string; want: string }>([
  { given: 'a\tb\r\nc\n', want: 'a\tb\nc\n' },
  {
    given: '\u001b[1mPets\u001b[0m \u001b[31merror:\u001b[0m',
    want: '\u001b[1mPets\u001b[0m \u001b[31merror:\u001b[0m',
  },
  { given: 'a\u001b]0;title\u0007b', want: 'a\ufffd]0;title\ufffdb' },
  { given: '\u001b[2Jx\u009b31my\rz\u007f', want: '\ufffd[2Jx\ufffd31my\ufffdz\ufffd' },
  { given: '\u0007[1m', want: '\ufffd[1m' },
  { given: 'pets\u202egnp.exe\u2066\u200b\u{e0041}\u00ad', want: 'pets\ufffdgnp.exe\ufffd\ufffd\ufffd\ufffd' },
])('$given is escaped on a terminal, and unchanged elsewhere', ({ given, want }) => {
  expect(forTerminal(given, { isTTY: true })).toBe(want);
  expect(forTerminal(given, { isTTY: false })).toBe(given);
});
