import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateProject } from '../generate.ts';

// The files that belong to the user suggest code in comments.

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-owned-'));
  const { files } = await generateProject(fromRoot('test-specs/petstore.yaml'), { cache: false });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(fromRoot('node_modules'), join(folder, 'node_modules'), 'junction');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')));

/** The errors of the compiler with the project's own settings. What has not changed is not checked again. */
const typeChecked = (): string => tsc('--noEmit', '--incremental', '--tsBuildInfoFile', '.tsbuildinfo');

function tsc(...args: readonly string[]): string {
  const all = [fromRoot('node_modules/typescript/bin/tsc'), '--pretty', 'false', '--singleThreaded', ...args];
  return spawnSync(process.execPath, all, { cwd: folder, encoding: 'utf8' }).stdout;
}

test('the suggested code compiles', () => {
  edit('src/index.ts', (text) =>
    text.replace(/^\/\/ (?=import|const|own\.)/gm, '').replace('await startServer(api', 'await startServer(server'),
  );
  let suggested = '';
  edit('src/hooks.ts', (text) => {
    suggested = /^ \* (.*: \{.*\},)$/m.exec(text)?.[1] ?? '';
    return text.replace('= {};', `= {\n  ${suggested}\n};`);
  });
  expect(suggested).toContain('listPets');
  expect(readFileSync(join(folder, 'src/index.ts'), 'utf8')).toContain('\nconst server = ');
  expect(typeChecked()).toBe('');
}, 60_000);

test('the README’s mounting example compiles against the package that the project builds', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const example = /^## Mount it[\s\S]*?```ts\n([\s\S]*?)```/m.exec(readme)?.[1] ?? '';
  expect(example).toContain("from 'pet-shop-mcp/runtime';");
  tsc('--emitDeclarationOnly');
  const caller = join(folder, 'caller');
  mkdirSync(join(caller, 'node_modules'), { recursive: true });
  symlinkSync(folder, join(caller, 'node_modules/pet-shop-mcp'), 'junction');
  writeFileSync(join(caller, 'index.ts'), example);
  writeFileSync(join(caller, 'package.json'), '{ "type": "module" }');
  const settings = {
    module: 'NodeNext',
    target: 'ES2023',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  };
  writeFileSync(join(caller, 'tsconfig.json'), JSON.stringify({ compilerOptions: settings, files: ['index.ts'] }));
  expect(tsc('--project', 'caller')).toBe('');
}, 60_000);

test('hooks and the code that uses them do not import each other', () => {
  expect(readFileSync(join(folder, 'src/hooks.ts'), 'utf8')).toContain("from './types.ts'");
  expect(readFileSync(join(folder, 'src/types.ts'), 'utf8')).not.toMatch(/from '\.\/(?:hooks|pet-shop)\.ts'/);
});

test('a hook of an operation or argument that is not in the document is a compiler error', () => {
  const hooks = (members: string) =>
    edit('src/hooks.ts', (text) => text.replace(/PetShopHooks = \{[\s\S]*\};/, `PetShopHooks = {\n  ${members}\n};`));
  hooks('feedPet: { hidden: true },');
  expect(typeChecked()).toContain("'feedPet' does not exist");
  hooks('getPet: { fixed: { petName: 1 } },');
  expect(typeChecked()).toContain("'petName' does not exist");
}, 60_000);
