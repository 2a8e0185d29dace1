import { describe, expect, test } from 'vitest';
import { openApi } from './proxy.ts';
import { operationKey } from './runtime/api/facts/dependencies.ts';
import { factsOf, withoutFacts } from './runtime/api/facts/facts.ts';
import { searchData } from './runtime/api/facts/search-data.ts';
import { callContext } from './runtime/call-context.ts';
import { compact } from './runtime/fit/compact.ts';
import { fitTools } from './runtime/fit/modes.ts';
import { foundText } from './runtime/fit/search/found-text.ts';
import { createSearchIndex } from './runtime/fit/search/search-index.ts';
import { searchTools } from './runtime/fit/search/search-tools.ts';
import type { Provider, ToolResult } from './runtime/provider.ts';
import { createServer } from './runtime/server.ts';
import { rename } from './runtime/transforms/rename.ts';

const desk = () => openApi('test-specs/help-desk.yaml', { cache: false, search: true, getAs: 'tool' });
const facts = { facts: true } as const;
const textOf = ({ content }: ToolResult) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
const call = async (provider: Provider, name: string, args: Readonly<Record<string, unknown>>) =>
  provider.callTool({ name, arguments: args }, callContext());
const search = async (provider: Provider, args: Readonly<Record<string, unknown>>) =>
  textOf(await call(provider, 'search_tools', args));
const namesOf = async (provider: Provider) => (await provider.listTools({})).map(({ name }) => name);
const firstWords = (text: string) => text.split('\n').map((line) => line.slice(0, line.indexOf('(')));

describe('where ids come from', () => {
  test.each([
    ['getTicket', 'ticket_id', 'GET /tickets', 'the list on the path before the parameter'],
    ['addComment', 'ticket_id', 'GET /tickets', 'the list on the path before the parameter'],
    ['createTicket', 'person_id', 'GET /people/search', 'a search, for an id in the body'],
    ['removePerson', 'person_id', 'GET /people/search', 'a search, not the permissions of one person'],
    ['getReceipt', 'number', 'POST /tickets', 'a link of the document'],
    ['getArticle', 'slug', 'GET /help', 'a list of objects of the type that the path names'],
  ])('%s needs %s from %s: %s', async (id, argument, operation) => {
    const { model, provider } = await desk();
    const index = model.operations.findIndex((each) => each.id === id);
    expect(searchData(model).needs[index]).toEqual([{ argument, operation }]);
    await provider.close();
  });

  test('an operation without a source of its ids has no needs', async () => {
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: {
        '/lone/{id}': {
          get: {
            parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
            responses: { 200: { description: 'one' } },
          },
        },
      },
    });
    const { model } = await openApi({ text }, { cache: false });
    expect(searchData(model).needs).toEqual([[]]);
  });
});

describe('facts', () => {
  test('are only in lists that ask for them', async () => {
    const { provider } = await desk();
    expect((await provider.listTools({})).some((tool) => factsOf(tool))).toBe(false);
    const [first] = await provider.listTools(facts);
    expect(first && factsOf(first)).toMatchObject({ operation: 'GET /tickets', tags: ['tickets'], api: 'help-desk' });
    expect(await provider.listTools(facts)).toBe(await provider.listTools(facts));
  });

  test('cross mounts and transforms', async () => {
    const { provider } = await desk();
    const server = createServer({ name: 'all', version: '1' });
    server.mount('desk', await rename(provider, { tools: { listTickets: 'tickets' } }));
    const tools = await server.listTools(facts);
    expect(tools.map((tool) => factsOf(tool)?.operation)).toContain('GET /tickets');
    expect((await server.listTools({})).some((tool) => factsOf(tool))).toBe(false);
  });

  test.each([{ api: 1 }, { tags: 5 }, { words: [5] }, { needs: [null] }, { name: 5 }])(
    'that are malformed are ignored: %j',
    (wrong) => {
      const right = {
        api: 'a',
        operation: 'GET /',
        method: 'GET',
        path: '/',
        tags: [],
        words: [],
        needs: [],
        name: 'a',
      };
      const tool = (given: object) => ({
        name: 'alpha',
        inputSchema: { type: 'object' as const },
        _meta: { 'openapi-mcp/operation': { ...right, description: '', ...given } },
      });
      expect(factsOf(tool({}))).toBeDefined();
      expect(factsOf(tool(wrong))).toBeUndefined();
      expect(createSearchIndex([tool(wrong)]).search('alpha', { limit: 5 }).hits).toHaveLength(1);
    },
  );

  test('of other servers are removed', () => {
    const tool = { name: 'a', inputSchema: { type: 'object' as const } };
    const claimed = { ...tool, _meta: { tags: ['x'], 'openapi-mcp/operation': { api: 'help-desk' } } };
    expect(withoutFacts(claimed)._meta).toEqual({ tags: ['x'] });
    expect(withoutFacts(tool)).toBe(tool);
  });

  test('a model for search holds them, and one without is as exact', async () => {
    const { model } = await desk();
    const { search, ...rest } = model;
    expect(search).toEqual(searchData(rest));
    expect(search?.words).toHaveLength(model.operations.length);
  });
});

describe('search', () => {
  const first = async (query: string) => {
    const { provider } = await desk();
    const { hits } = createSearchIndex(await provider.listTools(facts)).search(query, { limit: 10 });
    return hits.map(({ tool }) => tool.name);
  };

  test.each([
    ['create a ticket', 'createTicket'],
    ['file a new ticket', 'createTicket'],
    ['delete the ticket 12', 'deleteTicket'],
    ['get rid of ticket 12', 'deleteTicket'],
    ['show the remarks on ticket 7', 'listComments'],
    ['reply to ticket 7', 'addComment'],
    ['which rights does Anna have', 'listPermissions'],
    ['find somebody by email', 'searchPeople'],
    ['delte the tiket', 'deleteTicket'],
    ['help centre articles', 'browseHelp'],
    ['feedback on ticket 7', 'listComments'],
    ['open a new tick', 'createTicket'],
  ])('%s → %s among the first three', async (query, name) => {
    expect((await first(query)).slice(0, 3)).toContain(name);
  });

  test('puts the operation that returns a required id near the hits', async () => {
    const names = await first('delete a ticket');
    expect(names[0]).toBe('deleteTicket');
    expect(names.slice(0, 5)).toContain('listTickets');
  });

  test('a question asks for nothing to be changed, whatever verbs follow', async () => {
    expect((await first('what did Anna add as a comment on ticket 7'))[0]).toBe('listComments');
    expect((await first('how do I add a comment on ticket 7'))[0]).toBe('addComment');
  });

  test('names of parameters in an operationId are not what an operation is about', async () => {
    const id = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });
    const responses = { 200: { description: 'done' } };
    const text = JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      paths: {
        '/plans': { get: { operationId: 'GetPlans', summary: 'List all', responses } },
        '/plans/{plan_exposed_key}': {
          delete: {
            operationId: 'DeletePlansPlanExposedKey',
            summary: 'Cancel a plan',
            parameters: [id('plan_exposed_key')],
            responses,
          },
        },
        '/plan_schedules/{schedule}/cancel': {
          post: {
            operationId: 'PostPlanSchedulesScheduleCancel',
            summary: 'Cancel a plan schedule',
            parameters: [id('schedule')],
            responses,
          },
        },
      },
    });
    const { provider } = await openApi({ text }, { cache: false, search: true, getAs: 'tool' });
    const { hits } = createSearchIndex(await provider.listTools(facts)).search('cancel a plan', { limit: 10 });
    // What only reads comes after what changes, if something is to be changed.
    expect(hits.map(({ tool }) => factsOf(tool)?.operation)).toEqual([
      'DELETE /plans/{plan_exposed_key}',
      'POST /plan_schedules/{schedule}/cancel',
      'GET /plans',
    ]);
  });

  test('a mistyped word may stand for one that no operation has', () => {
    const tool = { name: 'cloneInvoice', inputSchema: { type: 'object' as const } };
    const index = createSearchIndex([tool]);
    expect(index.search('dublicate it', { limit: 5 }).hits).toHaveLength(1);
    // Two letters of five are too many to be a mistake.
    expect(index.search('voice', { limit: 5 }).hits).toEqual([]);
  });

  test('values in a request are not words for what to do', async () => {
    expect((await first('comment "please close the article" on ticket 9'))[0]).toBe('addComment');
    expect(await first('https://people.example.com/articles v2.4.0 1234')).toEqual([]);
  });

  test('words named like properties of objects are words', () => {
    const tool = { name: 'listConstructors', inputSchema: { type: 'object' as const } };
    expect(createSearchIndex([tool]).search('constructor', { limit: 5 }).hits).toHaveLength(1);
  });

  test.each(['@', '“', 'aa_-', '.', ' ', "'", '/'])(
    'a request of a million characters %j takes no long time',
    (part) => {
      const index = createSearchIndex([{ name: 'alpha', inputSchema: { type: 'object' } }]);
      const start = performance.now();
      index.search(part.repeat(1_000_000 / part.length), { limit: 5 });
      expect(performance.now() - start).toBeLessThan(1_000);
    },
  );

  test('does not depend on the order of the tools', async () => {
    const { provider } = await desk();
    const tools = await provider.listTools(facts);
    const found = (list: typeof tools) =>
      createSearchIndex(list)
        .search('tickets of a person', { limit: 20 })
        .hits.map(({ tool, score }) => `${tool.name} ${score.toFixed(6)}`);
    expect(found([...tools].reverse()).sort()).toEqual(found(tools).sort());
  });

  test('tools without facts are found by what is listed', () => {
    const tool = (name: string, description: string) => ({
      name,
      description,
      inputSchema: { type: 'object' as const },
    });
    const index = createSearchIndex([
      tool('weather_now', 'The weather of a city.'),
      tool('send_mail', 'Sends an email.'),
    ]);
    expect(index.search('forecast the weather', { limit: 5 }).hits.map((hit) => hit.tool.name)).toEqual([
      'weather_now',
    ]);
    expect(index.search('mail it', { limit: 5 }).hits.map((hit) => hit.tool.name)).toEqual(['send_mail']);
  });

  test('an API that is mounted twice: ids come from the same mount', async () => {
    const one = await desk();
    const server = createServer({ name: 'all', version: '1' });
    server.mount('a', one.provider);
    server.mount('b', (await desk()).provider);
    const { hits } = createSearchIndex(await server.listTools(facts)).search('delete ticket', { limit: 10 });
    const needs = hits
      .filter(({ tool }) => tool.name.endsWith('deleteTicket'))
      .map(({ tool, needs: [need] }) => [tool.name, need?.tool.name]);
    expect(needs).toEqual([
      ['a_deleteTicket', 'a_listTickets'],
      ['b_deleteTicket', 'b_listTickets'],
    ]);
  });
});

describe('searchTools()', () => {
  test('lists three tools and the pinned ones', async () => {
    const { provider } = await desk();
    expect(await namesOf(await searchTools(provider))).toEqual(['search_tools', 'describe_tools', 'call_tool']);
    const pinned = await searchTools(provider, { pinned: ['listTickets'] });
    expect(await namesOf(pinned)).toEqual(['search_tools', 'describe_tools', 'call_tool', 'listTickets']);
    for (const { name, _meta } of (await pinned.listTools({})).slice(0, 3)) {
      expect([name, _meta?.['anthropic/alwaysLoad']]).toEqual([name, true]);
    }
  });

  test('a hit says how to call it, and where ids come from', async () => {
    const { provider } = await desk();
    const text = await search(await searchTools(provider), { query: 'open a ticket', limit: 1 });
    expect(text).toBe(
      'createTicket(subject,person_id,priority?:low|normal|urgent=normal) // Open a ticket; needs person_id ← searchPeople',
    );
  });

  test('searches within a tag, and lists a tag for an empty query', async () => {
    const { provider } = await desk();
    const found = await searchTools(provider);
    expect(firstWords(await search(found, { query: 'get', tag: 'articles' }))[0]).toBe('getArticle');
    expect(await search(found, { query: 'ticket', tag: 'articles' })).toContain('No tool matches.');
    expect(firstWords(await search(found, { query: '', tag: 'articles' }))).toEqual(['getArticle', 'browseHelp']);
  });

  test('accepts a limit that is written as text', async () => {
    const { provider } = await desk();
    expect(firstWords(await search(await searchTools(provider), { query: 'ticket', limit: '2' }))).toHaveLength(2);
  });

  test.each([
    [{}, '"query" must be a string'],
    [{ query: 7 }, '"query" must be a string'],
    [{ query: 'a', limit: 0 }, '"limit" must be an integer from 1 to 20'],
    [{ query: 'a', limit: 1.5 }, '"limit" must be an integer from 1 to 20'],
    [{ query: 'a', tag: 1 }, '"tag" must be a string'],
  ])('%j is refused: %s', async (args, message) => {
    const { provider } = await desk();
    const result = await call(await searchTools(provider), 'search_tools', args);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(message);
  });

  test.each([
    [{ query: '  ' }, 'The query is empty.'],
    [{ query: 'quantum chromodynamics' }, 'No tool matches.'],
    [{ query: 'ticket', tag: 'tickts' }, 'There is no tag "tickts". Did you mean "tickets"?'],
  ])('%j: says so and lists the tags', async (args, message) => {
    const { provider } = await desk();
    const text = await search(await searchTools(provider), args);
    expect(text).toContain(message);
    expect(text).toContain('tickets (7), people (3), articles (2)');
  });

  test('describes and calls tools by name', async () => {
    const { provider } = await desk();
    const found = await searchTools(provider);
    expect(textOf(await call(found, 'describe_tools', { names: ['createTicket'] }))).toContain('"person_id"');
    const result = await call(found, 'call_tool', { name: 'createTicket', arguments: { subject: 'Hi' } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain('person_id');
    await expect(call(found, 'createTicket', {})).resolves.toMatchObject({ isError: true });
    await expect(call(found, 'nothing', {})).rejects.toMatchObject({ code: 'TOOL_NOT_FOUND' });
  });

  test('refuses a pinned tool that does not exist, and a tool with its name', async () => {
    const { provider } = await desk();
    await expect(searchTools(provider, { pinned: ['listTicket'] })).rejects.toThrow('Did you mean "listTickets"?');
    const server = createServer({ name: 's', version: '1' });
    server.tool('call_tool', {}, () => 'x');
    await expect((await searchTools(server)).listTools({})).rejects.toThrow('"call_tool" already exists');
  });

  test('follows changes of the list', async () => {
    const server = createServer({ name: 's', version: '1' });
    server.tool('one', { description: 'Counts sheep.' }, () => '1');
    const found = await searchTools(server);
    expect(await search(found, { query: 'sheep' })).toContain('one(');
    server.tool('two', { description: 'Shears sheep.' }, () => '2');
    expect(await search(found, { query: 'shear sheep' })).toContain('two(');
  });

  test('a provider without tools lists none', async () => {
    expect(await namesOf(await searchTools(createServer({ name: 's', version: '1' })))).toEqual([]);
  });
});

test('a reply stays below 4 kB, whatever the arguments and tags are', () => {
  const long = 'x'.repeat(3_000);
  const tools = Array.from({ length: 30 }, (_, index) => ({
    name: `tool_${index}`,
    description: `Sheep ${long}`,
    inputSchema: { type: 'object' as const, properties: { [`${long}${index}`]: { type: 'string' as const } } },
    _meta: { tags: [`tag-${index}-${long.slice(0, 200)}`] },
  }));
  const index = createSearchIndex(tools);
  for (const query of ['sheep', 'nothing at all', ''])
    expect(Buffer.byteLength(foundText(query, index, { limit: 20 }))).toBeLessThanOrEqual(4_000);
});

describe('fitTools()', () => {
  const many = async () => (await desk()).provider;

  test.each([
    [10_000, 'tools'],
    [570, 'compact'],
    [200, 'signature'],
  ])('auto with a budget of %i tokens picks %s', async (budget, mode) => {
    const fitted = await fitTools(await many(), { budget });
    expect([fitted.mode, (fitted.tokens ?? Number.NaN) <= budget]).toEqual([mode, true]);
  });

  test('auto picks search for a list that fits in no other way', async () => {
    const server = createServer({ name: 's', version: '1' });
    for (let index = 0; index < 100; index++) server.tool(`unusual_tool_${index}`, {}, () => '');
    expect((await fitTools(server, { budget: 400 })).mode).toBe('search');
  });

  test('up to ten tools are listed as they are', async () => {
    const server = createServer({ name: 's', version: '1' });
    server.tool('one', {}, () => '1');
    expect(await fitTools(server, { budget: 1 })).toMatchObject({ mode: 'tools', provider: server });
  });

  test('says what to do if nothing fits, or the chosen mode does not', async () => {
    const provider = await many();
    await expect(fitTools(provider, { budget: 50 })).rejects.toThrow(
      /^No mode fits into a budget of 50 tokens: search, the smallest, takes about \d+. Raise the budget.$/,
    );
    await expect(fitTools(provider, { mode: 'tools', budget: 200 })).rejects.toThrow(/Mode "signature" takes \d+/);
  });

  test('refuses an unknown mode', async () => {
    const provider = await many();
    // A program in JavaScript can pass anything.
    await expect(fitTools(provider, { mode: 'serch' as 'search' })).rejects.toThrow('search');
  });
});

describe('tools whose listed schema is shortened', () => {
  const fieldsOf = (part: number) =>
    Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [
        `part${part}_field${at}`,
        { type: 'string', description: `A rather long description of field ${at}.` },
      ]),
    );
  const properties = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`part${at}`, { type: 'object', properties: fieldsOf(at) }]),
  );
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Large', version: '1' },
    paths: {
      '/things': {
        post: {
          operationId: 'addThing',
          summary: 'Add a thing',
          requestBody: { content: { 'application/json': { schema: { type: 'object', properties } } } },
          responses: { 200: { description: 'ok' } },
        },
      },
    },
  });
  const large = async () => {
    const server = createServer({ name: 'all', version: '1' });
    server.mount('big', (await openApi({ text }, { cache: false })).provider);
    return server;
  };
  const described = async (provider: Provider) =>
    textOf(await call(provider, 'describe_tools', { names: ['big_addThing'] }));

  test('describe_tools returns the complete schema, whatever the list shows', async () => {
    const server = await large();
    const [listed] = await server.listTools({});
    expect(JSON.stringify(listed?.inputSchema)).not.toContain('part19_field19');
    for (const provider of [await searchTools(server), compact(server, { longestSchema: 1_000 })]) {
      const description = await described(provider);
      expect(description).toContain('part19_field19');
      expect(description).not.toContain('schema://');
    }
  });

  test('a compact list says where the complete schema is', async () => {
    const server = await large();
    const [plain] = await compact(server).listTools({});
    expect(plain?.description).toMatch(/^Add a thing\. Optional parts .* schema:\/\/big\.large\/addThing$/);
    const [short, describe] = await compact(server, { longestSchema: 1_000 }).listTools({});
    expect(short?.description).toBe('Add a thing. Full schema: describe_tools.');
    expect(JSON.stringify(short?.inputSchema).length).toBeLessThanOrEqual(1_000);
    expect(describe?.name).toBe('describe_tools');
  });

  test('under a budget, compact lists are shortened', async () => {
    const fitted = await fitTools(await large(), { mode: 'compact', budget: 600 });
    expect(fitted.mode).toBe('compact');
    expect(fitted.tokens).toBeLessThanOrEqual(600);
    expect(await namesOf(fitted.provider)).toEqual(['big_addThing', 'describe_tools']);
  });
});

test('instructions: purpose, tags, where ids come from, how to page', async () => {
  const { provider } = await desk();
  expect(provider.info.instructions).toBe(
    [
      'Help Desk API: Tickets, the people who open them, and the articles that answer them.',
      'Tools by tag: tickets (7), people (3), articles (2).',
      'Where ids come from: ticket_id ← listTickets.',
      'Long lists are paged with page.',
    ].join('\n'),
  );
  const server = createServer({ name: 'all', version: '1' });
  server.mount('desk', provider);
  expect(server.info.instructions).toMatch(/^Tools desk_\*: Help Desk API/);
  const own = createServer({ name: 'all', version: '1', instructions: 'Own.' });
  own.mount('desk', provider);
  expect(own.info.instructions).toBe('Own.');
});

test('instructions have at most 2,000 characters', async () => {
  const paths = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [
      `/a${index}`,
      { get: { tags: [`a rather long tag number ${index}`], responses: { 200: { description: 'ok' } } } },
    ]),
  );
  const text = JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'T', version: '1', description: 'word '.repeat(2_000) },
    paths,
  });
  const { provider } = await openApi({ text }, { cache: false });
  const { instructions = '' } = provider.info;
  expect(instructions.length).toBeLessThanOrEqual(2_000);
  expect(instructions).toContain('and 360 more');
});

test('operations are named alike in facts and needs', async () => {
  const { model } = await desk();
  const known = new Set(model.operations.map(operationKey));
  for (const need of searchData(model).needs.flat()) expect(known).toContain(need.operation);
});
