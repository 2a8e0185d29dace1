import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended, fromRoot } from '../started.test.fixture.ts';

const PETS = readFileSync(fromRoot('test-specs/petstore.yaml'), 'utf8');

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-diff-'));
  writeFileSync(join(folder, 'old.yaml'), PETS);
  writeFileSync(join(folder, 'breaking.yaml'), PETS.replaceAll('minLength: 1', 'minLength: 2'));
  writeFileSync(join(folder, 'text.yaml'), PETS.replace('summary: Add a pet', 'summary: Add one pet'));
  expect((await run('inspect', 'old.yaml', '--lock')).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => ended(args, { cwd: folder });
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

test.each([
  [0, ['old.yaml', 'old.yaml']],
  [1, ['old.yaml', 'breaking.yaml']],
  [0, ['old.yaml', 'text.yaml']],
  [1, ['old.yaml', 'text.yaml', '--fail-on', 'any']],
  [0, ['old.yaml', 'breaking.yaml', '--fail-on', 'none']],
  [1, ['breaking.yaml']],
  [0, ['openapi-mcp.lock.json', 'old.yaml']],
  [2, []],
  [2, ['-', '-']],
  [2, ['old.yaml', 'old.yaml', 'old.yaml']],
  [1, ['old.yaml', 'no-such-file.yaml']],
])('exit code %s: diff %j', async (code, args) => {
  expect((await run('diff', ...args)).code).toBe(code);
});

test('--json prints everything', async () => {
  const { stdout } = await run('diff', 'old.yaml', 'breaking.yaml', '--json');
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ old: { name: 'pet-shop', target: 'old.yaml' }, new: { target: 'breaking.yaml' } });
  expect(found.breaking).toBe(found.changes.length);
  expect(found.changes[0]).toEqual({
    code: 'ARGUMENT_NARROWED',
    subject: 'tool "addPet"',
    message: '"name" has "minLength" 2 instead of 1.',
    breaks: ['model'],
  });
});

test('without targets, the lock file is compared with the config file of the folder', async () => {
  put('openapi-mcp.config.yaml', 'apis:\n  pets:\n    spec: old.yaml\n');
  expect((await run('inspect', '--lock-file', 'config.lock.json')).stderr).toContain(
    'Wrote config.lock.json (8 tools)',
  );
  const { stdout, code } = await run('diff', 'config.lock.json', '.');
  expect({ stdout, code }).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes.') });
  expect((await run('diff')).stdout).toContain('No changes.');
  put('openapi-mcp.config.yaml', 'prefix: true\napis:\n  pets:\n    spec: old.yaml\n');
  expect((await run('diff')).stdout).toContain(`tool "addPet": It is now "pets_addPet"`);
  rmSync(join(folder, 'openapi-mcp.config.yaml'));
});

describe('lock files', () => {
  test('are the same for the same surface', async () => {
    await run('inspect', 'old.yaml', '--lock-file', 'second.lock.json');
    const [first, second] = ['openapi-mcp.lock.json', 'second.lock.json'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    );
    expect(second).toBe(first);
  });

  test('never overwrite another file', async () => {
    put('package.json', '{"name":"mine"}');
    const { code, stderr } = await run('inspect', 'old.yaml', '--lock-file', 'package.json');
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('is not a lock file') });
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{"name":"mine"}');
    symlinkSync('openapi-mcp.lock.json', join(folder, 'link.json'));
    expect(await run('inspect', 'old.yaml', '--lock-file', 'link.json')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a symbolic link'),
    });
  });

  test('that are damaged are reported with what to do', async () => {
    put('damaged.json', '{"openapiMcpLock": 1, "tools": []}');
    const { code, stderr } = await run('diff', 'damaged.json', 'old.yaml');
    expect(code).toBe(1);
    expect(stderr).toContain('The lock file damaged.json is damaged in "tools".');
    expect(stderr).toContain('openapi-mcp inspect <target> --lock');
  });
});

test('names and values of a document are not Markdown', async () => {
  put(
    'marked.yaml',
    PETS.replaceAll('name: { type: string, minLength: 1', 'name: { type: string, enum: ["*[x](y)@z*"]'),
  );
  const { stdout } = await run('diff', 'old.yaml', 'marked.yaml', '--markdown');
  expect(stdout).toContain(String.raw`\*\[x\](y)\@z\*`);
});
