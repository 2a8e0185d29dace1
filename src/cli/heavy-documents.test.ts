import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chain, dense, documentOf, FIRST, LINKS, operationsOf } from '../deep-documents.test.fixture.ts';
import { start } from './started.test.fixture.ts';

// Through the built program: its call stack is a quarter of that of a test.
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-heavy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, document: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

test.each(['property', 'alias', 'allOf'])('a chain of 1,000 schemas linked by %s is linted', async (name) => {
  const link = LINKS[name] ?? ((next) => next);
  const path = write(`${name}.json`, documentOf(FIRST, chain(1_000, link)));
  const { code, stdout } = await start(['lint', path]).ended;
  expect({ code, overflows: /call stack/.test(stdout) }).toEqual({ code: 0, overflows: false });
});

test.each([['list', '--no-cache'], ['lint'], ['inspect', '--no-cache']])(
  'SIGTERM ends %s while it computes',
  async (...command) => {
    const path = write('many.json', operationsOf(600, dense(200)));
    const started = start([...command, path]);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    started.kill('SIGTERM');
    const { code, stdout } = await started.ended;
    expect({ code, stdout }).toEqual({ code: null, stdout: '' });
  },
);
