import { expect, test } from 'vitest';
import { resourceNote } from '../../note.ts';
import { toResourceContents } from './resource-contents.ts';

const uri = 'api://pets/pets';

test('JSON and text are text with the media type of the response', () => {
  const answer = { kind: 'json', value: [], text: '[ ]', mediaType: 'application/hal+json', notes: [] } as const;
  expect(toResourceContents(answer, uri, 'application/json')).toEqual([
    { uri, mimeType: 'application/hal+json', text: '[ ]' },
  ]);
});

test('bytes are a blob', () => {
  const bytes = Uint8Array.from({ length: 50_000 }, (_, index) => index % 251);
  const answer = { kind: 'binary', bytes, mediaType: 'image/png', notes: [] } as const;
  expect(toResourceContents(answer, uri, undefined)).toEqual([
    { uri, mimeType: 'image/png', blob: Buffer.from(bytes).toString('base64') },
  ]);
});

test('nothing is an empty text of the listed type', () => {
  const answer = { kind: 'empty', notes: [] } as const;
  expect(toResourceContents(answer, uri, 'text/csv')).toEqual([{ uri, mimeType: 'text/csv', text: '' }]);
});

test('notes are a separate text', () => {
  const answer = {
    kind: 'items',
    items: [{ value: 1, text: '1' }],
    mediaType: 'application/jsonl',
    notes: ['More.'],
  } as const;
  expect(toResourceContents(answer, uri, undefined)).toEqual([
    { uri, mimeType: 'application/jsonl', text: '1' },
    resourceNote(uri, 'More.'),
  ]);
});
