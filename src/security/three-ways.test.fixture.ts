import { afterAll } from 'vitest';
import { type ImportedProject, importProject } from '../emitted-project.test.fixture.ts';
import { type GenerateOptions, generateProject } from '../generate.ts';
import { openApi } from '../proxy.ts';
import type { ModelOptions } from '../runtime/api/open-model.ts';
import type { Provider } from '../runtime/provider.ts';
import { createServer } from '../runtime/server.ts';

/** The ways in which a document is served. An attack must fail in all of them. */
export const WAYS = ['run', 'an emitted server', 'a composite'] as const;
export type Way = (typeof WAYS)[number];

const NAMESPACE = 'part';

/** A document that is served in one of the ways. */
export interface Served {
  readonly provider: Provider;
  /** What a tool of the document is called here. */
  readonly tool: (name: string) => string;
}

/**
 * Opens a document in any of the ways. Its project is generated and loaded once; the providers are closed after
 * all tests of the file.
 */
export function threeWays(document: () => object, mapping: Pick<GenerateOptions, 'trustHints'> = {}) {
  const closers: (() => unknown)[] = [];
  let project: Promise<ImportedProject> | undefined;
  const text = () => JSON.stringify(document());
  const emitted = async (options: ModelOptions): Promise<Provider> => {
    project ??= generateProject({ text: text() }, { cache: false, ...mapping }).then(importProject);
    return (await project).create(options);
  };
  const proxied = async (options: ModelOptions): Promise<Provider> =>
    (await openApi({ text: text() }, { cache: false, ...mapping, ...options })).provider;

  const OPEN: Readonly<Record<Way, (options: ModelOptions) => Promise<Served>>> = {
    run: async (options) => ({ provider: await proxied(options), tool: (name) => name }),
    'an emitted server': async (options) => ({ provider: await emitted(options), tool: (name) => name }),
    async 'a composite'(options) {
      const server = createServer({ name: 'main', version: '1.0.0' });
      server.mount(NAMESPACE, await proxied(options));
      return { provider: server, tool: (name) => `${NAMESPACE}_${name}` };
    },
  };
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  return async (way: Way, options: ModelOptions = {}): Promise<Served> => {
    const served = await OPEN[way]({ environment: {}, ...options });
    closers.push(() => served.provider.close());
    return served;
  };
}
