// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { describe, expect, test } from 'vitest';
import { filledIn, readHeader } from './header-option.ts';

const ENVIRONMENT = { TOKEN: 'secret-1', TEAM: 'pets', EMPTY: '', BROKEN: 'secret-2\r\nX-More: 1' };

describe("'Name: value'", () => {
  test.each([
    ['X-Team: pets', ['X-Team', 'pets']],
    ['X-Time:10:30', ['X-Time', '10:30']],
    ['Authorization: Bearer ${TOKEN}', ['Authorization', 'Bearer secret-1']],
    ['X-Both: ${TEAM}/${TOKEN}', ['X-Both', 'pets/secret-1']],
    ['X-Price: $5', ['X-Price', '$5']],
    ['X-Nothing:', ['X-Nothing', '']],
  ])('%s', (given, want) => {
    expect(readHeader(given, '--header', ENVIRONMENT)).toEqual(want);
  });

  test.each([
    ['no colon', '--header: the value is not a header.'],
    [': value', '--header: the value is not a header.'],
    ['X Team: pets', '--header: the value is not a header.'],
    ['X-Team: ${MISSING}', '--header "X-Team" needs the variable MISSING, which is not set.'],
    ['X-Team: ${EMPTY}', '--header "X-Team" needs the variable EMPTY, which is not set.'],
    [
      'X-Team: ${BROKEN}',
      '--header "X-Team": the value has a character that headers cannot contain, such as a line break.',
    ],
  ])('%s is refused, without its value', (given, message) => {
    expect(() => readHeader(given, '--header', ENVIRONMENT)).toThrow(expect.objectContaining({ message }));
  });
});

test('what was filled in is separated from what was written', () => {
  expect(filledIn('X-Both: ${TEAM}/${TOKEN}', ENVIRONMENT)).toEqual(['pets', 'secret-1']);
  expect(filledIn('X-Price: $5', ENVIRONMENT)).toEqual([]);
});
