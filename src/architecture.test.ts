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
  // Shared rules: suggestions for mistyped names, which patterns may run, whether a file is inside a folder, which
  // characters are invisible, and where a schema contains schemas.
  {
    area: 'parse',
    may: [
      'problems.ts',
      'model/hidden-text.ts',
      'model/own.ts',
      'model/subschemas.ts',
      'runtime/made-later.ts',
      'runtime/remembered.ts',
      'runtime/remembered-by-text.ts',
      'runtime/text/nearest.ts',
      'runtime/text/parsed-json.ts',
      'runtime/pattern',
      'runtime/node/open-inside.ts',
    ],
    types: ['runtime/api/http.ts'],
  },
  // The size of a tool is that of its schema with everything it refers to.
  {
    area: 'lint',
    may: [
      'parse',
      'map',
      'model',
      'problems.ts',
      'runtime/api/schema/listed-schema.ts',
      'runtime/api/schema/listed-input.ts',
    ],
  },
  // References are followed by both stages, by the one set of rules; patterns are judged by what runs them. What search
  // uses of operations is stored in the model, or computed by the runtime of a model without it.
  {
    area: 'map',
    may: [
      'model',
      'problems.ts',
      'parse/references.ts',
      'runtime/pattern',
      'runtime/api/facts',
      'runtime/made-later.ts',
      'runtime/remembered.ts',
      'runtime/text/nearest.ts',
    ],
    types: ['parse/api-document.ts'],
  },
  { area: 'runtime', may: ['model'] },
  // Templates and the runtime are read from the package itself.
  // What literals leave out is what the runtime fills in.
  {
    area: 'emit',
    may: [
      'model',
      'problems.ts',
      'package-root.ts',
      'runtime/node/replace-file.ts',
      'runtime/api/outline/outline-defaults.ts',
      'runtime/is-record.ts',
      'runtime/once.ts',
      'runtime/text/parsed-json.ts',
    ],
    types: ['runtime'],
  },
  // What is mounted elsewhere is served by the same parts as by our own server: no twins of them.
  { area: 'adapters', may: ['model', 'runtime'] },
  // The SDK of OpenTelemetry, around what is served.
  { area: 'telemetry', may: ['adapters/opentelemetry.ts', 'runtime'] },
  // An authorization server next to the MCP endpoint, and private files for what it stores.
  { area: 'oauth-proxy', may: ['runtime', 'model/hidden-text.ts', 'model/own.ts'] },
  // What a server looks like to clients and to its APIs, and what changed.
  { area: 'surface', may: ['model', 'runtime'] },
  // The config files of MCP clients.
  { area: 'install', may: ['runtime'] },
  // What others need to install or deploy a server: files, from a config and its documents. Templates are those of `emit`.
  {
    area: 'pack',
    may: [
      'model',
      'package-root.ts',
      'runtime/errors.ts',
      'runtime/node/replace-file.ts',
      'runtime/is-record.ts',
      'runtime/text/place-within.ts',
      'emit/templates.ts',
      'emit/text/markdown.ts',
    ],
  },
  // A packed server as a Cloudflare Worker: the same config and runtime, without Node.
  { area: 'worker', may: ['model', 'runtime', 'config'] },
  // What stands in for an API: made-up and recorded responses.
  { area: 'mock', may: ['model', 'runtime'] },
  { area: 'recording', may: ['model', 'runtime'] },
  // Responses of a live API against the document.
  { area: 'check', may: ['model', 'runtime'] },
  // Logins of a person: stored tokens, and how to get the first ones.
  { area: 'login', may: ['runtime', 'model'] },
  // What processes share, in Redis.
  { area: 'redis', may: ['runtime'] },
  // A client serves providers of its own process, checks responses by the runtime's rules, and logs people in.
  { area: 'client', may: ['model', 'runtime', 'login'] },
  // Flags and config keys come from one table, with choices, defaults and ranges from where programs get them.
  {
    area: 'options',
    may: [
      'map/choices.ts',
      'runtime/api/limits.ts',
      'runtime/fit/list-modes.ts',
      'runtime/fit/results/result-limit.ts',
      'runtime/unasked.ts',
      'runtime/serve/serve-defaults.ts',
    ],
  },
  // What codes mean, from the catalogues of every stage.
  { area: 'explain', may: ['lint', 'problems.ts', 'runtime'] },
  // Documents that change while they are served.
  { area: 'refresh', may: ['model', 'runtime', 'surface'] },
  // What a server does while it is developed: its latest calls.
  { area: 'dev', may: ['runtime'] },
  // The page that shows a server: everything it shows is data of the other stages.
  {
    area: 'inspector',
    may: ['model', 'problems.ts', 'runtime', 'dev', 'explain/call-errors.ts', 'package-root.ts'],
    types: ['proxy.ts'],
  },
  // It runs in browsers.
  {
    area: 'inspector/page',
    may: ['model', 'runtime/api/uri-template'],
    types: ['inspector/api-types.ts', 'runtime/provider.ts'],
  },
  { area: 'config', may: ['model', 'parse', 'problems.ts', 'runtime', 'package-root.ts', 'options', 'map/choices.ts'] },
  {
    area: 'cli',
    may: [
      'bundle-document.ts',
      'cache-folder.ts',
      'check/index.ts',
      'model',
      'problems.ts',
      'parse',
      'map/select.ts',
      'map/paging/setting.ts',
      'lint',
      'runtime',
      'client',
      'options',
      'config',
      'dev',
      'explain',
      'generate.ts',
      'inspector/index.ts',
      'install',
      'left-out.ts',
      'login',
      'lint-document.ts',
      'model-cache.ts',
      'oauth-proxy/index.ts',
      'pack/index.ts',
      'package-root.ts',
      'proxy.ts',
      'refresh',
      'redis/index.ts',
      'stand-in.ts',
      'surface',
      'telemetry/index.ts',
      'version.ts',
      'emit/index.ts',
      'emit/text/line-diff.ts',
    ],
  },
];

/** Areas that only these may import. */
const USED_BY: Readonly<Record<string, readonly string[]>> = {
  cli: [],
  options: ['cli', 'config'],
  config: ['cli', 'index.ts', 'worker'],
  client: ['cli'],
  adapters: ['telemetry'],
  'oauth-proxy': ['cli', 'config'],
  login: ['cli', 'client'],
  redis: ['cli'],
  refresh: ['cli', 'proxy.ts', 'proxy-options.ts', 'opened-api.ts', 'index.ts'],
  surface: ['cli', 'refresh', 'index.ts'],
  telemetry: ['cli'],
  mock: ['stand-in.ts'],
  recording: ['stand-in.ts'],
  check: ['cli'],
  dev: ['cli', 'inspector'],
  explain: ['cli', 'inspector'],
  inspector: ['cli'],
  install: ['cli'],
  pack: ['cli'],
  worker: [],
};

/** Loose files of the runtime that everything in it builds on: the contract, its errors, and small words. */
const BASE = [
  'answer-meta',
  'background-call',
  'call-context',
  'call-error',
  'caller-access',
  'caller-key',
  'claimed-hints',
  'clock',
  'curl-text',
  'derived',
  'errors',
  'expiring',
  'filter-rule',
  'full-schema',
  'given',
  'is-record',
  'lacking-scopes',
  'listening',
  'made-later',
  'namespace-form',
  'note',
  'once',
  'origin-meta',
  'outcome',
  'page-meta',
  'part',
  'preview',
  'provider',
  'remembered',
  'remembered-by-text',
  'result-text',
  'shared-store',
  'resource-updates',
  'sending',
  'tool-error',
  'tools-by-name',
  'unasked',
  'until-aborted',
  'where-thrown',
  'whole-tool',
].map((name) => `runtime/${name}.ts`);

/** The folders of the runtime from the bottom to the top: each may import those above it in this list, and `BASE`. */
const LAYERS = [
  'text',
  'options',
  'secrets',
  // What processes share.
  'store',
  'pattern',
  // Requests to an API, and the handling of responses.
  'api',
  'middleware',
  'compose',
  'transforms',
  // Lists in fewer tokens, and tools that call other tools.
  'fit',
  // Serving a provider to MCP clients.
  'serve',
  // Hand-written parts.
  'server',
  'node',
].map((name) => `runtime/${name}`);

/**
 * The parts of a folder from the bottom to the top: each may import those in lines above its own, and none in its own.
 * Every file and folder is listed, so a new one has to be given its place.
 */
const INSIDE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'runtime/api': [
    ['header-syntax.ts', 'auth/environment-text.ts', 'auth/auth-handler.ts', 'auth/caller-credential.ts'],
    ['auth/client-credentials.ts'],
    ['http.ts', 'split-url.ts', 'hooks.ts', 'limits.ts', 'challenges.ts', 'auth/basic.ts', 'auth/credentials.ts'],
    ['senders.ts', 'uri-template', 'serialize', 'read'],
    ['schema', 'outline', 'outcome', 'facts'],
    ['arguments', 'request', 'conceal', 'send'],
    ['exchange.ts', 'match-resource.ts'],
    ['auth', 'shape', 'paging', 'resource-index.ts', 'add-origins.ts', 'answer-lists.ts'],
    ['provider-options.ts', 'prepare-request.ts'],
    ['perform.ts'],
    ['preview-request.ts'],
    ['perform-hooked.ts'],
    ['jobs'],
    ['performing.ts', 'calls.ts', 'client-call.ts'],
    ['provider.ts', 'client.ts'],
    ['open-model.ts'],
  ],
  'runtime/serve': [
    ['process-id.ts'],
    ['tasks/extension.ts', 'tasks/task-store.ts'],
    [
      'serve-defaults.ts',
      'calls-in-flight.ts',
      'exact-message.ts',
      'host-tools.ts',
      'list-changes.ts',
      'offer.ts',
      'session-watch.ts',
      'call',
      'pages',
      'http/admission.ts',
      'http/loopback.ts',
      'http/request-head.ts',
      'http/serve-error.ts',
    ],
    ['auth', 'tasks', 'shared-changes.ts'],
    ['mcp-server.ts'],
    ['connection.ts', 'sessions'],
    ['http', 'stdio', 'mount'],
    ['serve-options.ts'],
  ],
  cli: [
    ['output'],
    ['process', 'flags'],
    ['targets'],
    ['client'],
    ['commands'],
    ['program.ts'],
    // Starts the program.
    ['main.ts'],
  ],
  'cli/client': [
    ['arguments', 'ask.ts', 'client-config.ts', 'down.ts', 'ending.ts', 'interruption.ts', 'progress-line.ts'],
    ['discovered-target.ts', 'print'],
    ['open-client.ts'],
    ['use-client.ts'],
  ],
};

/** Packages of OpenTelemetry that are in the program, and not in `dependencies`. */
const bundled = (...names: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(names.map((name) => [`@opentelemetry/${name}`, ['telemetry']]));

/** Where each third-party package may be imported. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@apidevtools/swagger-parser': ['parse'],
  'openapi-types': ['parse', 'map'],
  yaml: ['parse', 'install/edit-yaml'],
  'jsonc-parser': ['install/edit-json'],
  'smol-toml': ['install/edit-toml'],
  'js-yaml': ['parse/plain-yaml'],
  json5: ['parse'],
  'json-p3': ['parse/overlay'],
  re2js: ['runtime/pattern/pattern-test'],
  typebox: ['runtime/server/schema'],
  '@modelcontextprotocol/server': ['runtime/serve', 'runtime/compose/remote', 'client', 'runtime/server'],
  '@modelcontextprotocol/client': ['runtime/compose/remote', 'client'],
  '@modelcontextprotocol/sdk': ['adapters'],
  fastify: ['adapters'],
  '@opentelemetry/api': ['adapters', 'telemetry'],
  ...bundled('context-async-hooks', 'core', 'otlp-transformer', 'resources', 'sdk-metrics', 'sdk-trace-base'),
  ...bundled('exporter-prometheus', 'exporter-metrics-otlp-http', 'exporter-metrics-otlp-proto'),
  ...bundled('exporter-trace-otlp-http', 'exporter-trace-otlp-proto'),
  // The second one holds the formats that the first one checks.
  ajv: ['runtime/api/arguments/validation', 'runtime/api/arguments/validate-arguments.ts'],
  'ajv-formats': ['runtime/api/arguments/validate-arguments.ts', 'runtime/api/arguments/interpret-arguments.ts'],
  // Tokens that others sign, those of the OAuth proxy, and assertions of a client.
  jose: ['runtime/serve/auth', 'oauth-proxy', 'runtime/api/auth/client-assertion'],
  undici: ['runtime/node'],
  // Bundled into the program; programs install it.
  '@redis/client': ['redis'],
  // Optional: the keychain of the operating system.
  '@napi-rs/keyring': ['login/keychain'],
  '@clack/prompts': ['cli/commands/init-questions.ts'],
  '@bomb.sh/tab': ['cli/commands/completion.ts'],
  commander: ['cli/commands/completion.ts', 'cli/program.ts', 'cli/flags/command-options.ts'],
  // Runs the user's TypeScript.
  jmespath: ['runtime/fit/results/jmes-query'],
  jiti: ['config/load-module'],
  'ts-morph': ['emit'],
  handlebars: ['emit'],
  // Bundled into the page of the inspector.
  preact: ['inspector/page'],
};

/** Folders of the runtime that are for Node; everywhere else it stands on web standards. */
const NODE_FOLDERS = ['runtime/node', 'runtime/serve', 'runtime/testing'];

/** The files of the OAuth proxy that are for Node; its list of exports names them. */
const NODE_OAUTH_FILES = ['file-store.ts', 'public-fetch.ts'].map((name) => `oauth-proxy/${name}`);

/** Packages that an emitted project depends on: its runtime is a copy of ours. */
const EMITTED_PACKAGES = ['server', 'client'].map((name) => `@modelcontextprotocol/${name}`);
EMITTED_PACKAGES.push('ajv', 'ajv-formats', 'jmespath', 'jose', 're2js', 'typebox', 'undici');

interface Import extends ModuleImport {
  readonly file: string;
}

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file) && !/\.(test|bench)(\.fixture)?\.ts$/.test(file));

const imports = files.flatMap((file) =>
  importsOf(readFileSync(join(import.meta.dirname, file), 'utf8')).map((one) => ({ file, ...one })),
);

/** What each file imports, types and dynamic imports included. */
const TARGETS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  files.map((file) => [
    file,
    new Set(imports.filter((one) => one.file === file).flatMap((one) => targetFrom(file, one.specifier) ?? [])),
  ]),
);

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

  test.each(Object.entries(USED_BY))('%s is imported only by what is built on it', (area, users) => {
    const strayed = imports.filter((one) => {
      const target = targetOf(one);
      return target !== undefined && isIn(target, [area]) && !isIn(one.file, [area, ...users]);
    });
    expect(strayed.map(shown)).toEqual([]);
  });

  test.each(Object.entries(INSIDE))('inside %s, each part imports only what stands below it', (folder, lines) => {
    const places = lines.flatMap((parts, line) => parts.map((part) => ({ part, path: `${folder}/${part}`, line })));
    // A listed file has its own place, whatever that of its folder.
    const placeOf = (file: string) =>
      places.find(({ path }) => file === path) ?? places.find(({ path }) => isIn(file, [path]));
    const unplaced = files.filter((file) => file.startsWith(`${folder}/`) && !placeOf(file));
    expect(unplaced).toEqual([]);
    const strayed = imports.filter((one) => {
      const [from, to] = [placeOf(one.file), placeOf(targetOf(one) ?? '')];
      return from && to && from.part !== to.part && from.line <= to.line;
    });
    expect(strayed.map(shown)).toEqual([]);
  });

  test('no file reaches itself through imports', () => {
    expect(files.flatMap((file) => ringOf(file)?.join(' → ') ?? [])).toEqual([]);
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

  test('the OAuth proxy is for Node only where its files say so', () => {
    const others = imports.filter(({ file }) => isIn(file, ['oauth-proxy']) && !isIn(file, NODE_OAUTH_FILES));
    const strayed = others.filter((one) => {
      const target = targetOf(one) ?? '';
      if (one.typeOnly) return false;
      return isBuiltin(one.specifier) || isIn(target, ['runtime/node']);
    });
    const used = others.filter((one) => isIn(targetOf(one) ?? '', NODE_OAUTH_FILES));
    expect(strayed.map(shown)).toEqual([]);
    expect(new Set(used.map(({ file }) => file))).toEqual(new Set(['oauth-proxy/index.ts']));
  });

  test('the mock API, which is copied into emitted projects, needs nothing but the model, example values and Node', () => {
    const strayed = imports.filter((one) => {
      const target = targetOf(one);
      const allowed =
        target === undefined
          ? isBuiltin(one.specifier)
          : isIn(target, ['runtime/testing', 'runtime/api/schema', 'model']);
      return isIn(one.file, ['runtime/testing']) && !allowed;
    });
    expect(strayed.map(shown)).toEqual([]);
  });
});

describe('what a start without authentication loads', () => {
  const STARTS = [
    'cli/main.ts',
    'cli/program.ts',
    'cli/commands/run.ts',
    'runtime/serve/http/node-http.ts',
    'runtime/node/start-server.ts',
  ];
  /** One token for all callers, what a challenge looks like, and the types of options. */
  const ALLOWED = ['bearer-token', 'challenge', 'sha256', 'shared-token', 'auth-kinds'];

  test.each(STARTS)('%s leads to nothing of it', (start) => {
    const loaded = loadedFrom(start);
    expect(loaded.size).toBeGreaterThan(1);
    const authentication = [...loaded].filter((file) => isIn(file, ['runtime/serve/auth', 'oauth-proxy', 'login']));
    // To see whether there are logins.
    const allowed = [...ALLOWED.map((name) => `runtime/serve/auth/${name}.ts`), 'login/token-folder.ts'];
    expect(authentication.filter((file) => !allowed.includes(file))).toEqual([]);
    expect([...loaded]).not.toContain('runtime/api/auth/stored-login.ts');
    expect([...loaded].filter((file) => imports.some((one) => one.file === file && one.specifier === 'jose'))).toEqual(
      [],
    );
  });
});

test('what a start without telemetry loads leads to nothing of OpenTelemetry', () => {
  const loaded = ['cli/program.ts', 'cli/commands/run.ts', 'runtime/serve/http/node-http.ts'].flatMap((start) => [
    ...loadedFrom(start),
  ]);
  expect(loaded.filter((file) => isIn(file, ['telemetry', 'adapters']))).toEqual([]);
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

/** The shortest path from a file back to itself; type-only and dynamic imports count. */
function ringOf(file: string): readonly string[] | undefined {
  const paths: (readonly string[])[] = [[file]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const target of TARGETS.get(path.at(-1) ?? '') ?? []) {
      if (target === file) return [...path, target];
      if (seen.has(target)) continue;
      seen.add(target);
      paths.push([...path, target]);
    }
  }
  return undefined;
}

/** The files that are loaded with a file: without types, and without what is imported on demand. */
function loadedFrom(start: string): ReadonlySet<string> {
  const loaded = new Set([start]);
  for (const file of loaded) {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8').replace(/\bimport\(\s*'[^']+'\s*\)/g, '');
    for (const { specifier, typeOnly } of importsOf(source)) {
      const target = typeOnly ? undefined : targetFrom(file, specifier);
      if (target !== undefined) loaded.add(target);
    }
  }
  return loaded;
}

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
