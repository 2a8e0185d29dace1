// Starts, lists, memory and calls of one server, and the time that generators take. Everything runs in child processes
// with a time limit. `floor` measures the same of a server with the bare SDK.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { parse } from 'yaml';
import { startApi } from '../bench/start-api.mjs';
import { syntheticDocument } from '../bench/synthetic.mjs';
import { quantile, timeCalls } from '../bench/time-calls.mjs';
import { reason } from './run.mjs';
import { prepare, start } from './server.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const COLD = 3;
const WARM = 7;
const CALLS = 300;
const WARM_UP = 100;

/** Documents by name, as files below `folder`. `probe` has the operation that is called. */
export async function writeDocuments(folder, operations) {
  const petstore = parse(readFileSync(fromHere('../../test-specs/petstore.yaml'), 'utf8'));
  const api = await startApi(JSON.stringify({ id: 7, name: 'account', state: 'open', labels: ['a', 'b'], size: 1.5 }));
  const probe = { ...syntheticDocument(4), servers: [{ url: api.url }] };
  const documents = { small: syntheticDocument(40), petstore, large: syntheticDocument(operations), probe };
  const files = Object.entries(documents).map(([name, document]) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(document));
    return [name, { file, document }];
  });
  return { api, documents: Object.fromEntries(files) };
}

/** A server with the bare SDK and one tool. */
export const floorPeer = (api) => ({
  name: 'floor',
  title: 'floor',
  server: ({ file }) => ({ args: [fromHere('../bench/floor.mjs'), file, api.url], environment: {} }),
});

/**
 * What one document costs: start, list, memory.
 *
 * @returns medians; `failed` with the reason if the server does not start
 */
export async function measureDocument(peer, { folder, name, file, document }) {
  const times = {};
  try {
    const command = await prepare(peer, { folder, name, file, document, check: true, cache: true, times });
    const cold = [];
    for (let run = 0; run < COLD; run += 1) cold.push(...(await startsIn(command, 1)));
    const warm = (await startsIn(command, WARM + 1)).slice(1);
    const { tools } = warm[0];
    return {
      ...times,
      coldMs: median(cold.map(({ startMs }) => startMs)),
      warmMs: median(warm.map(({ startMs }) => startMs)),
      memory: median(warm.map(({ memory }) => memory)),
      tools: tools.length,
      bytes: Buffer.byteLength(JSON.stringify(tools)),
      tokens: encode(JSON.stringify(tools.map(seenByModel))).length,
    };
  } catch (error) {
    return { ...times, failed: reason(error, 160) };
  }
}

/** Sequential starts that share one cache folder: the first start fills it. */
async function startsIn(command, times) {
  const home = mkdtempSync(join(tmpdir(), 'openapi-mcp-compare-home-'));
  const results = [];
  try {
    for (let run = 0; run < times; run += 1) {
      const server = await start(command, home);
      results.push({ startMs: server.startMs, memory: server.memory(), tools: server.tools });
      await server.stop();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return results;
}

/** What clients pass to a model. */
const seenByModel = ({ name, description, inputSchema }) => ({ name, description, inputSchema });

/** Times calls of a GET with one path parameter: first sequentially, then 16 at a time. */
export async function measureCalls(peer, { folder, file, document }) {
  const home = mkdtempSync(join(tmpdir(), 'openapi-mcp-compare-home-'));
  let server;
  try {
    const command = await prepare(peer, { folder, name: 'probe', file, document, check: false, cache: true });
    server = await start(command, home);
    const call = callOf(server.tools);
    const { times, rate } = await timeCalls(server, call, { warmUp: WARM_UP, single: CALLS, atOnce: 4 * CALLS });
    return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), rate };
  } catch (error) {
    return { failed: reason(error, 160) };
  } finally {
    await server?.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** The tool of `GET /account0s/{id}`: the one whose name or description says so, and which has an `id`. */
function callOf(tools) {
  const isGet = ({ name, title = '', description = '' }) =>
    /get[-_]?account0$/i.test(name) || /GET \/account0s\/\{id\}/.test(description) || /Get one account0/.test(title);
  const found = tools.find(isGet) ?? tools.find(({ description = '' }) => /Get one account0/.test(description));
  if (!found) throw new Error('no tool for GET /account0s/{id}');
  const { properties } = found.inputSchema;
  const group = Object.keys(properties).find((key) => /path/i.test(key));
  return {
    name: found.name,
    arguments: group === undefined || 'id' in properties ? { id: 7 } : { [group]: { id: 7 } },
  };
}

export const median = (values) => quantile(values, 0.5);
