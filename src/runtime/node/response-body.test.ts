import { expect, test, vi } from 'vitest';
import { whenOver } from '../api/send/when-over.ts';
import { responseBody } from './response-body.ts';

const made = () => responseBody({ pause() {}, resume() {}, cancel() {} });
const bytes = (text: string) => Buffer.from(text);
const text = (found: Uint8Array | undefined) => found && Buffer.from(found).toString();

async function iterated(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a body that has arrived is taken at once, in one piece', async () => {
  const body = made();
  body.push(bytes('{"a":'));
  expect(body.bytes.arrived?.(100)).toBeUndefined();
  body.push(bytes('1}'));
  body.end();
  expect(text(body.bytes.arrived?.(100))).toBe('{"a":1}');
  expect(await iterated(body.bytes)).toBe('');
});

test('an empty body has arrived too', () => {
  const body = made();
  body.end();
  expect(text(body.bytes.arrived?.(100))).toBe('');
});

test('a body that is larger than wanted is left for an iteration', async () => {
  const body = made();
  body.push(bytes('12345'));
  body.end();
  expect(body.bytes.arrived?.(4)).toBeUndefined();
  expect(await iterated(body.bytes)).toBe('12345');
});

test('a body that broke off has not arrived: its error is found by an iteration', async () => {
  const body = made();
  body.push(bytes('12345'));
  body.fail(new Error('broken'));
  expect(body.bytes.arrived?.(100)).toBeUndefined();
  await expect(iterated(body.bytes)).rejects.toThrow('broken');
});

test('who waits for the end of a body is notified when it is taken at once', () => {
  const body = made();
  const over = vi.fn();
  const watched = whenOver(body.bytes, over);
  expect(watched.arrived?.(100)).toBeUndefined();
  expect(over).not.toHaveBeenCalled();
  body.end();
  expect(text(watched.arrived?.(100))).toBe('');
  expect(over).toHaveBeenCalledExactlyOnceWith();
});
