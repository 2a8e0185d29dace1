import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ended, endedAlone, fromRoot } from '../started.test.fixture.ts';

const PETSTORE = fromRoot('test-specs/petstore.yaml');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-generate-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inProject = (path: string) => join(folder, 'p', path);
const read = (path: string) => readFileSync(inProject(path), 'utf8');

const generate = (...args: readonly string[]) =>
  started('generate', PETSTORE, '--no-cache', '--out', join(folder, 'p'), ...args);
const eject = (...args: readonly string[]) => started('eject', join(folder, 'p'), ...args);

const started = (...args: readonly string[]) => ended(args);

test('a project is written, with a report of every file and the next steps', async () => {
  const { code, stdout } = await endedAlone(['generate', PETSTORE, '--no-cache', '--out', join(folder, 'p')]);
  expect(code).toBe(0);
  expect(stdout).toContain('new: src/pet-shop.ts\n');
  expect(stdout).toContain(`Next:\n  cd ${join(folder, 'p')}\n  npm install\n  npm test\n  npm start\n`);
  expect(existsSync(inProject('src/runtime/emitted.ts'))).toBe(true);
});

test('with the package as its runtime, the next steps say where it comes from', async () => {
  const { stdout } = await generate('--runtime', 'package');
  expect(stdout).toMatch(
    / {2}npm pack <clone> {3}# of openapi-mcp: writes openapi-mcp-.+\.tgz, which package\.json names\n {2}npm install/,
  );
});

test('--json says the same as data', async () => {
  const { code, stdout } = await generate('--json', '--include', 'tag:orders');
  expect(code).toBe(0);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({
    name: 'pet-shop',
    title: 'Pet shop',
    folder: join(folder, 'p'),
    runtime: 'copy',
    written: true,
    tools: null,
    packages: [],
    problems: [],
  });
  expect(summary.operations + summary.filtered).toBe(summary.found);
  expect(summary.filtered).toBeGreaterThan(0);
  expect(summary.files).toContainEqual({ path: 'src/operations/orders.ts', action: 'add' });
});

test('generated files that were changed by hand stop the run; --diff shows them, --force overwrites them', async () => {
  await generate();
  writeFileSync(inProject('src/schemas.ts'), '// mine\n');

  const stopped = await generate();
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain('Generated files were edited, so nothing was written: src/schemas.ts');
  expect(stopped.stderr).toContain('--force');
  expect(read('src/schemas.ts')).toBe('// mine\n');

  const shown = await generate('--diff');
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('-// mine\n');
  expect(read('src/schemas.ts')).toBe('// mine\n');

  const forced = await generate('--force');
  expect(forced.code).toBe(0);
  expect(forced.stdout).toContain('edited files, overwritten: src/schemas.ts');
  expect(read('src/schemas.ts')).toContain('export interface NewPet');
});

test('--force generates into a folder that holds something else, and leaves that alone', async () => {
  await generate('--dry-run');
  expect(existsSync(inProject('package.json'))).toBe(false);
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const into = ['--out', folder];

  const refused = await generate(...into);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('not empty');
  expect(existsSync(join(folder, 'package.json'))).toBe(false);

  expect((await generate(...into, '--force')).code).toBe(0);
  expect(existsSync(join(folder, 'package.json'))).toBe(true);
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
});

test('--check ends with 1 where something would be written, and writes nothing', async () => {
  await generate();
  expect((await generate('--check')).code).toBe(0);
  const drifted = await generate('--check', '--name', 'pet-shop', '--exclude', 'tag:orders');
  expect(drifted.code).toBe(1);
  expect(drifted.stdout).toContain('to remove: src/operations/orders.ts');
  expect(drifted.stdout).toContain('removed (breaking): placeOrder');
  expect(existsSync(inProject('src/operations/orders.ts'))).toBe(true);
});

test('a symbolic link in place of a generated file is not followed, and every run exits with 1', async () => {
  await generate();
  writeFileSync(join(folder, 'private.txt'), 's3cr3t\n');
  rmSync(inProject('README.md'));
  symlinkSync(join(folder, 'private.txt'), inProject('README.md'));
  for (const flag of ['--dry-run', '--diff', '--check', '--force', '--json']) {
    const { code, stdout, stderr } = await generate(flag);
    expect([flag, code]).toEqual([flag, 1]);
    expect(stderr).toContain(`${inProject('README.md')} is a symbolic link, which generate does not follow`);
    expect(stdout + stderr).not.toContain('s3cr3t');
  }
  expect(readFileSync(join(folder, 'private.txt'), 'utf8')).toBe('s3cr3t\n');
});

test('a project that depends on the package keeps to that when it is generated again, and is ejected on request', async () => {
  expect((await generate('--runtime', 'package')).stdout).toContain('written: 2 files of the runtime\n');
  expect((await generate('--check')).code).toBe(0);

  const preview = await eject('--dry-run');
  expect(preview.code).toBe(0);
  expect(preview.stdout).toMatch(/^to replace: package\.json\n(?:.*\n)*to write: \d+ files of the runtime\n/);
  expect(existsSync(inProject('src/model'))).toBe(false);

  const { code, stdout } = await eject('--json');
  expect(code).toBe(0);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({ folder: join(folder, 'p'), written: true, importing: [] });
  expect(summary.files).toContainEqual({ path: 'src/runtime/LICENSE', action: 'add' });
  expect((await generate('--check')).code).toBe(0);

  writeFileSync(inProject('src/tools.ts'), "import { fromMcp } from './runtime/index.ts';\n");
  const back = await generate('--runtime', 'package', '--dry-run');
  expect(back.stdout).toContain('package.json needs openapi-mcp file:openapi-mcp-');
  expect(back.stderr).toContain('Your files import src/runtime/index.ts, which --runtime package does not write');

  const again = await eject();
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('has a copy of the runtime already');
});

test('eject refuses a folder without a generated project, and --full has nothing to copy for the package', async () => {
  const refused = await started('eject', folder, '--json');
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.stdout).error.message).toContain('is not a project that openapi-mcp has generated');
  const contradiction = await generate('--full', '--runtime', 'package');
  expect(contradiction.code).toBe(2);
  expect(contradiction.stderr).toContain('--full copies the runtime');
});
