import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import type { ApiFlags } from '../../options/flags.ts';
import { addOptions, readCommandLine } from './command-options.ts';
import { flagsOfEach } from './flags-of-each.ts';

function line(...args: string[]) {
  const command = addOptions(new Command('run'), 'run').exitOverride();
  command.parse(args, { from: 'user' });
  return readCommandLine<ApiFlags>(command);
}

describe('several APIs', () => {
  const each = (...args: string[]) => flagsOfEach(['pets', 'git-hub'], line(...args));

  test('a flag with a namespace applies to that API', () => {
    const lines = each('--base-url', 'git-hub=http://a', '--base-url', 'pets=http://b', '--header', 'pets=A: b=c');
    expect(lines.get('pets')?.flags).toMatchObject({ baseUrl: 'http://b', header: ['A: b=c'], include: [] });
    expect(lines.get('git-hub')?.flags).toMatchObject({ baseUrl: 'http://a', header: [] });
    expect(lines.get('git-hub')?.given).toEqual({ baseUrl: ['http://a'] });
  });

  test('switches, choices and numbers are for all', () => {
    for (const { flags, given } of each('--read-only', '--timeout', '5', '--profile', 'openai').values()) {
      expect(flags).toMatchObject({ readOnly: true, timeout: 5, profile: 'openai', cache: true });
      expect(given).toEqual({ readOnly: true, timeout: 5, profile: 'openai' });
    }
  });

  test.each(['--base-url', '--header', '--include', '--server-var', '--overlay', '--name', '--cert'])(
    '%s without a name is rejected with a hint how to write it',
    (flag) => {
      expect(() => each(flag, 'some=thing')).toThrow(`${flag} applies to one API, but there are several.`);
    },
  );
});

test('with one API the namespace is optional', () => {
  const lines = flagsOfEach(['pets'], line('--base-url', 'http://a', '--server-var', 'pets=region=eu'));
  expect(lines.get('pets')?.flags).toMatchObject({ baseUrl: 'http://a', serverVar: ['region=eu'] });
});

test('without an API such a flag is rejected', () => {
  expect(() => flagsOfEach([], line('--base-url', 'http://a'))).toThrow('there is none');
});
