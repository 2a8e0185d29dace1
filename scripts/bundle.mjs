// Bundles the command line into a few files. Node loads every module separately, and there are hundreds: bundled, a
// server starts 10 % faster. The packages that every start needs are bundled too: the MCP SDK and zod alone consist of
// 120 files, most of which are never used. The Worker of `pack --target worker` becomes one file.
import { readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'rolldown';
import { chunkScripts } from './chunk-scripts.mjs';
import { linkedSpreads } from './linked-spreads.mjs';
import { writeNotices } from './notices.mjs';

const INSIDE = [
  'commander',
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/client',
  '@modelcontextprotocol/core',
  'zod',
  // Only for --store: a part of it, in a file of its own, instead of a dependency of 12 MB.
  '@redis/client',
  // All of them, so that `--otel` needs no other install. Nothing else loads them.
  '@opentelemetry',
];

const isInside = (id) => INSIDE.some((name) => id === name || id.startsWith(`${name}/`));

// What is loaded lazily in Node is inside the one file of a Worker, and the plugins may take their time.
const CHECKS = { ineffectiveDynamicImport: false, pluginTimings: false };

/** Files of the build, as in `dist`. */
const built = (...paths) => new RegExp(`dist/(?:${paths.join('|')})\\.js$`.replaceAll('/', String.raw`[\\/]`));

// Keep everything that serving a document over stdio needs in one file, with what most servers load soon after. By default
// it would be split into many, because each command shares a different part of it.
const START = built(
  'cli/commands/run',
  'runtime/api/schema/listed-input',
  'runtime/node/keep-results-in-files',
  'runtime/serve/call/serve-call',
  'runtime/serve/stdio/serve-stdio',
  'runtime/serve/tasks/open-tasks',
);

// What reads and maps a document, unless its model is in the cache.
const DOCUMENT = built('compile', 'parse/read-source');

// What comes before everything else: the settings of the engine, and what runs the scripts of the others.
const FIRST = built(
  'cache-folder',
  'cli/process/compiled-code',
  'runtime/node/quick-start',
  'runtime/node/private-folder',
  'runtime/node/replace-file',
);

// What the command line itself imports: `--help` loads nothing else.
const SHELL =
  /dist[\\/](?:cli[\\/](?:program|output[\\/]report|flags[\\/]command-options|process[\\/].*|client[\\/]arguments[\\/]call-words)|options[\\/](?:options|examples)|version)\.js$|node_modules[\\/]commander[\\/]/;

/**
 * The MCP SDK imports its copy of Ajv when it is loaded, and validates only what users enter in forms, which is rare:
 * here it loads Ajv for the first of them. Ajv is a fifth of what a start would otherwise load.
 */
const lazyValidator = {
  name: 'lazy-validator',
  transform: {
    filter: { id: /@modelcontextprotocol[\\/](server|client)[\\/]dist[\\/]shimsNode\.mjs$/ },
    handler(code, id) {
      const [, name] = /@modelcontextprotocol[\\/](server|client)/.exec(id);
      const lazy = code.replace(/^import \{ \w+ as AjvJsonSchemaValidator \} from .*$/m, lazyValidatorOf(name));
      if (lazy === code) throw new Error(`The validator of @modelcontextprotocol/${name} has moved: see ${id}.`);
      return lazy;
    },
  },
};

/** The validator is synchronous, so `import()` cannot load it. */
const lazyValidatorOf = (name) => `
import { createRequire } from 'node:module';
class AjvJsonSchemaValidator {
  #loaded;
  getValidator(schema) {
    const load = () => createRequire(import.meta.url)('@modelcontextprotocol/${name}/validators/ajv');
    this.#loaded ??= new (load().AjvJsonSchemaValidator)();
    return this.#loaded.getValidator(schema);
  }
}`;

/** Commander imports what it needs for commands that are programs of their own. Here, none are. */
const noPrograms = {
  name: 'no-programs',
  transform: {
    filter: { id: /node_modules[\\/]commander[\\/]lib[\\/]command\.js$/ },
    handler(code, id) {
      const without = code.replace("const childProcess = require('node:child_process');", 'const childProcess = {};');
      if (without === code) throw new Error(`The import of child_process has moved: see ${id}.`);
      return without;
    },
  },
};

const { output } = await build({
  input: { 'openapi-mcp': 'dist/cli/main.js', 'compiled-code': 'dist/cli/process/compiled-code.js' },
  platform: 'node',
  plugins: [
    lazyValidator,
    noPrograms,
    linkedSpreads,
    chunkScripts({ chunks: /^(?:shell|start|document)$/, runner: 'dist/cli/process/compiled-code.js' }),
  ],
  checks: CHECKS,
  external: (id) => !/^[./]/.test(id) && !isInside(id),
  output: {
    dir: 'dist/bin',
    format: 'esm',
    // A third less to read and scan at every start. Names stay, for the stack traces of bug reports.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    chunkFileNames: '[name]-[hash].js',
    codeSplitting: {
      groups: [
        { name: 'first', test: FIRST, priority: 3 },
        { name: 'shell', test: SHELL, priority: 2 },
        { name: 'start', test: START, priority: 1 },
        { name: 'document', test: DOCUMENT },
      ],
    },
  },
});

// The thread of code mode: a file next to what starts it, which loads nothing of the program.
const { output: thread } = await build({
  input: { 'code-worker': 'dist/runtime/node/code-worker.js' },
  platform: 'node',
  output: { dir: 'dist/bin', format: 'esm', codeSplitting: false },
});

// Chunk names contain a hash, so chunks of earlier builds would end up in the package.
const written = new Set([...output, ...thread].map(({ fileName }) => fileName));
for (const name of readdirSync('dist/bin')) if (!written.has(name)) rmSync(`dist/bin/${name}`);

writeNotices('dist/bin', output);

/**
 * Workers forbid code generation, so validation is interpreted there: whatever imports the validator that uses Ajv gets
 * the other one. They start no threads either, so there is no sandbox.
 */
const forWorkers = {
  name: 'for-workers',
  resolveId: {
    filter: { id: /[\\/](?:validate-arguments|quickjs-sandbox)\.js$/ },
    handler: (id) => resolve(id.includes('quickjs') ? 'dist/worker/no-sandbox.js' : 'dist/worker/validators.js'),
  },
};

const { output: worker } = await build({
  input: { 'openapi-mcp': 'dist/worker/index.js' },
  platform: 'browser',
  plugins: [forWorkers],
  checks: CHECKS,
  resolve: { conditionNames: ['workerd', 'worker', 'browser', 'import', 'default'] },
  output: {
    dir: 'dist/worker-bundle',
    format: 'esm',
    // One file: a Worker is uploaded as a whole.
    codeSplitting: false,
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  },
});
const forNode = worker.flatMap(({ imports }) => imports);
if (forNode.length > 0) throw new Error(`The Worker imports ${forNode.join(', ')}.`);
writeNotices('dist/worker-bundle', worker);
