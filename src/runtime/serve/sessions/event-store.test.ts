import { expect, test } from 'vitest';
import { memoryEvents, type SessionEvents } from './event-store.ts';

const message = (text: string) => ({ jsonrpc: '2.0', method: 'test', params: { text } }) as const;
const ROOMY = { maxStreamBytes: 100_000, maxEventBytes: 1_000_000 };

/** What a client gets that resumes after the event; `undefined` if it cannot resume. */
async function after(events: SessionEvents, eventId: string): Promise<string[] | undefined> {
  if ((await events.getStreamIdForEventId(eventId)) === undefined) return undefined;
  const texts: string[] = [];
  await events.replayEventsAfter(eventId, {
    send: async (_id, sent) => void texts.push((sent as ReturnType<typeof message>).params.text),
  });
  return texts;
}

/** The SDK stores an event without a message, for its id. */
const first = (events: SessionEvents, stream: string) => events.storeEvent(stream, {} as never);

test('a stream is resumed after the last event that arrived', async () => {
  const events = memoryEvents(ROOMY).open('s');
  const begun = await first(events, 'one');
  const a = await events.storeEvent('one', message('a'));
  await events.storeEvent('two', message('other'));
  const b = await events.storeEvent('one', message('b'));
  expect(await after(events, begun)).toEqual(['a', 'b']);
  expect(await after(events, a)).toEqual(['b']);
  expect(await after(events, b)).toEqual([]);
});

test.each(['', 'one', 'one_', 'one_x', 'none_1', '_GET_stream_1', 'one_-1', 'one_1e400'])(
  'the event id %j resumes nothing',
  async (eventId) => {
    const events = memoryEvents(ROOMY).open('s');
    await first(events, 'two');
    expect(await after(events, eventId)).toBeUndefined();
  },
);

test('events of another session are unknown', async () => {
  const store = memoryEvents(ROOMY);
  const eventId = await first(store.open('mine'), 'one');
  const other = store.open('other');
  await first(other, 'two');
  expect(await after(other, eventId)).toBeUndefined();
});

test('a stream over its limit loses its oldest events, and cannot be resumed before them', async () => {
  const events = memoryEvents({ ...ROOMY, maxStreamBytes: 10_000 }).open('s');
  const begun = await first(events, 'one');
  const ids: string[] = [];
  for (const text of ['a', 'b', 'c']) ids.push(await events.storeEvent('one', message(text.repeat(4_000))));
  expect(await after(events, begun)).toBeUndefined();
  expect((await after(events, ids[0] ?? ''))?.map((text) => text[0])).toEqual(['b', 'c']);
});

test('a message over the limit is not kept, and its stream cannot be resumed before it', async () => {
  const events = memoryEvents({ ...ROOMY, maxStreamBytes: 5_000 }).open('s');
  const begun = await first(events, 'one');
  await events.storeEvent('one', message('x'.repeat(9_000)));
  await events.storeEvent('one', message('after'));
  expect(await after(events, begun)).toBeUndefined();
});

test('notifications outside calls go on with those that are left', async () => {
  const events = memoryEvents({ ...ROOMY, maxStreamBytes: 1_500 }).open('s');
  const ids: string[] = [];
  for (const text of ['a', 'b', 'c', 'd']) ids.push(await events.storeEvent('_GET_stream', message(text)));
  expect(await after(events, ids[0] ?? '')).toEqual(['c', 'd']);
});

test('the streams of all sessions together stay below the limit: the oldest are dropped', async () => {
  const store = memoryEvents({ maxStreamBytes: 10_000, maxEventBytes: 20_000 });
  const kept: boolean[] = [];
  const begun: [SessionEvents, string][] = [];
  for (let session = 0; session < 100; session++) {
    const events = store.open(String(session));
    begun.push([events, await first(events, 'one')]);
    await events.storeEvent('one', message('x'.repeat(4_000)));
  }
  for (const [events, eventId] of begun) kept.push((await after(events, eventId)) !== undefined);
  expect(kept.lastIndexOf(false)).toBe(96);
  expect(kept.filter(Boolean)).toHaveLength(3);
});

test('what was forgotten makes room', async () => {
  const store = memoryEvents({ maxStreamBytes: 10_000, maxEventBytes: 10_000 });
  const events = store.open('s');
  const one = await first(events, 'one');
  await events.storeEvent('two', message('x'.repeat(8_000)));
  events.forget('two');
  const other = store.open('other');
  await other.storeEvent('three', message('x'.repeat(7_000)));
  other.close();
  await events.storeEvent('four', message('x'.repeat(7_000)));
  expect(await after(events, one)).toEqual([]);
});
