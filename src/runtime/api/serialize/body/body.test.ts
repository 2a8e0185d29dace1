import { expect, test } from 'vitest';
import type { BodyEncoding } from '../../../../model/index.ts';
import { readFile } from '../files.ts';
import { writeBody } from './body.ts';

const write = (mediaType: string, encoding: BodyEncoding, value: unknown) =>
  writeBody({
    variant: { mediaType, encoding, source: { kind: 'argument', argument: 'body' } },
    value,
    arguments: {},
    readFile: (file) => readFile(file, {}, new AbortController().signal),
  });

const json: BodyEncoding = { kind: 'json' };
const text: BodyEncoding = { kind: 'text' };
const lines: BodyEncoding = { kind: 'sequence', framing: 'lines' };
const sequence: BodyEncoding = { kind: 'sequence', framing: 'json-seq' };
const xml: BodyEncoding = { kind: 'xml', xml: { root: { name: 'a' }, nodes: {} } };

// OpenAPI 3.1.1 Media Type Object; RFC 8259; RFC 7464 §2.2 (json-seq).
test.each([
  { type: 'application/json', encoding: json, given: { a: null, b: [1, 'x'] }, want: '{"a":null,"b":[1,"x"]}' },
  { type: 'application/json', encoding: json, given: 'x', want: '"x"' },
  { type: 'application/json', encoding: json, given: null, want: 'null' },
  { type: 'application/vnd.api+json; ext="x"', encoding: json, given: 4.5, want: '4.5' },
  { type: 'text/plain', encoding: text, given: 'hello "w"', want: 'hello "w"' },
  { type: 'text/plain', encoding: text, given: 7, want: '7' },
  { type: 'text/csv', encoding: text, given: { a: 1 }, want: '{"a":1}' },
  { type: 'application/xml', encoding: xml, given: '<a b="1">x</a>', want: '<a b="1">x</a>' },
  { type: 'application/jsonl', encoding: lines, given: [{ a: 1 }, 2], want: '{"a":1}\n2\n' },
  { type: 'application/x-ndjson', encoding: lines, given: '{"a":1}\n', want: '{"a":1}\n' },
  { type: 'application/jsonl', encoding: lines, given: [], want: '' },
  { type: 'application/json-seq', encoding: sequence, given: [{ a: 1 }, 2], want: '\u001e{"a":1}\n\u001e2\n' },
  { type: 'application/json-seq', encoding: sequence, given: { a: 1 }, want: '\u001e{"a":1}\n' },
] as const)('$type of $given', async ({ type, encoding, given, want }) => {
  expect(await write(type, encoding, given)).toEqual({ body: want, contentType: type });
});

test.each([
  { type: 'text/html', given: '<p>é</p>', want: 'text/html; charset=utf-8' },
  { type: 'text/html', given: '<p>e</p>', want: 'text/html' },
  { type: 'text/html; charset=UTF-8', given: 'é', want: 'text/html; charset=UTF-8' },
  { type: '*/*', given: 'x', want: 'text/plain' },
])('text is declared as UTF-8 if it is not ASCII: $want', async ({ type, given, want }) => {
  expect((await write(type, text, given)).contentType).toBe(want);
});

test.each([
  { type: 'application/octet-stream', given: 'AAH/', want: 'application/octet-stream' },
  { type: 'image/png', given: { base64: 'AAH/', contentType: 'image/gif' }, want: 'image/png' },
  { type: 'image/*', given: { base64: 'AAH/', contentType: 'image/gif' }, want: 'image/gif' },
  { type: '*/*', given: { base64: 'AAH/', filename: 'a.PNG' }, want: 'image/png' },
  { type: '*/*', given: 'AAH/', want: 'application/octet-stream' },
  { type: 'image/*', given: 'data:image/webp;base64,AAH/', want: 'image/webp' },
])('bytes under $type go as $want', async ({ type, given, want }) => {
  expect(await write(type, { kind: 'bytes' }, given)).toEqual({ body: Uint8Array.of(0, 1, 255), contentType: want });
});
