// The servers that `npm run compare` measures. A peer is started as its README says, from a document, without code of
// ours between its server and the API. `packages` come from the npm registry; `server()` returns the command that serves a
// document over stdio. A generator has `generate()`, `check()`, which type-checks, and
// `build()`, which does not.
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, tryRun } from './run.mjs';

const fromRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const CLI = fromRoot('dist/bin/openapi-mcp.js');
const TSC = fromRoot('node_modules/typescript/bin/tsc');
const ROLLDOWN = fromRoot('node_modules/rolldown/bin/cli.mjs');
const FILES = fileURLToPath(new URL('serve/', import.meta.url));

/** As openapi-mcp and openapi-mcp-generator name them. */
function variables(credentials) {
  return Object.fromEntries(
    Object.entries(credentials).flatMap(([scheme, { kind, value, username, password }]) => {
      const name = scheme.toUpperCase();
      if (kind === 'apiKey') return [[`API_KEY_${name}`, value]];
      if (kind === 'bearer') return [[`BEARER_TOKEN_${name}`, value]];
      return [
        [`BASIC_USERNAME_${name}`, username],
        [`BASIC_PASSWORD_${name}`, password],
      ];
    }),
  );
}

/** For peers whose only credentials are headers that every request gets. Others cannot be set there. */
function headersOf(credentials) {
  return Object.fromEntries(
    Object.values(credentials).flatMap((each) => {
      if (each.kind === 'bearer') return [['Authorization', `Bearer ${each.value}`]];
      if (each.kind === 'basic') return [['Authorization', `Basic ${btoa(`${each.username}:${each.password}`)}`]];
      return each.in === 'header' ? [[each.name, each.value]] : [];
    }),
  );
}

/** The first server with the defaults of its variables, for peers that must be given a URL. */
function baseUrlOf({ servers, host, basePath = '', schemes = ['http'] }) {
  if (host !== undefined) return `${schemes[0]}://${host}${basePath}`;
  const [{ url, variables: given = {} }] = servers;
  return url.replace(/\{(\w+)\}/g, (_, name) => given[name]?.default ?? '').replace(/\/$/, '');
}

const versionIn = (folder, name) =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;

/** orval requires a newer Node than openapi-mcp does. Only the generator runs in it, not the server. */
const NEWER_NODE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const newerNode = (folder) =>
  join(folder, 'node_modules', NEWER_NODE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** A config for generators that write none: strict, for code that is bundled. */
const BUNDLED = {
  compilerOptions: {
    strict: true,
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [fromRoot('node_modules/@types')],
  },
  include: ['src'],
};

const TYPES = ['--typeRoots', fromRoot('node_modules/@types'), '--types', 'node'];

const tsc = (project, args = []) => run(process.execPath, [TSC, '-p', project, ...args], { cwd: project });
const bundle = (project, entry) =>
  run(process.execPath, [ROLLDOWN, entry, '--platform', 'node', '--format', 'esm', '--file', 'dist/server.mjs'], {
    cwd: project,
  });

export const PEERS = [
  {
    name: 'openapi-mcp',
    title: 'openapi-mcp `run`',
    packages: [],
    version: () => JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')).version,
    server: ({ file, credentials, cache = false }) => ({
      args: [CLI, 'run', file, '--quiet', ...(cache ? [] : ['--no-cache'])],
      environment: variables(credentials),
    }),
  },
  {
    name: 'openapi-mcp-generate',
    title: 'openapi-mcp `generate`',
    packages: [],
    version: () => JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')).version,
    async generate({ file, project }) {
      await run(process.execPath, [CLI, 'generate', file, '--out', project, '--no-cache']);
      symlinkSync(fromRoot('node_modules'), join(project, 'node_modules'), 'junction');
    },
    check: ({ project }) => tsc(project, ['--noEmit']),
    async build({ project }) {
      await tsc(project, ['--noCheck']);
      await run(process.execPath, ['scripts/finish-build.js'], { cwd: project });
    },
    server: ({ project, credentials }) => ({
      args: [join(project, 'dist/index.js')],
      environment: variables(credentials),
    }),
  },
  {
    name: 'openapi-mcp-generator',
    title: 'openapi-mcp-generator',
    packages: ['openapi-mcp-generator@latest'],
    version: (folder) => versionIn(folder, 'openapi-mcp-generator'),
    /** The packages of what it generates, which are the same for every document. */
    async complete({ folder, install, sample }) {
      const project = join(folder, 'sample');
      await this.generate({ folder, file: sample, project });
      const { dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
      await install(Object.entries(dependencies).map(([name, range]) => `${name}@${range}`));
    },
    generate: ({ folder, file, project }) =>
      run(process.execPath, [
        join(folder, 'node_modules/openapi-mcp-generator/bin/openapi-mcp-generator.js'),
        '-i',
        file,
        '-o',
        project,
        '--force',
      ]),
    // The compiler requires a rootDir, which its tsconfig.json does not have.
    check: ({ project }) => tsc(project, ['--rootDir', 'src', '--noEmit', ...TYPES]),
    build: ({ project }) => tsc(project, ['--rootDir', 'src', '--noCheck', ...TYPES]),
    server: ({ project, credentials }) => ({
      args: [join(project, 'build/index.js')],
      environment: variables(credentials),
    }),
  },
  {
    name: 'ivotoby',
    title: '@ivotoby/openapi-mcp-server',
    packages: ['@ivotoby/openapi-mcp-server@latest'],
    version: (folder) => versionIn(folder, '@ivotoby/openapi-mcp-server'),
    server: ({ folder, file, document, credentials }) => ({
      args: [join(folder, 'node_modules/@ivotoby/openapi-mcp-server/bin/mcp-server.js')],
      environment: {
        OPENAPI_SPEC_PATH: file,
        API_BASE_URL: baseUrlOf(document),
        API_HEADERS: Object.entries(headersOf(credentials))
          .map((pair) => pair.join(':'))
          .join(','),
      },
    }),
  },
  {
    name: 'orval',
    title: 'orval, `client: mcp`',
    packages: ['orval@latest', '@modelcontextprotocol/sdk@1', 'zod@4', `${NEWER_NODE}@24`],
    note: 'Generated on Node 24, which it requires. Credentials need code of the user.',
    version: (folder) => versionIn(folder, 'orval'),
    async generate({ folder, file, project }) {
      const api = {
        input: { target: file },
        output: {
          mode: 'single',
          client: 'mcp',
          headers: true,
          baseUrl: { getBaseUrlFromSpecification: true },
          target: 'src/handlers.ts',
          schemas: 'src/http-schemas',
        },
      };
      mkdirSync(project, { recursive: true });
      writeFileSync(join(project, 'orval.config.mjs'), `export default ${JSON.stringify({ api })};\n`);
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(BUNDLED));
      const orval = join(folder, 'node_modules/orval/dist/bin/orval.mjs');
      await run(newerNode(folder), [orval, '--config', 'orval.config.mjs'], { cwd: project });
      // It ends with 0 if it cannot read the document.
      if (!existsSync(join(project, 'src/server.ts'))) throw new Error('orval wrote no server');
    },
    check: ({ project }) => tsc(project),
    build: ({ project }) => bundle(project, 'src/server.ts'),
    server: ({ project }) => ({ args: [join(project, 'dist/server.mjs')], environment: {} }),
  },
  {
    name: 'kubb',
    title: 'kubb, `@kubb/plugin-mcp`',
    // The MCP plugin has no version for kubb 5.
    packages: [
      ...['cli', 'core', 'plugin-oas', 'plugin-ts', 'plugin-zod', 'plugin-client', 'plugin-mcp'].map(
        (name) => `@kubb/${name}@4`,
      ),
      '@modelcontextprotocol/sdk@1',
      'zod@4',
      'axios@1',
    ],
    note: 'Credentials need code of the user.',
    version: (folder) => versionIn(folder, '@kubb/plugin-mcp'),
    async generate({ folder, file, project }) {
      mkdirSync(join(project, 'src'), { recursive: true });
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(BUNDLED));
      writeFileSync(
        join(project, 'src/main.ts'),
        "import { startServer } from './gen/mcp/server.ts';\nstartServer();\n",
      );
      copyFileSync(join(FILES, 'kubb.config.mjs'), join(project, 'kubb.config.mjs'));
      const kubb = join(folder, 'node_modules/@kubb/cli/bin/kubb.cjs');
      await run(process.execPath, [kubb, 'generate', '--config', 'kubb.config.mjs'], {
        cwd: project,
        env: { DOCUMENT: file },
      });
    },
    check: ({ project }) => tsc(project),
    build: ({ project }) => bundle(project, 'src/main.ts'),
    server: ({ project }) => ({ args: [join(project, 'dist/server.mjs')], environment: {} }),
  },
  {
    name: 'fastmcp',
    title: 'fastmcp (npm)',
    packages: ['fastmcp@latest', 'ajv@8', 'ajv-formats@3', 'jose@6'],
    version: (folder) => versionIn(folder, 'fastmcp'),
    complete: ({ folder }) => copyFileSync(join(FILES, 'fastmcp.mjs'), join(folder, 'serve.mjs')),
    server: ({ folder, file, credentials }) => ({
      args: [join(folder, 'serve.mjs'), file, JSON.stringify(headersOf(credentials))],
      environment: {},
    }),
  },
  {
    name: 'fastmcp-python',
    title: 'FastMCP (Python)',
    packages: [],
    /** Only if Python has it: nothing is installed for it. */
    async absent() {
      const { ok, stdout } = await tryRun('python3', ['-c', 'import fastmcp; print(fastmcp.__version__)']);
      this.found = ok ? stdout.trim() : undefined;
      return ok ? undefined : 'python3 has no fastmcp';
    },
    version() {
      return this.found;
    },
    server: ({ file, document, credentials }) => ({
      command: 'python3',
      args: [join(FILES, 'fastmcp_server.py'), file, baseUrlOf(document), JSON.stringify(Object.values(credentials))],
      environment: { FASTMCP_CHECK_FOR_UPDATES: 'off', FASTMCP_SHOW_SERVER_BANNER: 'false' },
    }),
  },
];
