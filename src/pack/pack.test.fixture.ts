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
  /** What the mock received. */
  readonly requests: () => MockApi['requests'];
  /** Runs in the folder. */
  readonly run: (...args: string[]) => Promise<Ended>;
  /** Packs the pet shop for the mock, to `out`. */
  readonly pack: (target: string, ...args: string[]) => Promise<Ended>;
  /** The environment of a computer that has never seen openapi-mcp. */
  readonly env: (more?: Readonly<Record<string, string>>) => Record<string, string>;
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
  afterEach(() => rmSync(folder, { recursive: true }));
  const env = (more = {}) => ({ PATH: process.env.PATH ?? '', HOME: join(folder, 'home'), ...more });
  const run = (...args: string[]) => ended(args, { cwd: folder, env: env() });
  return {
    folder: () => folder,
    requests: () => api.requests,
    run,
    env,
    pack: (target, ...args) => run('pack', PETS, '--target', target, '--out', 'out', '--base-url', api.url, ...args),
  };
}
