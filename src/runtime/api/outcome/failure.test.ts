import { expect, test } from 'vitest';
import { CallError } from '../../call-error.ts';
import { failureResult } from './failure.ts';

const call = { toolName: 'getPet', method: 'GET', url: 'https://me:pw@api.test/pets?api_key=secret#x' };
const textOf = (error: unknown, of: Parameters<typeof failureResult>[1] = call) => {
  const { content, isError } = failureResult(error, of);
  expect(isError).toBe(true);
  const [block] = content;
  return block?.type === 'text' ? block.text : '';
};

test('a call error is reported with code, message, place and hint', () => {
  expect(textOf(new CallError('TIMEOUT', 'api.test did not respond in time.', { hint: 'Raise --timeout.' }))).toBe(
    'TIMEOUT: api.test did not respond in time. (tool "getPet", GET https://api.test/pets)\nRaise --timeout.',
  );
});

test('a call error of another copy of the runtime is recognised by its code', () => {
  const foreign = Object.assign(new Error('gone'), { code: 'CONNECTION_LOST' });
  expect(textOf(foreign, { toolName: 'getPet', method: 'GET' })).toBe('CONNECTION_LOST: gone (tool "getPet")');
});

test('anything else is an internal error without its inside', () => {
  for (const thrown of [new Error('secret in a stack'), 'secret', undefined]) {
    const text = textOf(thrown);
    expect(text).toMatch(/^INTERNAL_ERROR: /);
    expect(text).not.toContain('secret');
  }
});
