import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ask } from '../ask.ts';
import { exitOfOutcome } from '../ending.ts';
import { progressText } from '../progress-line.ts';
import { indentedJson } from './indented-json.ts';
import { outOf, writeParts } from './out.ts';
import { contentsParts, resultParts } from './parts.ts';
import { safeFileName } from './safe-file-name.ts';

describe('JSON is indented', () => {
  test.each([
    ['{"a":[1,2],"b":{}}', '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}'],
    ['[]', '[]'],
    ['{"n":123456789012345678901.10}', '{\n  "n": 123456789012345678901.10\n}'],
    ['{"s":"a, {b}: \\"c\\""}', '{\n  "s": "a, {b}: \\"c\\""\n}'],
    ['5', undefined],
    ['[not json', undefined],
    ['plain', undefined],
  ])('%s', (given, want) => {
    expect(indentedJson(given)).toBe(want);
  });
});

describe('a result is text and files', () => {
  const png = { type: 'image', data: 'iVBO', mimeType: 'image/png' } as const;

  test('structured content is shown if no text contains it', () => {
    expect(resultParts({ content: [], structuredContent: { a: 1 } }, 'x')).toEqual([
      { kind: 'text', text: '{\n  "a": 1\n}' },
    ]);
    const said = resultParts({ content: [{ type: 'text', text: '{"a":1}' }], structuredContent: { a: 1 } }, 'x');
    expect(said).toEqual([{ kind: 'text', text: '{\n  "a": 1\n}' }]);
  });

  test('images are called by the tool, blobs by their URI, and no name leads out of a folder', () => {
    const names = resultParts(
      {
        content: [
          png,
          { type: 'resource', resource: { uri: 'api://a/report.pdf?x=1', blob: '', mimeType: 'application/pdf' } },
          { type: 'resource', resource: { uri: 'api://a/..%2F..%2Fetc%2Fpasswd', blob: '' } },
        ],
      },
      'getPhoto',
    ).map((part) => (part.kind === 'file' ? part.name : part.kind));
    expect(names).toEqual(['getPhoto-1.png', 'report.pdf', '_.._etc_passwd.bin']);
  });

  test.each([
    ['a.png', 'a.png'],
    ['../../x', '_.._x'],
    ['.bashrc', 'bashrc'],
    ['-rf', 'rf'],
    ['con.txt', 'file_con.txt'],
    ['', 'file_'],
    ['a\u202egnp.exe', 'a_gnp.exe'],
    ['a\nb', 'a_b'],
  ])('the name %j is safe', (given, want) => {
    expect(safeFileName(given)).toBe(want);
  });
});

describe('--out', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-out-'));
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const text = { kind: 'text', text: 'hi' } as const;
  const blob = (name: string) => contentsParts([{ uri: `api://a/${name}`, blob: 'aGk=', mimeType: 'image/png' }]);

  test('a file gets the only file, or the text', () => {
    expect(writeParts([text, ...blob('a.png')], outOf(join(folder, 'b.png')), 'x')).toEqual([text]);
    expect(readFileSync(join(folder, 'b.png'), 'utf8')).toBe('hi');
    expect(writeParts([text], outOf(join(folder, 'c.txt')), 'x')).toEqual([]);
    expect(readFileSync(join(folder, 'c.txt'), 'utf8')).toBe('hi\n');
  });

  test('a folder gets each file by its name, and what is there stays', () => {
    writeFileSync(join(folder, 'a.png'), 'mine');
    writeParts([...blob('a.png'), ...blob('b.png')], outOf(folder), 'x');
    expect(readdirSync(folder).sort()).toEqual(['a-2.png', 'a.png', 'b.png']);
    expect(readFileSync(join(folder, 'a.png'), 'utf8')).toBe('mine');
    writeParts([text], outOf(join(folder, 'new/')), 'getPet');
    expect(existsSync(join(folder, 'new', 'getPet.txt'))).toBe(true);
  });

  test('a text goes into no other folder, whatever the name of its tool', () => {
    writeParts([{ kind: 'text', text: 'done' }], outOf(`${folder}/`), '../../issues/create');
    expect(readdirSync(folder)).toEqual(['_.._issues_create.txt']);
  });

  test('an existing file is rejected before the call; the second of two files with the same name gets a number', () => {
    writeFileSync(join(folder, 'a.png'), 'mine');
    expect(() => outOf(join(folder, 'a.png'))).toThrow('already exists and will not be overwritten');
    const two = [...blob('a.png'), ...blob('b.png')];
    writeParts(two, outOf(join(folder, 'c.png')), 'x');
    expect(readdirSync(folder).sort()).toEqual(['a.png', 'c-2.png', 'c.png']);
  });
});

test.each([
  [{ error: 'INVALID_ARGUMENTS' }, 2],
  [{ error: 'MISSING_CREDENTIAL' }, 4],
  [{ error: 'CONNECTION_REFUSED' }, 3],
  [{ error: 'TIMEOUT' }, 3],
  [{ error: 'ANSWER_UNREADABLE' }, 1],
  [{ error: 'HTTP_STATUS', status: 401 }, 4],
  [{ error: 'HTTP_STATUS', status: 403 }, 4],
  [{ error: 'HTTP_STATUS', status: 404 }, 5],
  [undefined, 5],
] as const)('the outcome %j ends with %i', (outcome, want) => {
  expect(exitOfOutcome(outcome)).toBe(want);
});

test.each([
  [{ progress: 1, total: 4, message: 'reading' }, '25 % reading'],
  [{ progress: 3 }, '3'],
  [{ progress: 3, message: 'a\u001b[2Jb' }, '3 a [2Jb'],
])('progress %j is "%s"', (progress, want) => {
  expect(progressText(progress)).toBe(want);
});

describe('a question is asked at the terminal', () => {
  const FORM = {
    type: 'object',
    properties: {
      sure: { type: 'boolean', description: 'there is no way back' },
      colour: { enum: ['red', 'blue'] },
      count: { type: 'integer', default: 3 },
      note: { type: 'string' },
    },
    required: ['sure', 'colour'],
  } as const;

  async function answered(requestedSchema: Parameters<typeof ask>[0]['requestedSchema'], typed: string | null) {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.on('data', (chunk) => {
      shown += chunk;
    });
    const answering = ask({ message: 'Paint it?', requestedSchema }, { input, output });
    if (typed === null) input.end();
    else
      for (const line of typed.split('\n'))
        await new Promise((next) => setTimeout(next, 5)).then(() => input.write(`${line}\n`));
    return { answer: await answering, shown };
  }

  test('line by line; what does not fit is asked again, an empty line takes the default', async () => {
    const { answer, shown } = await answered(FORM, 'perhaps\ny\ngreen\nblue\n\n');
    expect(answer).toEqual({ action: 'accept', content: { sure: true, colour: 'blue', count: 3 } });
    expect(shown).toContain('Paint it?\nsure, there is no way back (y/n): ');
    expect(shown).toContain('Write y or n.');
    expect(shown).toContain('Write one of: red, blue');
    expect(shown).toContain('count (integer) [3]: ');
  });

  test('with nothing to fill in it is yes or no', async () => {
    expect((await answered({ type: 'object' }, 'y')).answer).toEqual({ action: 'accept', content: {} });
    expect((await answered({ type: 'object' }, '')).answer).toEqual({ action: 'decline' });
  });

  test('several choices are separated with commas, and no text moves the cursor', async () => {
    const form = {
      type: 'object',
      properties: {
        tags: {
          type: 'array',
          items: {
            anyOf: [
              { const: 'a', title: 'Apple' },
              { const: 'b\u001b[2J', title: 'Bear' },
            ],
          },
        },
      },
      required: ['tags'],
    } as const;
    const { answer, shown } = await answered(form, 'Apple,Cat\nApple, Bear');
    expect(answer).toEqual({ action: 'accept', content: { tags: ['a', 'b\u001b[2J'] } });
    expect(shown).toContain('tags (some of a/b [2J): Write one of: a, b [2J (separate several with commas)\n');
  });

  test('the end of the input cancels', async () => {
    expect((await answered(FORM, null)).answer).toEqual({ action: 'cancel' });
  });
});
