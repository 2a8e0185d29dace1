import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Ended, ended, fromRoot } from '../cli/started.test.fixture.ts';
import { openApi } from '../proxy.ts';
import { type MockApi, startMockApi } from '../runtime/testing/mock-api.ts';

export const PETS = fromRoot('test-specs/petstore.yaml');

/** A folder for each test, and a mock of the pet shop for all of them. */
export interface PackBench {
  readonly folder: () => string;
  /** The URL of the mock. */
  readonly api: () => string;
  /** What the mock received. */
  readonly requests: () => MockApi['requests'];
  /** Runs in the folder. */
  readonly run: (...args: string[]) => Promise<Ended>;
  /** Packs the pet shop for the mock, to `out`. */
  readonly pack: (target: string, ...args: string[]) => Promise<Ended>;
  /** Starts Node with these words, and waits for the address that it serves: `http://127.0.0.1:<port>`. */
  readonly serve: (words: readonly string[], options: ServeOptions) => Promise<string>;
  /** The environment of a computer that has never seen openapi-mcp. */
  readonly env: (more?: Readonly<Record<string, string>>) => Record<string, string>;
}

interface ServeOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export function packBench(): PackBench {
  let folder: string;
  let api: MockApi;
  beforeAll(async () => {
    const { model, provider } = await openApi(PETS, { cache: false, answerSchemas: 'all' });
    await provider.close();
    api = await startMockApi(model);
  });
  afterAll(() => api.close());
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'openapi-mcp-pack-')));
    mkdirSync(join(folder, 'home'));
  });
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) await stopped(child);
    rmSync(folder, { recursive: true });
  });
  const env = (more = {}) => ({ PATH: process.env.PATH ?? '', HOME: join(folder, 'home'), ...more });
  const run = (...args: string[]) => ended(args, { cwd: folder, env: env() });
  return {
    folder: () => folder,
    api: () => api.url,
    requests: () => api.requests,
    run,
    env,
    serve: (words, options) => {
      const child = spawn(process.execPath, words, { cwd: options.cwd, env: env(options.env) });
      children.push(child);
      return addressOf(child);
    },
    pack: (target, ...args) => run('pack', PETS, '--target', target, '--out', 'out', '--base-url', api.url, ...args),
  };
}

/** It may still be writing its cache. */
function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.on('close', () => resolve());
    child.kill();
  });
}

function addressOf(child: ChildProcess): Promise<string> {
  let told = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      told += chunk;
      const [, port] = /Serving http:\/\/[^:]+:(\d+)/.exec(told) ?? [];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
    child.on('close', () => reject(new Error(told)));
  });
}
