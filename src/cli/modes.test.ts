import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../client/index.ts';
import { ended, fromRoot, MAIN } from './started.test.fixture.ts';

const DESK = fromRoot('test-specs/help-desk.yaml');
const PETSTORE = fromRoot('test-specs/petstore.yaml');

let folder: string;
type Client = Awaited<ReturnType<typeof connect>>;

let clients: Client[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-modes-'));
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  clients = [];
  rmSync(folder, { recursive: true });
});

async function served(...args: readonly string[]): Promise<Client> {
  const client = await connect({ command: process.execPath, args: [MAIN, 'run', ...args, '--quiet'] });
  clients.push(client);
  return client;
}

const namesOf = async (client: Client) => (await client.listTools()).map(({ name }) => name);
const THREE = ['search_tools', 'describe_tools', 'call_tool'];

describe('run --mode', () => {
  test('search: finds, describes and calls tools; pinned ones are listed', async () => {
    const client = await served(DESK, '--no-cache', '--mode', 'search', '--pin', 'listTickets');
    expect(await namesOf(client)).toEqual([...THREE, 'listTickets', 'read_result']);
    const found = await client.callTool('search_tools', { query: 'open a ticket' });
    expect(JSON.stringify(found.content)).toContain('needs person_id ← searchPeople');
    const failed = await client.callTool('call_tool', { name: 'createTicket', arguments: {} });
    expect(failed.isError).toBe(true);
    expect(JSON.stringify(failed.content)).toContain('Smallest valid arguments');
  });

  test('compact and signature', async () => {
    const compact = await served(DESK, '--no-cache', '--mode', 'compact');
    expect(await namesOf(compact)).toHaveLength(14);
    const signature = await served(DESK, '--no-cache', '--mode', 'signature');
    const [tool] = await signature.listTools();
    expect(tool?.description).toContain('createTicket(subject,person_id,priority?');
  });

  test('a second start, with the model from the cache, finds the same', async () => {
    const search = async () => {
      const client = await connect({
        command: process.execPath,
        args: [MAIN, 'run', DESK, '--mode', 'search', '--quiet'],
        env: { XDG_CACHE_HOME: folder, HOME: folder },
      });
      const result = JSON.stringify((await client.callTool('search_tools', { query: 'remarks on a ticket' })).content);
      await client.close();
      return result;
    };
    const first = await search();
    expect(first).toContain('listComments(');
    expect(await search()).toBe(first);
  });

  test('a config file searches all of its parts at once', async () => {
    const config = join(folder, 'openapi-mcp.config.json');
    const apis = { desk: { spec: DESK }, shop: { spec: PETSTORE } };
    writeFileSync(config, JSON.stringify({ apis, mode: 'search', pinned: ['shop_listPets'] }));
    const client = await served(config);
    expect(await namesOf(client)).toEqual([...THREE, 'shop_listPets', 'read_result']);
    const found = JSON.stringify((await client.callTool('search_tools', { query: 'add a pet' })).content);
    expect(found).toContain('shop_addPet(');
    expect(client.instructions).toContain('Tools desk_*: Help Desk API');
    expect(await namesOf(await served(config, '--mode', 'tools'))).toContain('desk_getTicket');
  });

  test('a transform of a config file applies to one part', async () => {
    const config = join(mkdtempSync(join(folder, 'parts-')), 'openapi-mcp.config.json');
    const apis = { desk: { spec: DESK, transforms: ['searchTools'] }, shop: { spec: PETSTORE } };
    writeFileSync(config, JSON.stringify({ apis }));
    const names = await namesOf(await served(config));
    expect(names).toContain('desk_search_tools');
    expect(names).toContain('shop_listPets');
    expect(names).not.toContain('desk_getTicket');
  });

  test.each([
    [['--mode', 'serch'], /Allowed choices are tools, compact, signature, search, auto, code/],
    [['--mode', 'auto', '--budget', '50'], /No mode fits into a budget of 50 tokens.*Raise the budget/],
    [['--mode', 'compact', '--budget', '200'], /Mode "signature" takes \d+/],
    [['--mode', 'search', '--pin', 'listTicket'], /Did you mean "listTickets"\?/],
    [['--mode', 'compact', '--pin', 'listTickets'], /Pinned tools have no effect in mode "compact"/],
    [['--budget', 'many'], /Give a whole number/],
  ])('%j is refused with what to do', async (args, message) => {
    const { code, stdout, stderr } = await ended(['run', DESK, '--no-cache', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('the report names the mode, and a large list', async () => {
    const picked = await ended(['run', DESK, '--no-cache', '--mode', 'auto', '--budget', '300', '--dry-run', '--json']);
    expect(JSON.parse(picked.stdout).list).toMatchObject({ mode: 'signature', isLarge: false });
    const paths = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [
        `/thing-${index}`,
        { get: { summary: `Get a thing ${'of some kind '.repeat(12)}`, responses: { 200: { description: 'ok' } } } },
      ]),
    );
    const large = join(folder, 'large.json');
    writeFileSync(large, JSON.stringify({ openapi: '3.1.0', info: { title: 'Large', version: '1' }, paths }));
    const { stdout } = await ended(['run', large, '--no-cache', '--dry-run']);
    expect(stdout).toMatch(
      /warning: the list of tools costs a model about [\d,]+ tokens\. Unless your client .* use --mode search/,
    );
  });
});

describe('inspect', () => {
  test('--budget compares the modes', async () => {
    const { stdout } = await ended(['inspect', DESK, '--budget', '300', '--json']);
    const modes: Record<string, { fits: boolean }> = JSON.parse(stdout).totals.tokens.modes;
    const fits = Object.entries(modes).map(([mode, cost]) => [mode, cost.fits]);
    expect(Object.fromEntries(fits)).toEqual({
      tools: false,
      compact: false,
      signature: true,
      search: true,
      code: true,
    });
  });

  test('--exact counts with the tokenizer', async () => {
    const { stdout } = await ended(['inspect', DESK, '--exact', '--json']);
    const { tokens } = JSON.parse(stdout).totals;
    expect(tokens.counted).toBe('o200k');
    const estimate = JSON.parse((await ended(['inspect', DESK, '--json'])).stdout).totals.tokens;
    expect(Math.abs(estimate.total.model / tokens.total.model - 1)).toBeLessThan(0.1);
  });

  test.each([
    ['dot', '"searchPeople" -> "createTicket" [label="person_id"];'],
    ['mermaid', '-->|"person_id"|'],
  ])('--graph %s draws the dependencies', async (format, edge) => {
    const { code, stdout } = await ended(['inspect', DESK, '--graph', format]);
    expect(code).toBe(0);
    expect(stdout).toContain(edge);
  });

  test('--graph needs one document', async () => {
    const { code, stderr } = await ended(['inspect', `a=${DESK}`, `b=${PETSTORE}`, '--graph', 'dot']);
    expect(code).toBe(2);
    expect(stderr).toContain('--graph applies to one OpenAPI document');
  });
});
