// What code mode costs and saves: `npm run bench:code`, or with a folder of documents that has those of GitHub, Stripe and
// Slack. Needs no key and no network.
//
// 1. Ten tasks (scripts/code/tasks.mjs) over the three APIs as one server, done by plain tools, by search mode and by
//    code mode. The programs are written by hand, so these are the tokens (o200k) of one way that works, without retries:
//    definitions once, calls and results as the model writes and reads them. All three ways return the same answer.
// 2. Times: a warm start over an idle thread, by how much attacks overrun their limit, and what another client of the
//    process waits meanwhile.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openApi } from '../dist/proxy.js';
import { callContext } from '../dist/runtime/call-context.js';
import { composite } from '../dist/runtime/compose/composite.js';
import { namespace } from '../dist/runtime/compose/namespace.js';
import { codeMode } from '../dist/runtime/fit/code/code-mode.js';
import { exactCounter, listTokens } from '../dist/runtime/fit/count.js';
import { searchTools } from '../dist/runtime/fit/search/search-tools.js';
import { quickJsSandbox } from '../dist/runtime/node/quickjs-sandbox.js';
import { fixArguments } from '../dist/runtime/transforms/index.js';
import { DOCUMENTS } from './code/apis.mjs';
import { startMock } from './code/mock.mjs';
import { TASKS } from './code/tasks.mjs';
import { print, printTable } from './print.mjs';

const CORPUS = { github: 'github-rest-api.json', stripe: 'stripe-2022-11-15.json', slack: 'slack-web-api-2.0.json' };

const ATTACKS = {
  loop: 'for (;;);',
  'flood of microtasks': 'const f = () => Promise.resolve().then(f); await f();',
  'caught overflows': 'const f = () => { try { f() } catch { f() } }; f();',
  'regular expression': "/^(a+)+$/.test('a'.repeat(40) + 'b')",
  'shared JSON bomb': 'let a = ["x".repeat(100)]; for (let i = 0; i < 16; i++) a = [a, a]; return a;',
  strings: "let a = []; for (;;) a.push('x'.repeat(1e6) + a.length);",
  'flood of calls': 'for (;;) api.echo({}).catch(() => {});',
};

const folder = process.argv[2];
const count = await exactCounter();
const mock = await startMock();
const api = await openApis();
await compareTasks();
await measureTimes();
await api.close();
mock.stop();

async function openApis() {
  const parts = await Promise.all(
    Object.entries(DOCUMENTS).map(async ([name, document]) => {
      const source = folder === undefined ? document : join(folder, CORPUS[name]);
      const options = {
        cache: false,
        search: true,
        environment: { BEARER_TOKEN_BEARERAUTH: 'none', BEARER_TOKEN_SLACKAUTH: 'none' },
        maxResultBytes: 20_000_000,
        getAs: 'tool',
      };
      const { provider } = await openApi(source, { ...options, baseUrl: `${mock.origin}/${name}` });
      return namespace(folder !== undefined && name === 'slack' ? await withToken(provider) : provider, name);
    }),
  );
  return composite(parts, { info: { name: 'apis', version: '1' } });
}

/** Slack's document has the token as an argument. */
function withToken(provider) {
  const tools = ['conversations_list', 'conversations_history', 'users_info', 'chat_postMessage'];
  return fixArguments(provider, Object.fromEntries(tools.map((name) => [name, { token: 'xoxb' }])));
}

async function compareTasks() {
  const search = await searchTools(api);
  const code = codeMode(api, { sandbox: await quickJsSandbox() });
  const definitions = await Promise.all(
    [api, search, code].map(async (each) => listTokens(await each.listTools({}), count).model),
  );
  const rows = [];
  let [needed, missed] = [0, 0];
  for (const task of TASKS) {
    const plain = await byTools(task, (name, args) => ({ name, arguments: args }), api);
    const found = await byTools(
      task,
      (name, args) => ({ name: 'call_tool', arguments: { name, arguments: args } }),
      search,
    );
    const ran = await byCode(task, code);
    assert.deepEqual(JSON.parse(ran.answer), plain.answer, task.ask);
    needed += ran.names.length;
    missed += ran.names.filter((name) => !ran.texts.includes(name)).length;
    const ways = [plain, found, ran];
    rows.push([task.ask.slice(0, 50), ...ways.flatMap(({ trips, calls, answers }) => [trips, calls, answers])]);
  }
  print(
    `\nTokens (o200k) of ten tasks over ${(await api.listTools({})).length} tools: calls that the model writes, results that it reads`,
  );
  const ways = ['tools', 'search', 'code'];
  printTable(['task', ...ways.flatMap((way) => [`${way}: trips`, 'calls', 'results'])], [...rows, totals(rows)]);
  print(`The searches returned ${needed - missed} of the ${needed} functions that the programs call.`);
  print('\nDefinitions, once per conversation; and everything together');
  printTable(
    ['', ...ways],
    [
      ['definitions', ...definitions],
      ['all', ...ways.map((_, way) => definitions[way] + totals(rows)[2 + way * 3] + totals(rows)[3 + way * 3])],
    ],
  );
}

function totals(rows) {
  return rows[0].map((_, column) => (column === 0 ? 'all' : rows.reduce((sum, row) => sum + row[column], 0)));
}

/** The same program, outside the sandbox: each call is a round trip through the model, with its complete result. */
async function byTools({ code, searches }, callOf, provider) {
  const tally = newTally();
  const call = (params) => counted(tally, provider, params);
  if (provider !== api) for (const query of searches) await call({ name: 'search_tools', arguments: { query } });
  const functions = new Proxy(
    {},
    {
      get:
        (_, name) =>
        async (args = {}) =>
          JSON.parse(await call(callOf(name, args))),
    },
  );
  const AsyncFunction = (async () => {}).constructor;
  const answer = await new AsyncFunction('api', code)(functions);
  return { ...tally, answer };
}

async function byCode({ code, searches }, provider) {
  const tally = newTally();
  const texts = [];
  for (const query of searches)
    texts.push(await counted(tally, provider, { name: 'search_docs', arguments: { query } }));
  const answer = await counted(tally, provider, { name: 'execute', arguments: { code } });
  const names = [...new Set([...code.matchAll(/api(?:\.|\[')([\w-]+)/g)].map(([, name]) => name))];
  return { ...tally, answer, names, texts: texts.join('\n') };
}

function newTally() {
  return { trips: 0, calls: 0, answers: 0 };
}

async function counted(tally, provider, params) {
  const result = await provider.callTool(params, callContext());
  const text = result.content.map((block) => block.text ?? '').join('\n');
  if (result.isError) throw new Error(`${JSON.stringify(params)}: ${text}`);
  tally.trips += 1;
  tally.calls += count(JSON.stringify(params));
  tally.answers += count(text);
  return result.content[0].text;
}

async function measureTimes() {
  const sandbox = await quickJsSandbox();
  const run = (code, timeoutMs = 1_000) =>
    sandbox.run({
      code,
      limits: { timeoutMs, maxCalls: 50 },
      call: async ({ json }) => ({ json }),
      waited: () => 0,
      signal: new AbortController().signal,
    });
  const times = [];
  for (let each = 0; each < 20; each++) {
    sandbox.prepare();
    await sleep(300);
    times.push(await timed(() => run('return 1')));
  }
  times.sort((a, b) => a - b);
  print(
    `\nWarm start over an idle thread: ${times[10].toFixed(1)} ms (median of 20), ${times[19].toFixed(1)} ms at most`,
  );
  const rows = [];
  for (const [name, code] of Object.entries(ATTACKS)) {
    sandbox.prepare();
    await sleep(300);
    const watch = await watched();
    const ms = await timed(() => run(code));
    const { longest, peak } = await watch();
    rows.push([name, Math.round(ms), Math.round(longest), Math.round(peak / 1e6)]);
  }
  print('\nAttacks with a limit of 1,000 ms');
  printTable(['attack', 'ended after ms', 'others waited ms', 'peak RSS MB'], rows);
  await sandbox.close();
}

/** Another client of this process, and its memory. @returns what ends it */
async function watched() {
  const server = createServer((_, response) => response.end('ok'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  let [longest, peak, isDone] = [0, 0, false];
  const asking = (async () => {
    while (!isDone) {
      longest = Math.max(longest, await timed(async () => (await fetch(url)).text()));
      peak = Math.max(peak, process.memoryUsage.rss());
      await sleep(5);
    }
  })();
  return async () => {
    isDone = true;
    await asking;
    server.closeAllConnections();
    server.close();
    return { longest, peak };
  };
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
