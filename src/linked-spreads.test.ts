import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error A script, without types.
import { linkedSpreads } from '../scripts/linked-spreads.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-spreads-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What a program writes, as it is and bundled. `%` calls functions of V8. */
async function written(program: string): Promise<{ readonly plain: unknown; readonly bundled: unknown }> {
  const source = join(folder, 'program.js');
  writeFileSync(source, program);
  const file = join(folder, 'bundled.mjs');
  await build({
    input: source,
    platform: 'node',
    logLevel: 'silent',
    plugins: [linkedSpreads],
    output: { file, format: 'esm', minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } } },
  });
  const plain = join(folder, 'plain.mjs');
  writeFileSync(plain, program);
  const run = (path: string): unknown =>
    JSON.parse(execFileSync(process.execPath, ['--allow-natives-syntax', path], { encoding: 'utf8' }));
  return { plain: run(plain), bundled: run(file) };
}

test('objects from the same literal with a spread have one hidden class', async () => {
  const { bundled } = await written(`
    const made = (given, extra) => ({ ...given, extra, last: { ...extra, isLast: true } });
    // Often enough for V8 to copy by what it has seen.
    const [a, b] = Array.from({ length: 100 }, (_, id) => made({ id, name: 'x' }, { id })).slice(-2);
    const same = new Function('a', 'b', 'return %HaveSameMap(a, b)');
    console.log(JSON.stringify([same(a, b), same(a.last, b.last)]));`);
  expect(bundled).toEqual([true, true]);
});

test('literals have the same properties as before, in the same order', async () => {
  const { plain, bundled } = await written(`
    let reads = 0;
    const given = { b: 1, get a() { return ++reads; }, ['__proto__']: 'own', 2: 'two' };
    const made = [
      { ...given },
      { ...given, c: 3 },
      { ...given, b: { ...given, d: 4 }, ...{ e: 5 } },
      { first: 0, ...given, c: 3 },
      { ...undefined, ...null, ...'ab', c: 3 },
      [{ ...[1, 2], c: ({ ...given, f: 6 }).f }],
    ];
    const { a, ...rest } = { ...given, g: 7 };
    console.log(JSON.stringify([made, made.map((each) => Object.keys(each)), rest, reads]));`);
  expect(bundled).toEqual(plain);
});
