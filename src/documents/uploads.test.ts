import { describe, expect, test } from 'vitest';
import { uploadsOf } from '../lint/uploads.ts';
import { servedDocument } from './served-document.test.fixture.ts';

const api = servedDocument('uploads.yaml');
const bytes = Buffer.from([0, 1, 0xff, 0xfe, 13, 10, 45, 45, 0]);
const file = { base64: bytes.toString('base64'), filename: 'a.bin' };

interface SentPart {
  readonly name: string | undefined;
  readonly filename: string | undefined;
  readonly type: string | undefined;
  readonly bytes: string;
}

/** The parts of the form that was sent, read as latin1 so that no byte changes. */
function sentParts(): readonly SentPart[] {
  const { headers, body } = api.sent();
  const boundary = /boundary=(\S+)/.exec(headers['content-type'] ?? '')?.[1];
  const pieces = body.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return pieces.map((piece) => {
    const end = piece.indexOf('\r\n\r\n');
    const head = piece.slice(0, end);
    return {
      name: /[; ]name="([^"]*)"/.exec(head)?.[1],
      filename: /filename="([^"]*)"/.exec(head)?.[1],
      type: /Content-Type: (\S+)/.exec(head)?.[1],
      bytes: Buffer.from(piece.slice(end + 4, -2), 'latin1').toString('base64'),
    };
  });
}

describe('a part that means bytes is a file, however its schema says so', () => {
  test.each([
    ['plain', 'application/octet-stream'],
    ['optional', 'application/octet-stream'],
    ['typed', 'application/octet-stream'],
    ['typeList', 'application/octet-stream'],
    ['composed', 'application/octet-stream'],
    ['referred', 'application/octet-stream'],
    ['described', 'application/octet-stream'],
    ['picture', 'image/png'],
    ['legacy', 'application/octet-stream'],
  ])('%s', async (name, type) => {
    await api.call('sendForm', { [name]: file });
    expect(sentParts()).toEqual([{ name, filename: 'a.bin', type, bytes: file.base64 }]);
  });

  test.each(['many', 'manyReferred', 'oneOrMany'])('each item of the list %s is one', async (name) => {
    await api.call('sendForm', { [name]: [file, { ...file, filename: 'b.bin' }] });
    expect(sentParts().map((part) => [part.name, part.filename, part.bytes])).toEqual([
      [name, 'a.bin', file.base64],
      [name, 'b.bin', file.base64],
    ]);
  });

  test('one file or a list of them takes one, too', async () => {
    await api.call('sendForm', { oneOrMany: file });
    expect(sentParts()).toMatchObject([{ name: 'oneOrMany', filename: 'a.bin', bytes: file.base64 }]);
  });

  test.each(['optional', 'typed', 'typeList', 'many', 'referred'])('null leaves %s out', async (name) => {
    await api.call('sendForm', { [name]: null, picture: file });
    expect(sentParts().map((part) => part.name)).toEqual(['picture']);
  });

  test('one without the null of a union refuses null', async () => {
    expect(await api.faults('sendForm', { plain: null })).not.toEqual([]);
  });
});

test('base64 text stays text, and a list of text is a part for each', async () => {
  await api.call('sendForm', { encoded: 'AAE=', tags: ['a', 'b'] });
  expect(sentParts().map(({ name, filename, bytes: sent }) => [name, filename, atob(sent)])).toEqual([
    ['encoded', undefined, 'AAE='],
    ['tags', undefined, 'a'],
    ['tags', undefined, 'b'],
  ]);
});

test('a body of bytes is a file, also in a union with null', async () => {
  await api.call('sendRaw', { body: file });
  expect(api.sent().body.equals(bytes)).toBe(true);
  expect(api.sent().headers['content-type']).toBe('application/octet-stream');
});

test('a file that is sent as text is reported', () => {
  const { schemas } = api.model();
  expect(uploadsOf(api.operation('sendNote'), schemas)).toEqual({ files: [], texts: ['image'] });
  const { files, texts } = uploadsOf(api.operation('sendForm'), schemas);
  expect(files).toHaveLength(12);
  expect(texts).toEqual([]);
});
