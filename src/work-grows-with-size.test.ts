import { Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleCall } from './cli/client/print/example-call.ts';
import { schemaRows } from './cli/client/print/schema-lines.ts';
import { inspection } from './cli/commands/inspection.ts';
import { dense, documentOf, FIRST, lattice, operationsOf, union } from './deep-documents.test.fixture.ts';
import { generateProject } from './generate.ts';
import { lintDocument } from './lint-document.ts';
import { openApi } from './proxy.ts';

// Work is counted, not timed: V8 says how often each block of our code was run.
const session = new Session();
beforeAll(async () => {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
});
afterAll(() => session.disconnect());

const OWN = /\/src\/(?!.*\.test\.)/;

async function blocksRun(act: () => Promise<unknown>): Promise<number> {
  await session.post('Profiler.takePreciseCoverage'); // restarts counting
  await act();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const functions = result.filter(({ url }) => OWN.test(url)).flatMap((script) => script.functions);
  return functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
}

const OPTIONS = { cache: false } as const;
type Source = { readonly text: string };

async function withApi(source: Source, use: (api: Awaited<ReturnType<typeof openApi>>) => Promise<unknown>) {
  const api = await openApi(source, OPTIONS);
  await use(api);
  await api.provider.close();
}

const COMMANDS: Readonly<Record<string, (source: Source) => Promise<unknown>>> = {
  inspect: (source) => withApi(source, (api) => inspection(api)),
  list: (source) =>
    withApi(source, async ({ provider }) => {
      for (const tool of await provider.listTools({})) {
        schemaRows(tool.inputSchema);
        exampleCall(tool, 'document.json');
      }
    }),
  'shaping results': (source) => withApi(source, ({ provider }) => provider.listTools({ answers: true })),
  lint: (source) => lintDocument(source, OPTIONS),
  generate: (source) => generateProject(source, OPTIONS),
};

const properties = (count: number) => ({
  type: 'object',
  properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: 'string' }])),
});

/** Each in a smaller size, and about ten times as large. */
const DOCUMENTS: Readonly<Record<string, readonly [smaller: object, larger: object]>> = {
  'types that all refer to each other': [documentOf(FIRST, dense(12)), documentOf(FIRST, dense(38))],
  'a union that its variants refer back to': [documentOf(FIRST, union(30)), documentOf(FIRST, union(300))],
  'an object of many properties': [documentOf(properties(100), {}), documentOf(properties(1_000), {})],
  'many operations': [operationsOf(10, dense(3)), operationsOf(100, dense(3))],
};

/** How many times as much work the larger document is, and how many times as large. */
async function growthOf(command: (source: Source) => Promise<unknown>, documents: readonly [object, object]) {
  const [smaller, larger] = documents.map((document) => ({ text: JSON.stringify(document) })) as [Source, Source];
  await command(smaller); // modules are loaded once
  const least = await blocksRun(() => command(smaller));
  const most = await blocksRun(() => command(larger));
  expect(least).toBeGreaterThan(1_000);
  return { work: most / least, size: larger.text.length / smaller.text.length };
}

describe.each(Object.entries(DOCUMENTS))('%s', (_, documents) => {
  test.each(Object.entries(COMMANDS))('tenfold in size is at most about tenfold work for %s', async (_, command) => {
    const { work, size } = await growthOf(command, documents);
    // Quadratic work would be ten times the size; other files of the same thread add a little.
    expect(work).toBeLessThan(2 * size);
  });
});

// Each type has the members of all that come after it, so there are more members than references.
test.each(Object.entries(COMMANDS))(
  'types that are all that come after them are bounded for %s',
  async (_, command) => {
    const { work, size } = await growthOf(command, [documentOf(FIRST, lattice(12)), documentOf(FIRST, lattice(38))]);
    expect(work).toBeLessThan(1.5 * size ** 1.5);
  },
);
