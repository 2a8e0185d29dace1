import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, type ModuleImport, targetOf as targetFrom } from './emit/imports-of.ts';

/** What a folder (or file) of `src` may import from others: everything, or `types` only. */
interface Rule {
  readonly area: string;
  readonly may: readonly string[];
  readonly types?: readonly string[];
}

const RULES: readonly Rule[] = [
  { area: 'model', may: [] },
  { area: 'problems.ts', may: [] },
  // What a mistyped name was meant to be is found in one way everywhere; so is what patterns of others may be run, and
  // whether a file lies inside a folder, and what no reader sees in a text.
  {
    area: 'parse',
    may: [
      'problems.ts',
      'model/hidden-text.ts',
      'runtime/text/nearest.ts',
      'runtime/pattern',
      'runtime/node/open-inside.ts',
    ],
    types: ['runtime/api/http.ts'],
  },
  // The size of a tool is that of its schema with everything it refers to.
  { area: 'lint', may: ['parse', 'map', 'model', 'problems.ts', 'runtime/api/listed-schema.ts'] },
  // References are followed by both stages, by the one set of rules; patterns are judged by what runs them.
  {
    area: 'map',
    may: ['model', 'problems.ts', 'parse/references.ts', 'runtime/pattern'],
    types: ['parse/api-document.ts'],
  },
  { area: 'runtime', may: ['model'] },
  // Templates and the runtime are read from the package itself.
  // What literals leave out is what the runtime fills in.
  {
    area: 'emit',
    may: ['model', 'problems.ts', 'package-root.ts', 'replace-file.ts', 'runtime/api/outline-defaults.ts'],
    types: ['runtime'],
  },
  // What is mounted elsewhere is served by the same parts as by our own server: no twins of them.
  { area: 'adapters', may: ['model', 'runtime'] },
  // A client serves providers of its own process, and holds answers against schemas by the runtime's rules.
  // What flags can say the file can say: both from one table.
  {
    area: 'config',
    may: ['model', 'parse', 'problems.ts', 'runtime', 'package-root.ts', 'cli/options.ts', 'map/choices.ts'],
  },
  { area: 'client', may: ['model', 'runtime'] },
];

/** Loose files of the runtime that everything in it builds on: the contract, its errors, and small words. */
const BASE = [
  'call-context',
  'call-error',
  'caller-key',
  'claimed-hints',
  'errors',
  'filter-rule',
  'full-schema',
  'is-record',
  'namespace-form',
  'note',
  'origin-meta',
  'outcome',
  'part',
  'provider',
  'remembered',
  'tool-error',
  'tools-by-name',
  'until-aborted',
].map((name) => `runtime/${name}.ts`);

/** The folders of the runtime from the bottom to the top: each may import those above it in this list, and `BASE`. */
const LAYERS = [
  'text',
  'options',
  'secrets',
  'pattern',
  // Requests to an API, and the handling of responses.
  'api',
  'middleware',
  'compose',
  'transforms',
  // Serving a provider to MCP clients.
  'serve',
  // Hand-written parts.
  'server',
  'node',
].map((name) => `runtime/${name}`);

/** Where each third-party package may be imported. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@apidevtools/swagger-parser': ['parse'],
  'openapi-types': ['parse', 'map'],
  yaml: ['parse'],
  'js-yaml': ['parse/plain-yaml'],
  json5: ['parse'],
  'json-p3': ['parse/overlay'],
  re2js: ['runtime/pattern/pattern-test'],
  typebox: ['runtime/server/schema'],
  '@modelcontextprotocol/server': ['runtime/serve', 'runtime/compose/remote', 'client', 'runtime/server'],
  '@modelcontextprotocol/client': ['runtime/serve', 'runtime/compose/remote', 'client'],
  '@modelcontextprotocol/node': ['runtime/serve'],
  '@modelcontextprotocol/sdk': ['adapters'],
  fastify: ['adapters'],
  '@opentelemetry/api': ['adapters'],
  // The second one holds the formats that the first one checks.
  ajv: ['runtime/api/validate-arguments', 'runtime/api/lenient-formats'],
  'ajv-formats': ['runtime/api/validate-arguments'],
  undici: ['runtime/node'],
  commander: ['cli'],
  // Runs the user's TypeScript.
  jiti: ['config/load-module'],
  'ts-morph': ['emit'],
  handlebars: ['emit'],
};

/** Folders of the runtime that are for Node; everywhere else it stands on web standards. */
const NODE_FOLDERS = ['runtime/node', 'runtime/serve', 'runtime/testing'];

/** Packages that an emitted project depends on: its runtime is a copy of ours. */
const EMITTED_PACKAGES = ['server', 'client', 'node'].map((name) => `@modelcontextprotocol/${name}`);
EMITTED_PACKAGES.push('ajv', 'ajv-formats', 're2js', 'typebox', 'undici');

interface Import extends ModuleImport {
  readonly file: string;
}

const imports = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !/\.(test|bench)(\.fixture)?\.ts$/.test(file))
  .flatMap((file) => importsOf(readFileSync(join(import.meta.dirname, file), 'utf8')).map((one) => ({ file, ...one })));

describe('who may import whom', () => {
  test.each(RULES)('$area keeps to its neighbours', ({ area, may, types = [] }) => {
    const strayed = imports.filter((one) => {
      const target = targetOf(one);
      if (!isIn(one.file, [area]) || target === undefined || isIn(target, [area, ...may])) return false;
      return !(one.typeOnly && isIn(target, types));
    });
    expect(strayed.map(shown)).toEqual([]);
  });

  test.each(LAYERS)('%s imports only what stands below it', (layer) => {
    const below = [...BASE, 'model', ...LAYERS.slice(0, LAYERS.indexOf(layer))];
    const strayed = imports.filter((one) => {
      const target = targetOf(one);
      return isIn(one.file, [layer]) && target !== undefined && !isIn(target, [layer, ...below]);
    });
    expect(strayed.map(shown)).toEqual([]);
  });

  test('the base of the runtime imports no layer but text, options and secrets', () => {
    const below = [...BASE, 'model', 'runtime/text', 'runtime/options', 'runtime/secrets'];
    const strayed = imports.filter((one) => {
      const target = targetOf(one);
      return isIn(one.file, BASE) && target !== undefined && !isIn(target, below);
    });
    expect(strayed.map(shown)).toEqual([]);
  });

  test('each third-party package stays where it belongs', () => {
    const strayed = imports.filter((one) => {
      const name = packageOf(one.specifier);
      return name !== undefined && !isIn(one.file, PACKAGES[name] ?? []);
    });
    expect(strayed.map(shown)).toEqual([]);
  });

  test('the runtime imports only what an emitted project has', () => {
    const strayed = imports.filter(({ file, specifier }) => {
      const name = packageOf(specifier);
      return isIn(file, ['runtime', 'model']) && name !== undefined && !EMITTED_PACKAGES.includes(name);
    });
    expect(strayed.map(shown)).toEqual([]);
  });

  test('the runtime is for Node only where its folder says so', () => {
    const strayed = imports.filter(
      // Types vanish when the runtime is built: what stands on them still runs elsewhere.
      ({ file, specifier, typeOnly }) =>
        !typeOnly && isBuiltin(specifier) && isIn(file, ['runtime', 'model']) && !isIn(file, NODE_FOLDERS),
    );
    expect(strayed.map(shown)).toEqual([]);
  });

  test('the mock API, which is copied into emitted projects, needs nothing but the model and Node', () => {
    const strayed = imports.filter((one) => {
      const target = targetOf(one);
      const allowed = target === undefined ? isBuiltin(one.specifier) : isIn(target, ['runtime/testing', 'model']);
      return isIn(one.file, ['runtime/testing']) && !allowed;
    });
    expect(strayed.map(shown)).toEqual([]);
  });
});

describe('reading import statements', () => {
  test('tells types from values, and finds re-exports and dynamic imports', () => {
    const source = [
      "import type { A } from './a.ts';",
      "import { type B, type C } from './b.ts';",
      "import {\n  type D,\n  e,\n} from './c.ts';",
      "export * from './d.ts';",
      "import './e.ts';",
      "const f = await import('./f.ts');",
    ].join('\n');
    expect(importsOf(source).map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
      ['./a.ts', true],
      ['./b.ts', true],
      ['./c.ts', false],
      ['./d.ts', false],
      ['./e.ts', false],
      ['./f.ts', false],
    ]);
  });
});

/** The file of ours that is imported, from `src`; `undefined` for a package. */
const targetOf = ({ file, specifier }: Import): string | undefined => targetFrom(file, specifier);

/** The package that is imported; `undefined` for files of ours and for Node's own modules. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const isBuiltin = (specifier: string): boolean => specifier.startsWith('node:') || builtinModules.includes(specifier);

/** `parse/json.ts` is in `parse`, and in `parse/json` (a file may become a folder). */
const isIn = (file: string, areas: readonly string[]): boolean =>
  areas.some((area) => file === area || file === `${area}.ts` || file.startsWith(`${area}/`));

const shown = ({ file, specifier }: Import): string => `${file} imports ${specifier}`;
