// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ended, fromRoot } from './cli/started.test.fixture.ts';
import { compile } from './compile.ts';
import { ConfigError } from './config/config-error.ts';
import { loadConfig } from './config/load-config.ts';
import { atMost, FUZZ_TIMEOUT, fuzz, READING, RUNS, tell, thousands, within } from './fuzz-runs.test.fixture.ts';
import { DEFAULT_MAP_OPTIONS } from './map/index.ts';
import { mutated, pick, type Random } from './mutate.test.fixture.ts';
import { DocumentError } from './parse/api-document.ts';

// Broken config files and overlays: each is used, or refused with the place of its mistakes.

const FILE = 'src/fuzz-configs';
const SLOWEST_MS = 10_000;
const SECRET = 'fuzz-secret-5f0c9a1e7d';
/** Filled in anywhere, also where the product takes it for a name. */
const ANYWHERE = 'fuzz-anywhere-83b1d6c204';
const PETSTORE = fromRoot('test-specs/petstore.yaml');
const INSPECTED = atMost(50);
const OVERLAYS = atMost(300);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-fuzz-'));
  for (const [, name = ''] of JSON.stringify(CONFIGS).matchAll(/"([\w-]+\.(?:yaml|json))"/g)) {
    copyFileSync(PETSTORE, join(folder, name));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One with everything, and those of the documentation. */
const CONFIGS: readonly unknown[] = [
  {
    name: 'desk',
    instructions: 'Pets.',
    apis: {
      pets: {
        spec: PETSTORE,
        baseUrl: '${PETS_URL:-http://localhost:1}',
        auth: { shop_key: '${SHOP_KEY}' },
        headers: { 'X-Team': 'a ${FUZZ_SECRET}' },
        include: ['GET /**'],
        timeout: 5,
        transforms: [
          { rename: { tools: { listPets: 'find' } } },
          'readOnly',
          { filter: { exclude: [{ name: 'removePet' }] } },
        ],
        middleware: [{ timeout: { ms: 10_000 } }],
      },
    },
    servers: {
      files: { command: 'nothing', args: ['-x', '${FUZZ_SECRET}'], env: { KEY: '${FUZZ_SECRET}' }, timeout: 3 },
      remote: { url: 'https://localhost:1/mcp', headers: { Authorization: 'Bearer ${FUZZ_SECRET}' } },
    },
    modules: { notes: { path: 'notes.ts', export: 'make', options: { deep: [{ a: 1 }] } } },
    middleware: [{ rateLimit: { perCaller: { size: 20, perSecond: 2 } } }, { retry: { attempts: 2 } }],
    transport: 'http',
    port: '${PORT:-8000}',
    token: '${FUZZ_SECRET}',
  },
  ...documented(),
];

/** Every variable that the configs use holds the secret, but those with a default. */
const VARIABLES = {
  ...Object.fromEntries(
    [...JSON.stringify(CONFIGS).matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, `${SECRET}-${name}`]),
  ),
  FUZZ_ANYWHERE: ANYWHERE,
  PETS_URL: 'https://localhost:1/',
};

/** The YAML of the documentation that is a config. */
function documented(): readonly unknown[] {
  const pages = readdirSync(fromRoot('docs')).filter((name) => name.endsWith('.md'));
  const blocks = pages.flatMap((name) => [
    ...readFileSync(fromRoot(`docs/${name}`), 'utf8').matchAll(/```yaml\n(.*?)```/gs),
  ]);
  return blocks.flatMap(([, text = '']) =>
    /^(?:apis|servers|modules|middleware|auth):/m.test(text) ? parse(text) : [],
  );
}

test(`${RUNS} mutated config files are used, or refused with their places`, { timeout: FUZZ_TIMEOUT }, async () => {
  const count = { used: 0, refused: 0 };
  await fuzz({ file: FILE }, async (random) => {
    const { path, done } = written(random);
    const loading = loadConfig(path, { variables: () => VARIABLES, cacheFolder: undefined }).then(
      () => 'used' as const,
      (error: unknown) => error,
    );
    const outcome = await within(SLOWEST_MS, loading);
    if (outcome === 'used') count.used++;
    else count.refused++;
    const found = outcome === 'used' ? [] : faultsOf(outcome);
    return found.map((fault) => `${fault} (${done.join('; ')})`);
  });
  tell(`configs: ${thousands(RUNS)} mutated, ${thousands(count.used)} used, ${thousands(count.refused)} refused`);
});

/** A mutated config, some of its texts replaced by variables. */
function written(random: Random): { readonly path: string; readonly done: readonly string[] } {
  const config = pick(CONFIGS, random);
  const { text, done } = random() < 0.5 ? mutated(config, random, stringify) : otherValues(config, random);
  const filled = text.replace(/"(?:text|object|GET \/\*\*|pets|http|2)"/g, (found) =>
    random() < 0.4 ? '"x${FUZZ_ANYWHERE}"' : found,
  );
  const path = join(folder, pick(['fuzz.openapi-mcp.config.yaml', 'fuzz.openapi-mcp.config.json'], random));
  writeFileSync(path, filled);
  return { path, done };
}

/** The same shape with other texts and numbers: more of these can be used. */
function otherValues(config: unknown, random: Random): { readonly text: string; readonly done: readonly string[] } {
  const done: string[] = [];
  const text = JSON.stringify(config, (key, value: unknown) => {
    if ((typeof value !== 'string' && typeof value !== 'number') || random() > 0.06) return value;
    const other = typeof value === 'string' ? pick(TEXTS, random) : pick([0, -1, 1, 2.5, 1e9, 2 ** 53], random);
    done.push(`${key}: ${JSON.stringify(other)}`);
    return other;
  });
  return { text, done };
}

const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    'other',
    '..',
    '/',
    '\u0000',
    '日本語',
    '__proto__',
    'a'.repeat(5_000),
    '(a+)+$',
    'http://[',
    'https://a',
  ],
  ...[
    'x${FUZZ_ANYWHERE}',
    '${FUZZ_ANYWHERE}',
    '${NOT_SET}',
    '${NOT_SET:-preset}',
    '${',
    '$${FUZZ_ANYWHERE}',
    '${FUZZ_ANYWHERE',
  ],
  ...['https://${FUZZ_ANYWHERE}@a', 'GET /${FUZZ_ANYWHERE}', './${FUZZ_ANYWHERE}.yaml'],
];

/** Lines that quote a filter, or say which file does not exist: no secret belongs there. */
const QUOTED = /^.*(?:Filter ".*" is invalid|in: \/).*$/gm;
const ALWAYS = new RegExp(SECRET);
const HIDDEN = new RegExp(`${SECRET}|${ANYWHERE}`);

function faultsOf(error: unknown): readonly string[] {
  if (error === undefined) return [`takes more than ${SLOWEST_MS} ms`];
  if (!(error instanceof ConfigError)) return [error instanceof Error ? String(error.stack) : String(error)];
  const { mistakes, message, hint } = error;
  return [
    ...(mistakes.length === 0 ? ['no mistake'] : []),
    ...mistakes.filter((one) => one.path === '' || one.message === '').map((one) => `no place: ${JSON.stringify(one)}`),
    ...(`${message}${hint}${JSON.stringify(mistakes)}`.match(HIDDEN) ? [`a secret: ${hint}`] : []),
  ];
}

test(`inspect shows ${INSPECTED} mutated config files, or says what is wrong`, { timeout: FUZZ_TIMEOUT }, async () => {
  let shown = 0;
  await fuzz({ file: FILE, runs: INSPECTED }, async (random) => {
    const { path, done } = written(random);
    // Names, filters and files are not secret.
    const isSecret = await loadConfig(path, { variables: () => VARIABLES, cacheFolder: undefined }).then(
      ({ secrets }) => secrets.some(({ secret }) => secret === ANYWHERE),
      () => true,
    );
    const { code, stderr } = await ended(['inspect', path, '--no-exec', '--no-cache'], {
      cwd: folder,
      env: VARIABLES,
    });
    if (code === 0) shown++;
    const found = [
      ...(code === null || code > 5 ? [`exit ${code}`] : []),
      ...(/crashed|unhandled|^\s+at .*:\d+:\d+\)?$/im.test(stderr) ? [stderr.slice(0, 1_500)] : []),
      ...((isSecret ? HIDDEN : ALWAYS).test(stderr.replace(QUOTED, '')) ? [`a secret: ${stderr.slice(0, 1_500)}`] : []),
      ...(code !== 0 && stderr.trim() === '' ? ['it fails without a word'] : []),
    ];
    return found.map((fault) => `${fault} (${done.join('; ')})`);
  });
  tell(`inspect: ${thousands(INSPECTED)} mutated configs, ${thousands(shown)} shown`);
});

const OVERLAY = {
  overlay: '1.0.0',
  info: { title: 'Fuzz', version: '1' },
  actions: [
    { target: '$.info', update: { description: 'New.' } },
    { target: "$.paths['/pets'].get", update: { tags: ['new'] } },
    { target: '$.paths.*.*.parameters[*]', remove: true },
    { target: '$.components.schemas', update: { New: { type: 'object' } } },
    { target: '$..description', remove: true },
  ],
};

test(`${OVERLAYS} mutated overlays make a model or a clear error`, { timeout: FUZZ_TIMEOUT }, async () => {
  const petstore = readFileSync(PETSTORE, 'utf8');
  const count = { models: 0, problems: 0, refused: 0 };
  await fuzz({ file: FILE, runs: OVERLAYS }, async (random) => {
    const value = { ...OVERLAY, overlay: pick(['1.0.0', '1.1.0'], random), actions: actionsFrom(random) };
    const { text } = random() < 0.5 ? mutated(value, random, stringify) : { text: JSON.stringify(value) };
    const path = join(folder, 'overlay.yaml');
    writeFileSync(path, text);
    const started = performance.now();
    const source = { text: petstore, location: 'petstore.yaml' };
    const options = { parse: READING, overlays: [path], map: DEFAULT_MAP_OPTIONS };
    const outcome = await compile(source, options, undefined).catch((error: unknown) => error);
    const ms = Math.round(performance.now() - started);
    const found = ms > SLOWEST_MS ? [`takes ${ms} ms`] : [];
    if (outcome instanceof DocumentError) {
      count.refused++;
      if (outcome.message === '' || outcome.fix === '') found.push('the error is not clear');
    } else if (outcome instanceof Error) found.push(String(outcome.stack));
    else {
      const { problems } = outcome as Awaited<ReturnType<typeof compile>>;
      count.models++;
      count.problems += problems.length;
      const unclear = problems.filter(({ pointer, message }) => !/^[^#]*#(\/|$)/.test(pointer) || message === '');
      found.push(...unclear.map(({ code, pointer }) => `${code} at "${pointer}"`));
    }
    return found.map((fault) => `${fault} (${text.slice(0, 1_000)})`);
  });
  const { models, problems, refused } = count;
  tell(
    `overlays: ${thousands(OVERLAYS)}, ${thousands(models)} models with ${thousands(problems)} problems, ${thousands(refused)} refused`,
  );
});

function actionsFrom(random: Random): readonly unknown[] {
  const own = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const action = pick([...OVERLAY.actions, { target: '$.info', copy: '$.tags' }], random);
    const copy = 'copy' in action ? { copy: pathFrom(random) } : {};
    return { ...action, ...copy, target: pathFrom(random) };
  });
  return random() < 0.3 ? [...OVERLAY.actions, ...own] : own;
}

/** A JSONPath query (RFC 9535) of a few segments, which is often broken, and sometimes explosive. */
function pathFrom(random: Random): string {
  if (random() < 0.15) return pick(EXPLOSIVE, random);
  const path = `$${Array.from({ length: Math.floor(random() * 6) }, () => pick(SEGMENTS, random)).join('')}`;
  if (random() < 0.7) return path;
  const at = Math.floor(random() * path.length);
  return (
    path.slice(0, at) + pick(['[', ']', '(', ')', "'", '?', '@', '.', '*', '\u0000', '日'], random) + path.slice(at)
  );
}

const SEGMENTS: readonly string[] = [
  ...['.paths', '.info', '.components', '.schemas', '.*', '[*]', '..*', '..get', '..parameters', '[0]', '[-1]'],
  ...["['/pets']", '[::-1]', '[0:99999999999]', '[1e9]', '.__proto__', '.constructor', "['__proto__']", '[0,0,*]'],
  ...['[?@.name]', "[?@.type == 'string']", "[?match(@.type, '(a+)+$')]", '[?length(@) > 1]', '[?count(@..*) > 9]'],
  ...["[?search(@.description, '(a|a)*b')]", '[?!(@.a && @.b)]', '[?value($..name) == @.name]', '[?nothing(@)]'],
];

const EXPLOSIVE: readonly string[] = [
  '$..*..*',
  '$..*..*..*',
  '$..*..*..*..*..*',
  `$${'..*'.repeat(40)}`,
  `$${'[*,*]'.repeat(30)}`,
  `$..[${'*,'.repeat(200)}*]`,
  '$..[?count($..*) > 1]',
  '$..[?count($..[?count($..*) > 1]) > 1]',
  `$[?${'('.repeat(5_000)}@.a${')'.repeat(5_000)}]`,
  `$[?${'!'.repeat(5_000)}@.a]`,
  `$${'.a'.repeat(20_000)}`,
  `$[?${"@.a == 'b' || ".repeat(2_000)}@.c]`,
  "$..[?match(@.description, '((((.*)*)*)*)*x')]",
  `$..[?search(@.title, '${'(a?){50}'.repeat(20)}')]`,
];
