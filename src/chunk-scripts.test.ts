import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error A script, without types.
import { chunkScripts } from '../scripts/chunk-scripts.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `src/cli/process/compiled-code.ts` does, without keeping anything. */
const RUNNER = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
export const runScript = (name, load, meta, imported) =>
  new Script(readFileSync(new URL(name, meta.url), 'latin1')).runInThisContext()(load, meta, createRequire(import.meta.url), ...imported);`;

/** Bundles modules, of which "part" becomes a script, and imports "main". */
async function bundled(modules: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries({ ...modules, runner: RUNNER }))
    writeFileSync(join(folder, `${name}.js`), text);
  const { output } = await build({
    cwd: folder,
    input: { main: './main.js', runner: './runner.js' },
    platform: 'node',
    logLevel: 'silent',
    plugins: [chunkScripts({ chunks: /^part$/, runner: '/runner.js' })],
    output: {
      dir: join(folder, 'bundle'),
      format: 'esm',
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
      codeSplitting: {
        groups: [
          { name: 'first', test: /runner\.js$/, priority: 1 },
          { name: 'part', test: /part\.js$|inner\.js$/ },
        ],
      },
    },
  });
  const files = output.map(({ fileName }) => fileName);
  const script = files.find((name) => name.endsWith('.script.js'));
  return {
    files,
    script: script === undefined ? '' : readFileSync(join(folder, 'bundle', script), 'utf8'),
    main: await import(pathToFileURL(join(folder, 'bundle', 'main.js')).href),
  };
}

test('a script has what the chunk imported, and gives what it exported', async () => {
  const { main, script } = await bundled({
    main: `
      import { place, text, Counter, base } from './part.js';
      export const found = { place, text, base: base('/a/b'), count: new Counter().next() };`,
    part: `
      import path, { basename as base } from 'node:path';
      import * as url from 'node:url';
      import { start } from './other.js';
      export const place = path.basename(url.fileURLToPath(import.meta.url));
      export const text = 'é “quoted” 😀 \\u2028' + /[“”]/u.exec('a”')[0];
      export class Counter { #count = start; next() { return ++this.#count; } }
      export { base };`,
    other: 'export const start = 41;',
  });
  expect(main.found).toEqual({
    place: expect.stringMatching(/^part-.*\.js$/),
    text: 'é “quoted” 😀 \u2028”',
    base: 'b',
    count: 42,
  });
  expect(script).toMatch(/^\(function\(/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: All of ASCII.
  expect(script).toMatch(/^[\x00-\x7f]*$/);
});

test('what a script imports later is loaded later, without modules that only pass on exports', async () => {
  const { main, files } = await bundled({
    main: `
      export const loaded = globalThis.loadedLater === undefined;
      export const later = async () => (await import('./part.js')).later();`,
    part: `
      export const later = async () => {
        const [{ value }, { inner }] = await Promise.all([import('./later.js'), import('./inner.js')]);
        return [value, inner];
      };`,
    later: 'globalThis.loadedLater = true; export const value = 1;',
    inner: "export const inner = 'in the same script';",
  });
  expect(main.loaded).toBe(true);
  expect(await main.later()).toEqual([1, 'in the same script']);
  expect(files.filter((name) => name.startsWith('inner'))).toEqual([]);
});

test.each([
  [
    'a variable that is assigned to later',
    'count, add',
    'export let count = 0; export const add = () => { count += 1; };',
    'count',
  ],
  [
    'a destructured one',
    'one, set',
    'export let one = 0; export const set = (given) => { ({ a: [one] } = given); };',
    'one',
  ],
  ['a template whose tag would see escapes', 'made', 'export const made = String.raw`é`;', 'String.raw'],
  ['a chunk that waits', 'waited', "export const waited = await Promise.resolve('x');", 'await'],
])('%s cannot become a script: the build says so', async (_, exported, part, named) => {
  const main = `import { ${exported} } from './part.js'; console.log(${exported});`;
  await expect(bundled({ main, part })).rejects.toThrow(named);
});
