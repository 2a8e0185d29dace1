import { describe, expect, test } from 'vitest';
import { type FileAccess, readFile } from './files.ts';

const signal = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('content in the argument', () => {
  test.each([
    { given: 'aGk=', want: { bytes: bytes('hi') } },
    { given: '', want: { bytes: bytes('') } },
    { given: '_-8', want: { bytes: Uint8Array.of(255, 239) } },
    { given: 'data:image/png;base64,aGk=', want: { bytes: bytes('hi'), contentType: 'image/png' } },
    { given: 'DATA:;base64,aGk%3D', want: { bytes: bytes('hi') } },
    {
      given: 'data:text/plain;charset=utf-8,h%C3%A9%zz,',
      want: { bytes: bytes('hé%zz,'), contentType: 'text/plain;charset=utf-8' },
    },
    { given: 'data:,', want: { bytes: bytes('') } },
    { given: { base64: 'aGk=' }, want: { bytes: bytes('hi') } },
    {
      given: { base64: 'aGk=', filename: 'a.txt', contentType: 'text/x' },
      want: { bytes: bytes('hi'), filename: 'a.txt', contentType: 'text/x' },
    },
    { given: { base64: 'data:image/gif;base64,aGk=' }, want: { bytes: bytes('hi'), contentType: 'image/gif' } },
    { given: { text: 'hé' }, want: { bytes: bytes('hé'), contentType: 'text/plain; charset=utf-8' } },
    { given: { text: '', filename: 'a.csv' }, want: { bytes: bytes(''), filename: 'a.csv', contentType: 'text/csv' } },
  ])('$given', async ({ given, want }) => {
    expect(await readFile(given, {}, signal)).toEqual(want);
  });

  test.each([
    { given: 'hello file', says: 'not base64' },
    { given: 'data:text/plain', says: 'no comma' },
    { given: 'data:;base64,!', says: 'not base64' },
    { given: {}, says: 'exactly one' },
    { given: { filename: 'a' }, says: 'exactly one' },
    { given: { base64: '', text: '' }, says: 'exactly one' },
    { given: { text: 5 }, says: '"text"' },
    { given: { text: '', contentType: 'png' }, says: 'media type' },
    { given: { text: '', contentType: 'a/b\nX: 1' }, says: 'media type' },
    { given: { text: '', filename: 1 }, says: '"filename"' },
    { given: 5, says: 'must be' },
    { given: null, says: 'must be' },
    { given: ['aGk='], says: 'must be' },
  ])('$given is refused: $says', async ({ given, says }) => {
    await expect(readFile(given, {}, signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      message: expect.stringContaining(says),
    });
  });
});

describe('paths and URLs', () => {
  test.each([
    { given: { path: '/etc/passwd' }, flag: '--allow-files <dir>' },
    { given: { url: 'https://files.test/a' }, flag: '--allow-file-urls <origin>' },
  ])('$given is not allowed unless the run says so', async ({ given, flag }) => {
    await expect(readFile(given, {}, signal)).rejects.toMatchObject({
      code: 'FILE_REFUSED',
      hint: expect.stringContaining(flag),
    });
  });

  const access: FileAccess = {
    readPath: async (path) => ({ bytes: bytes(path), filename: 'p.txt' }),
    readUrl: async (url) => ({ bytes: bytes(url), filename: 'u', contentType: 'image/png' }),
  };
  test.each([
    { given: { path: 'a/p.txt' }, want: { bytes: bytes('a/p.txt'), filename: 'p.txt' } },
    { given: { url: 'https://x' }, want: { bytes: bytes('https://x'), filename: 'u', contentType: 'image/png' } },
    {
      given: { url: 'https://x', filename: 'v', contentType: 'a/b' },
      want: { bytes: bytes('https://x'), filename: 'v', contentType: 'a/b' },
    },
  ])('$given, with name and type of the source unless given', async ({ given, want }) => {
    expect(await readFile(given, access, signal)).toEqual(want);
  });
});
