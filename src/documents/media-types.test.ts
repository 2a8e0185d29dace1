import { describe, expect, test } from 'vitest';
import { servedDocument, textOf } from './served-document.test.fixture.ts';

const api = servedDocument('media-types.yaml');

describe('several media types in one answer: each is judged by what the document says of it', () => {
  test('an event stream arrives as its events', async () => {
    const body = 'data: {"delta":"Hel"}\n\ndata: {"delta":"lo"}\n\ndata: [DONE]\n\n';
    api.replies({ headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body });
    const result = await api.call('chat', { stream: true });
    expect(textOf(result)).toBe('{"delta":"Hel"}\n{"delta":"lo"}\n[DONE]');
    expect(result).toMatchObject({ structuredContent: { result: [{ delta: 'Hel' }, { delta: 'lo' }, '[DONE]'] } });
    expect(result._meta).toBeUndefined();
  });

  test('a text is a text', async () => {
    api.replies({ headers: { 'content-type': 'text/csv' }, body: 'a\n1' });
    const result = await api.call('chat');
    expect(result).toEqual({ content: [{ type: 'text', text: 'a\n1' }], structuredContent: { result: 'a\n1' } });
  });

  test('JSON is validated against its schema', async () => {
    api.replies({ body: '{"a":"x"}' });
    expect(textOf(await api.call('chat'))).toContain('do not match the output schema');
  });

  test('lines where a list could be', async () => {
    api.replies({ headers: { 'content-type': 'application/x-ndjson' }, body: '{"a":1}\n{"a":2}\n' });
    const result = await api.call('list');
    expect(result).toMatchObject({ structuredContent: { result: [{ a: 1 }, { a: 2 }] } });
    expect(textOf(result)).toBe('{"a":1}\n{"a":2}');
  });

  test('a media type that the document does not list is reported', async () => {
    api.replies({ headers: { 'content-type': 'text/plain' }, body: 'hello' });
    expect(textOf(await api.call('chat'))).toContain('The document declares application/json or text/event-stream');
  });
});

describe('any media type', () => {
  test('an object goes out, and comes back, as JSON', async () => {
    api.replies({ body: '{"a":2}' });
    const result = await api.call('anything', { body: { a: 1 } });
    expect(api.sent().headers).toMatchObject({
      'content-type': 'application/json',
      accept: expect.stringMatching(/^application\/json/),
    });
    expect(api.sent().body.toString()).toBe('{"a":1}');
    expect(result).toEqual({ content: [{ type: 'text', text: '{"a":2}' }], structuredContent: { a: 2 } });
  });

  test('an answer of another kind is what the document allows', async () => {
    api.replies({ headers: { 'content-type': 'text/plain' }, body: 'hello' });
    expect(textOf(await api.call('anything'))).toBe('hello');
  });

  test('a string goes out as it is', async () => {
    api.replies({ headers: { 'content-type': 'text/plain' }, body: 'hello' });
    const result = await api.call('anyText', { body: 'hi' });
    expect([api.sent().headers['content-type'], api.sent().body.toString()]).toEqual(['text/plain', 'hi']);
    expect(textOf(result)).toBe('hello');
  });
});

describe('a stream of JSON goes out as it is read', () => {
  test.each([
    ['sendNdjson', 'text/x-ndjson', '{"a":1}\n{"a":2}\n'],
    ['sendStream', 'application/stream+json', '{"a":1}\n{"a":2}\n'],
    ['sendJsonLines', 'application/x-jsonlines; charset=utf-8', '{"a":1}\n{"a":2}\n'],
    ['sendSequence', 'application/json-seq', '\u001e{"a":1}\n\u001e{"a":2}\n'],
  ])('%s', async (tool, type, sent) => {
    await api.call(tool, { body: [{ a: 1 }, { a: 2 }] });
    expect(api.sent().headers['content-type']).toBe(type);
    expect(api.sent().body.toString()).toBe(sent);
  });
});
