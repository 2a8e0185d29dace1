import fc from 'fast-check';
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import type { ApiModel, JsonSchema, Operation } from '../model/index.ts';
import { propertyRuns } from '../property-runs.test.fixture.ts';
import { joinModel, type OperationOutline } from '../runtime/api/outline/outline.ts';
import { byteLength, type EmittedFile } from './emitted-file.ts';
import { isGeneratedPath, isHandedOverPath } from './generated-paths.ts';
import { type EmitOptions, emitProject, readSchemaData } from './index.ts';
import { isRuntimePath } from './runtime-files.ts';

// Text of a document stays data: in literals, comments, templates and names.

const HOSTILE = [
  "'; process.exit(1); //",
  '*/ process.exit(1) /*',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what is hostile about it
  '`${process.exit(1)}`',
  '</script><script>',
  '--> <!--',
  '{{name}} {{{json}}} {{#each x}}',
  '\u2028\u2029\u0000\u0007\u202e\ufeff',
  '\ud800',
  '"\\" \\u0041 \\',
  '__proto__',
  'constructor',
  'line\nFROM evil\r\nRUN rm -rf /',
  '$(touch x) `touch x` ; rm -rf ~',
  '@ts-expect-error',
  '@ts-nocheck',
  '../../etc/passwd',
  'CON',
  'aux.txt',
  '# heading | cell `code` [link](http://x)',
  'import x from "y"',
  'ｗｉｄｅ 日本語 😀',
];

const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 3 }).map((texts) => texts.join('')),
);

const OPTIONS: EmitOptions = {
  transport: 'stdio',
  credentials: [],
  defaults: {},
  calls: [],
  runtime: 'copy',
  imported: [],
};

function modelOf(texts: readonly string[]): ApiModel {
  const text = (index: number) => texts[index % texts.length] ?? '';
  const name = (index: number) => text(index) || 'x';
  const schema: JsonSchema = {
    type: 'object',
    description: text(1),
    properties: JSON.parse(
      `{${JSON.stringify(name(2))}: {"type":"string","description":${JSON.stringify(text(3))},"enum":[${JSON.stringify(text(4))}]}}`,
    ),
    required: [name(2)],
  };
  const operation = (id: string, index: number): Operation => ({
    id,
    origin: {
      pointer: `#/paths/${text(index)}`,
      operationId: text(index + 1),
      method: 'get',
      path: `/${text(index)}`,
      tags: [name(index + 2)],
      deprecated: true,
    },
    request: {
      method: 'GET',
      servers: [{ url: text(3), description: text(4), variables: { [name(5)]: { default: text(6) } } }],
      path: ['/', text(1)],
      fixedQuery: text(2),
      query: [],
      headers: [],
      cookies: [],
      coercions: [],
      renamed: false,
    },
    response: { accept: text(1), schema, wrapped: false, pagingArguments: [text(2)] },
    auth: [],
    arguments: { type: 'object', properties: schema.properties ?? {}, required: [], additionalProperties: false },
    tool: { name: id, title: text(4), description: text(5), annotations: {} },
  });
  return {
    format: 1,
    name: 'hostile',
    title: text(0),
    version: text(1),
    description: text(2),
    servers: [{ url: text(3), variables: {} }],
    auth: JSON.parse(`{${JSON.stringify(name(1))}: {"kind":"basic","description":${JSON.stringify(text(2))}}}`),
    schemas: JSON.parse(`{${JSON.stringify(name(3))}: ${JSON.stringify(schema)}}`),
    operations: ['first', 'second', 'constructor'].map(operation),
  };
}

/** The constants of an emitted module. Types are stripped, so it imports nothing. */
async function evaluated(text: string): Promise<Record<string, OperationOutline>> {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  expect(diagnostics).toEqual([]);
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}

const find = (files: readonly EmittedFile[], path: string): string =>
  files.find((file) => file.path === path)?.text ?? '';

describe('strings of a document', () => {
  test('keep their value in every literal, and never become code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 7, maxLength: 7 }), async (texts) => {
        const model = modelOf(texts);
        const files = await emitProject(model, OPTIONS);
        const outlines: OperationOutline[] = [];
        for (const { text } of files.filter(({ path }) => path.startsWith('src/operations/')))
          outlines.push(...Object.values(await evaluated(text)));
        const data = readSchemaData(
          files.map(({ path }) => path),
          (path) => find(files, path),
        );
        const { operations, ...rest } = model;
        const ids = operations.map(({ id }) => id);
        const inOrder = ids
          .map((id) => outlines.find((outline) => outline.id === id))
          .filter((one) => one !== undefined);
        expect(joinModel({ ...rest, operations: inOrder }, data)).toEqual(model);
      }),
      { numRuns: propertyRuns(60) },
    );
  }, 60_000);

  test('never cause a syntax error in a TypeScript file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 7, maxLength: 7 }), async (texts) => {
        const files = await emitProject(modelOf(texts), OPTIONS);
        for (const { path, text } of files.filter((file) => isWritten(file.path))) {
          const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
          expect([path, diagnostics]).toEqual([path, []]);
          // No text of the document is a compiler directive, and nothing in it is invisible.
          expect(text).not.toMatch(/^\s*(?:\/\/|\/\*+|\*)\s*@ts-/m);
          expect(text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
        }
      }),
      { numRuns: propertyRuns(30) },
    );
  }, 60_000);

  test('stay within their line in package.json, README.md, .env.example and Dockerfile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 7, maxLength: 7 }), async (texts) => {
        const model = modelOf(texts);
        const credentials = [
          { scheme: texts[1] ?? '', kind: texts[2] ?? '', variables: ['API_KEY_X'], alternatives: [] },
        ];
        const files = await emitProject(model, { ...OPTIONS, credentials });
        expect(JSON.parse(find(files, 'package.json'))).toMatchObject({ name: 'hostile-mcp', type: 'module' });
        const readme = find(files, 'README.md');
        expect(readme.split('\n')[0]).toMatch(/^<!-- [^>]*-->$/);
        expect(readme).not.toMatch(/<(?!this folder>|document>|clone of openapi-mcp>|!--)/);
        for (const line of find(files, '.env.example').split('\n')) expect(line).toMatch(/^(?:|#.*|[A-Z_]+=)$/);
        expect(find(files, 'Dockerfile').match(/^(?:FROM|RUN|USER)\b/gm)).toEqual([
          'FROM',
          'RUN',
          'RUN',
          'FROM',
          'USER',
        ]);
      }),
      { numRuns: propertyRuns(40) },
    );
  }, 60_000);

  test('become file names that every file system accepts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 7, maxLength: 7 }), async (texts) => {
        const files = await emitProject(modelOf(texts), OPTIONS);
        const paths = files.map(({ path }) => path);
        expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
        for (const path of paths) {
          expect(path).toMatch(/^(?:[A-Za-z0-9._-]+\/)*[A-Za-z0-9._-]+$/);
          expect(path).not.toMatch(/(?:^|\/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\/|$)/i);
          expect(path).not.toContain('..');
        }
        // These paths decide what the next run may replace or remove.
        for (const { path, owner } of files) {
          expect([path, isGeneratedPath(path), isHandedOverPath(path)]).toEqual([
            path,
            owner !== 'user',
            owner === 'user',
          ]);
        }
        for (const { text } of files) expect(byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
      }),
      { numRuns: propertyRuns(40) },
    );
  }, 60_000);
});

test('the same model produces the same bytes', async () => {
  const model = modelOf(HOSTILE.slice(0, 7));
  expect(await emitProject(model, OPTIONS)).toEqual(await emitProject(structuredClone(model), OPTIONS));
});

const isWritten = (path: string): boolean => path.endsWith('.ts') && !isRuntimePath(path);
