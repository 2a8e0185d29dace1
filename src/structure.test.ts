import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';

const MOST_FUNCTION_LINES = 80;
const MOST_FILE_LINES = 400;

/** Tables that may be longer, because every entry is a line or two and one place for all of them is the point. */
const TABLES: Readonly<Record<string, string>> = {
  'src/problems.ts': 'one entry per problem code, with its cause and fix',
};

const ROOT = fileURLToPath(new URL('../', import.meta.url));

const files = ['src', 'scripts'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path).replaceAll('\\', '/'))
    .filter((path) => /\.(?:tsx?|mjs)$/.test(path) && !/\.(?:test|bench)\.|\/fixtures\//.test(path)),
);
const texts = files.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const);

test(`no function is longer than ${MOST_FUNCTION_LINES} lines`, () => {
  expect(texts.length).toBeGreaterThan(400);
  expect(texts.flatMap(([path, text]) => longFunctions(path, text))).toEqual([]);
});

test(`no source file is longer than ${MOST_FILE_LINES} lines`, () => {
  const long = texts.filter(([path, text]) => !(path in TABLES) && text.trimEnd().split('\n').length > MOST_FILE_LINES);
  expect(long.map(([path]) => path)).toEqual([]);
});

test('a long function is found, whatever its form', () => {
  const body = `{${'\n'.repeat(MOST_FUNCTION_LINES)}}`;
  const forms = [
    `function f() ${body}`,
    `const f = () => ${body};`,
    `class C { f() ${body} }`,
    `export default { f() ${body} }`,
  ];
  expect(forms.map((text) => longFunctions('a.ts', text))).toEqual(forms.map(() => ['a.ts:1 f has 81 lines']));
});

function longFunctions(path: string, text: string): readonly string[] {
  // A short file has no long function.
  if (text.split('\n').length <= MOST_FUNCTION_LINES) return [];
  const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && !ts.isJSDocSignature(node) && 'body' in node && node.body) {
      const [first, last] = [lineOf(node.getStart(source)), lineOf(node.end)];
      const lines = last - first + 1;
      if (lines > MOST_FUNCTION_LINES) found.push(`${path}:${first} ${nameOf(node)} has ${lines} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  return named?.getText() ?? 'a function without a name';
}
