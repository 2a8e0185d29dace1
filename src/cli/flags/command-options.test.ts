import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addOptions } from './command-options.ts';

const parse = (...args: string[]) => {
  const command = addOptions(new Command('run'), 'run')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
};

describe('reading the options', () => {
  test('by default, switches are off, lists empty and defaults set', () => {
    expect(parse()).toMatchObject({ readOnly: false, include: [], getAs: 'both', port: 8000, timeout: 30 });
  });

  test('a repeated option keeps every value in order', () => {
    expect(parse('--include', 'tag:a', '--include', 'tag:b').include).toEqual(['tag:a', 'tag:b']);
  });

  test.each([
    ['--port', '8o80', 'Give a whole number from 0 to 65535.'],
    ['--port', '70000', 'Give a whole number from 0 to 65535.'],
    ['--port', '80.5', 'Give a whole number from 0 to 65535.'],
    ['--timeout', '0', 'Give a number from 0.001 to 86400.'],
    ['--get-as', 'tools', 'Allowed choices are both, tool, resource.'],
    ['--prot', '1', 'Did you mean --port?'],
  ])('%s %s is refused: %s', (flag, value, message) => {
    expect(() => parse(flag, value)).toThrow(message);
  });
});
