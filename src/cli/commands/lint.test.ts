import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ended, endedAlone, fromRoot } from '../started.test.fixture.ts';

const BROKEN = fromRoot('test-specs/broken/bad-operation.yaml');
const WARNED = fromRoot('test-specs/broken/duplicate-parameter.yaml');
const SOUND = fromRoot('test-specs/petstore.yaml');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-lint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const lint = (args: readonly string[], stdin = '') => ended(['lint', ...args], { stdin });

test.each([
  ['an error', [BROKEN], 1],
  ['a warning', [WARNED], 0],
  ['a warning, when strict', [WARNED, '--strict'], 1],
  ['advice, when strict', [SOUND, '--strict'], 0],
  ['no file', ['no-such-file.yaml'], 1],
  ['an unknown format', [SOUND, '--format', 'xml'], 2],
  ['a fix in place of the document', [SOUND, '--fix', SOUND], 2],
])('%s decides about the exit code', async (_, args, code) => {
  expect((await lint(args)).code).toBe(code);
});

test('findings are grouped by rule, with count and fix', async () => {
  const { stdout } = await lint([BROKEN]);
  expect(stdout).toContain('error BAD_OPERATION (1): An operation is not an object, or cannot be read.');
  expect(stdout).toContain('  fix: Correct what the message names.');
  expect(stdout).toContain('  #/paths/~1pets/post  An operation must be an object, not a string.');
  expect(stdout).toMatch(/\n1 error, \d+ warnings?, \d+ advice\n/);
});

test('--json prints everything, also from stdin', async () => {
  const { stdout } = await endedAlone(['lint', '-', '--json'], { stdin: readFileSync(BROKEN, 'utf8') });
  expect(JSON.parse(stdout)).toMatchObject({
    document: { location: '-', version: '3.1.0' },
    counts: { error: 1 },
    findings: [{ rule: 'BAD_OPERATION', severity: 'error', pointer: '#/paths/~1pets/post' }, {}, {}, {}, {}],
    rules: [{ id: 'BAD_OPERATION', fix: 'Correct what the message names.' }, {}, {}, {}, {}],
  });
});

test('--format sarif includes lines and columns', async () => {
  const { stdout } = await lint([BROKEN, '--format', 'sarif']);
  expect(JSON.parse(stdout).runs[0].results[0].locations[0].physicalLocation.region).toEqual({
    startLine: 6,
    startColumn: 5,
  });
});

test('--fix writes an overlay, which --overlay applies', async () => {
  const overlay = join(folder, 'overlay.yaml');
  const { stderr } = await lint([SOUND, '--fix', overlay]);
  expect(stderr).toMatch(/^Wrote .*overlay\.yaml, which fixes \d+ findings\. Pass it with --overlay/);
  expect(readFileSync(overlay, 'utf8')).toMatch(/^overlay: 1\.0\.0\n/);
  const { stdout } = await lint([SOUND, '--overlay', overlay]);
  expect(stdout).not.toContain('summary-only');
  const again = await lint([SOUND, '--overlay', overlay, '--fix', join(folder, 'none.json')]);
  expect(again.stderr).toContain('No finding can be fixed automatically');
});

test('--fix never writes through a link or to an input file, under any name', async () => {
  writeFileSync(join(folder, 'private.txt'), 'mine');
  symlinkSync(join(folder, 'private.txt'), join(folder, 'linked.yaml'));
  symlinkSync(join(folder, 'nowhere.yaml'), join(folder, 'dangling.yaml'));
  const document = join(folder, 'own.yaml');
  writeFileSync(document, readFileSync(SOUND));
  linkSync(document, join(folder, 'other-name.yaml'));
  for (const [name, reason] of [
    ['linked.yaml', 'is a symbolic link'],
    ['dangling.yaml', 'is a symbolic link'],
    ['other-name.yaml', 'is an input file'],
  ] as const) {
    const { code, stderr } = await lint([document, '--fix', join(folder, name)]);
    expect([name, code]).toEqual([name, 2]);
    expect(stderr).toContain(reason);
  }
  expect(readFileSync(join(folder, 'private.txt'), 'utf8')).toBe('mine');
  expect(existsSync(join(folder, 'nowhere.yaml'))).toBe(false);
});
