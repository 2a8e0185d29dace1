// What a model pays to see an API, and whether it finds the right operation: `npm run bench:fit -- <folder of documents>`.
//
// 1. Tokens (o200k, counted exactly) of `tools/list` in every mode. "model" is what a model gets: names, descriptions
//    and input schemas; "wire" is the complete response.
// 2. Search, with the labelled requests in scripts/fit/queries: each says in a user's words what to do, and which
//    operations are needed. They were written without knowing the search. The vocabulary and weights were chosen with
//    those of `first`, of `third`, and of `second` for the documents that are not in HELD_OUT. The others only judge: no
//    miss in `fourth` was ever read; those of the held-out documents once, and one rule (neighbours of a hit gain by it)
//    was added after that.
//
// Needs no key and no network. Requests of documents that are not in the folder are skipped and counted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '../dist/proxy.js';
import { factsOf } from '../dist/runtime/api/facts/facts.js';
import { exactCounter, listTokens } from '../dist/runtime/fit/count.js';
import { MODES } from '../dist/runtime/fit/list-modes.js';
import { fitTools } from '../dist/runtime/fit/modes.js';
import { foundText } from '../dist/runtime/fit/search/found-text.js';
import { createSearchIndex } from '../dist/runtime/fit/search/search-index.js';
import { quickJsSandbox } from '../dist/runtime/node/quickjs-sandbox.js';
import { cpuMs } from './bench/process-time.mjs';
import { quantile } from './bench/time-calls.mjs';
import { print, printTable } from './print.mjs';

const LISTS = [
  'swagger-petstore-19-3.0.yaml',
  'slack-web-api-2.0.json',
  'github-rest-api.json',
  'stripe-2022-11-15.json',
  'kubernetes-api-2.0.json',
];
const HELD_OUT = /^(?:google-gmail|google-drive|gitea|twilio|telegram|argocd|bitbucket)/;
/** Plain requests, whose operation must be the first hit. */
const PLAIN = [
  ['github-rest-api.json', 'create an issue in a repository'],
  ['github-rest-api.json', 'list pull request review comments'],
  ['stripe-2022-11-15.json', 'create a customer'],
  ['stripe-2022-11-15.json', 'refund a charge'],
  ['stripe-2022-11-15.json', 'cancel a subscription'],
];
const OWN = 'test-specs/petstore.yaml';

const folder = process.argv[2];
const count = await exactCounter();
await compareLists();
if (folder !== undefined) await judgeSearch();

async function compareLists() {
  const documents = folder === undefined ? [OWN] : LISTS.map((name) => join(folder, name)).filter(existsSync);
  if (folder === undefined) print(`Only ${OWN}: pass a folder of documents for ${LISTS.join(', ')}.`);
  print('\nTokens of tools/list (o200k)');
  const rows = [];
  for (const document of documents) {
    const { provider } = await openApi(document, { cache: false, search: true });
    for (const mode of MODES) {
      const tools = await (await fitTools(provider, { mode, sandbox: quickJsSandbox })).provider.listTools({});
      const { model, wire } = listTokens(tools, count);
      rows.push([document.split('/').at(-1), mode, tools.length, model, wire]);
    }
    await provider.close();
  }
  printTable(['document', 'mode', 'tools', 'model', 'wire'], rows);
}

async function judgeSearch() {
  const indexes = new Map();
  const rows = [];
  const missing = new Set();
  for (const [label, set, isWanted] of [
    ['first', 'first', () => true],
    ['second, seen', 'second', (name) => !HELD_OUT.test(name)],
    ['third', 'third', () => true],
    ['second, held out', 'second', (name) => HELD_OUT.test(name)],
    ['fourth, held out', 'fourth', () => true],
  ]) {
    const judged = [];
    const queries = new URL(`fit/queries/${set}/`, import.meta.url);
    for (const file of readdirSync(queries).filter(isWanted).sort()) {
      const { document, queries: requests } = JSON.parse(readFileSync(new URL(file, queries), 'utf8'));
      const path = join(folder, document);
      if (!existsSync(path)) {
        missing.add(document);
        continue;
      }
      if (!indexes.has(path)) indexes.set(path, await indexOf(path));
      // The first searches of a process are slower, because code is still being compiled.
      for (const request of requests) judge(request, indexes.get(path));
      for (const request of requests) judged.push(judge(request, indexes.get(path)));
    }
    if (judged.length > 0) rows.push([label, judged.length, ...scores(judged)]);
  }
  print('\nSearch');
  printTable(
    [
      'requests',
      'number',
      'recall@5',
      'recall@10',
      'all@10',
      'MRR',
      'bytes p95',
      'bytes max',
      'CPU ms p50',
      'CPU ms p95',
    ],
    rows,
  );
  const plain = PLAIN.filter(([document]) => indexes.has(join(folder, document))).map(([document, request]) => {
    const [first] = indexes.get(join(folder, document)).index.search(request, { limit: 1 }).hits;
    return [request, factsOf(first.tool).operation];
  });
  print('\nPlain requests');
  printTable(['request', 'first hit'], plain);
  const built = [...indexes].map(([path, { tools, indexMs }]) => [path.split('/').at(-1), tools, indexMs.toFixed(0)]);
  print('\nIndex');
  printTable(['document', 'tools', 'CPU ms'], built.sort((a, b) => b[1] - a[1]).slice(0, 5));
  if (missing.size > 0) print(`Skipped, not in the folder: ${[...missing].join(', ')}`);
}

async function indexOf(path) {
  // Every GET as a tool: what is judged is the search, not what is served as a resource.
  const { provider } = await openApi(path, { cache: false, search: true, getAs: 'tool' });
  const tools = await provider.listTools({ facts: true });
  const start = process.cpuUsage();
  const index = createSearchIndex(tools);
  return { index, tools: tools.length, indexMs: cpuMs(start) };
}

function judge({ text, needs }, { index }) {
  const start = process.cpuUsage();
  const { hits } = index.search(text, { limit: 10 });
  const reply = foundText(text, index, { limit: 10 });
  const ms = cpuMs(start);
  const found = hits.map(({ tool }) => factsOf(tool).operation);
  const ranks = needs.map((any) => found.findIndex((operation) => any.includes(operation)));
  const within = (most) => ranks.filter((rank) => rank >= 0 && rank < most).length / ranks.length;
  const best = Math.min(...ranks.map((rank) => (rank < 0 ? Number.POSITIVE_INFINITY : rank)));
  return { at5: within(5), at10: within(10), mrr: 1 / (best + 1), bytes: Buffer.byteLength(reply), ms };
}

function scores(judged) {
  const mean = (value) => (judged.reduce((sum, each) => sum + value(each), 0) / judged.length).toFixed(3);
  const sorted = (key) => judged.map((each) => each[key]).sort((a, b) => a - b);
  const bytes = sorted('bytes');
  const times = sorted('ms');
  return [
    mean(({ at5 }) => at5),
    mean(({ at10 }) => at10),
    mean(({ at10 }) => (at10 === 1 ? 1 : 0)),
    mean(({ mrr }) => mrr),
    quantile(bytes, 0.95),
    bytes.at(-1),
    quantile(times, 0.5).toFixed(1),
    quantile(times, 0.95).toFixed(1),
  ];
}
