import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const { exports: entries } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

// The examples of the documentation import this package by name: what they get is the source.
const alias = Object.entries<{ default?: string }>(entries).flatMap(([entry, { default: built }]) =>
  built === undefined
    ? []
    : [
        {
          find: new RegExp(`^openapi-mcp${entry.slice(1)}$`),
          replacement: new URL(built.replace('./dist/', './src/').replace(/\.js$/, '.ts'), import.meta.url).pathname,
        },
      ],
);

/** Node 20 runs no TypeScript, so the threads of the sandbox are those of the build. */
const builtWorkers = {
  name: 'built-workers',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!id.endsWith('/runtime/node/quickjs-sandbox.ts')) return undefined;
    const built = new URL('./dist/runtime/node/code-worker.js', import.meta.url).href;
    return code.replace('const WORKER_FILE =', `const WORKER_FILE = new URL('${built}') ??`);
  },
};

/** Generate projects, and load or compile them. */
const EMITTED = [
  'src/{code-mode,deep-documents}.test.ts',
  'src/documents/field-reports.test.ts',
  'src/emit/{formatted,hostile,owned-files}.test.ts',
  'src/generate.test.ts',
  'src/large-results.test.ts',
  'src/parity.test.ts',
  'src/security/{credential-echo,credential-hosts,document-names,hidden-text,hints,hostile-calls,http-gate,on-behalf-{exchange,hook},redirects}.test.ts',
];

/**
 * Measure their process, or count how often V8 runs a block, which it does not for what others in the thread have made it
 * optimise. Run after all others, one at a time.
 */
const ALONE = ['src/runtime/node/quickjs-sandbox.test.ts', 'src/work-grows-with-size.test.ts'];

/** Start processes, most of them the built program, or authorization servers. */
const PROCESS = [
  'docs/**/*.test.ts',
  'src/cli/commands/{call,check,dev,diff,generate,init,install,lint,pack,refresh}.test.ts',
  'src/cli/{auth,auth-server,callers,clients,compiled-code,completion,connect,heavy-documents,inspector,main,modes,on-behalf,paging,targets}.test.ts',
  'src/{adapters,client}/**/*.test.ts',
  'src/config/config.test.ts',
  'src/fuzz{,-configs,-messages,-responses}.test.ts',
  'src/inspector/browser.test.ts',
  'src/login/token-store.test.ts',
  'src/identity-provider.test.ts',
  'src/oauth-proxy/**/*.test.ts',
  'src/pack/targets/*.test.ts',
  'src/redis/*.test.ts',
  'src/scale-out.test.ts',
  'src/runtime/compose/**/*.test.ts',
  'src/runtime/api/auth/client-authentication.test.ts',
  'src/runtime/fit/code/*.test.ts',
  'src/{package-contents,release}.test.ts',
  'src/runtime/node/start-server.test.ts',
  'src/runtime/serve/{interop,auth/hostile-tokens,auth/opaque-tokens,stdio/serve-stdio}.test.ts',
  'src/soak.test.ts',
  'src/telemetry/telemetry.test.ts',
  'src/security/{argument-flood,callers-apart,connect,connect-attacks,connect-page,document-url-secrets,folder-swap,interleaved-callers,large-answers,login,no-exec,on-behalf-clients,planted-credentials,scopes,server-login}.test.ts',
];

const limits = { testTimeout: 20_000, hookTimeout: 30_000, setupFiles: ['scripts/test-environment.mjs'] };

export default defineConfig({
  test: {
    // The default leaves one core to the main thread, which has little to do: half of a machine of two.
    maxWorkers: availableParallelism(),
    // What programs print by default, such as errors of handlers, is shown for tests that fail.
    silent: 'passed-only',
    reporters: ['default', './scripts/test-closing-line.mjs'],
    projects: [
      {
        resolve: { alias },
        plugins: [builtWorkers],
        test: {
          ...limits,
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: [...EMITTED, ...PROCESS, ...ALONE],
          pool: 'threads',
          // Files share what they import: nothing here changes a module's state.
          isolate: false,
        },
      },
      {
        resolve: { alias },
        plugins: [builtWorkers],
        test: {
          ...limits,
          name: 'process',
          include: PROCESS,
          exclude: EMITTED,
          isolate: false,
          pool: 'threads',
          globalSetup: ['scripts/test-setup.mjs'],
        },
      },
      {
        resolve: { alias },
        plugins: [builtWorkers],
        test: {
          ...limits,
          name: 'alone',
          include: ALONE,
          pool: 'forks',
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          globalSetup: ['scripts/test-setup.mjs'],
        },
      },
      {
        resolve: { alias },
        plugins: [builtWorkers],
        test: {
          ...limits,
          name: 'emitted',
          isolate: false,
          include: EMITTED,
          pool: 'threads',
          globalSetup: ['scripts/test-setup.mjs', 'scripts/test-projects.mjs'],
        },
      },
    ],
  },
});
