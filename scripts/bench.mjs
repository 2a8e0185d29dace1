// Us and the floor side by side, as real processes over stdio: `npm run bench [-- <document>]`. The floor is what the
// SDK costs anyway (scripts/bench/floor.mjs). Runs alternate, so that a busy machine disturbs both alike.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse as parseYaml } from 'yaml';
import { openApi } from '../dist/proxy.js';
import { exampleValue } from '../dist/runtime/testing/example-value.js';
import { startPeer } from './bench/stdio-peer.mjs';
import { syntheticDocument } from './bench/synthetic.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '7' },
    calls: { type: 'string', default: '2000' },
    operations: { type: 'string', default: '1200' },
  },
});
const RUNS = Number(options.runs);
const CALLS = Number(options.calls);
const IN_FLIGHT = 16;
const WARM_UP = 200;

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-bench-'));
let api;
try {
  const { document, plain } = prepareDocuments(positionals[0]);
  const probe = await chooseProbe(document);
  api = await startApi(probe.answer);
  await compare(document, plain, probe);
} finally {
  api?.stop();
  rmSync(folder, { recursive: true });
}

/** `plain` is the JSON that the floor reads: it has no parser for anything else. */
function prepareDocuments(path) {
  if (path === undefined) {
    const made = join(folder, 'synthetic.json');
    writeFileSync(made, JSON.stringify(syntheticDocument(Number(options.operations))));
    print(`Document: synthetic, ${options.operations} operations, ${readFileSync(made).length} bytes`);
    return { document: made, plain: made };
  }
  const text = readFileSync(path, 'utf8');
  print(`Document: ${path}, ${Buffer.byteLength(text)} bytes`);
  if (text.trimStart().startsWith('{')) return { document: path, plain: path };
  const converted = join(folder, 'converted.json');
  writeFileSync(converted, JSON.stringify(parseYaml(text, { maxAliasCount: -1 })));
  print('The floor reads JSON only: the YAML was converted for it beforehand. We parse the YAML.');
  return { document: path, plain: converted };
}

/** A GET that can be called with path arguments alone, and a small answer that fits its description. */
async function chooseProbe(document) {
  const { model, provider } = await openApi(document, { baseUrl: 'http://127.0.0.1:1', allowPrivate: true });
  await provider.close();
  for (const operation of model.operations) {
    const { request, response, tool, auth } = operation;
    const names = request.path.filter((part) => typeof part !== 'string');
    const required = operation.arguments.required;
    if (!tool || request.method !== 'GET' || response.schema === undefined || auth.length > 0) continue;
    if (request.servers !== 'api' || !required.every((name) => names.some(({ argument }) => argument === name)))
      continue;
    const answer = JSON.stringify(exampleValue(response.schema, model.schemas));
    if (answer.length < 2 || answer.length > 2_000) continue;
    const value = (name) => exampleValue(operation.arguments.properties[name], model.schemas);
    const ours = Object.fromEntries(names.map(({ argument }) => [argument, value(argument)]));
    const theirs = Object.fromEntries(names.map(({ argument, name }) => [name, value(argument)]));
    print(`Call: GET ${operation.origin.path}, answered with ${answer.length} bytes of JSON\n`);
    return { answer, tool: tool.name, description: `GET ${operation.origin.path}`, ours, theirs };
  }
  throw new Error('The document has no GET that can be called without credentials or further arguments.');
}

async function startApi(answer) {
  const child = spawn(process.execPath, [fromHere('bench/api.mjs'), answer], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
  return { url, stop: () => child.kill() };
}

async function compare(document, plain, probe) {
  const ours = {
    name: 'openapi-mcp',
    args: [fromHere('../dist/cli/main.js'), 'run', document, '--base-url', api.url, '--quiet'],
    call: () => ({ name: probe.tool, arguments: probe.ours }),
  };
  const floor = {
    name: 'floor',
    args: [fromHere('bench/floor.mjs'), plain, api.url],
    call: (tools) => ({
      name: tools.find((tool) => tool.description === probe.description).name,
      arguments: probe.theirs,
    }),
  };
  const measured = new Map([
    [ours, []],
    [floor, []],
  ]);
  for (let run = 0; run < RUNS; run += 1) {
    // The last run of each also makes the calls.
    const calls = run === RUNS - 1 ? CALLS : 0;
    for (const [server, results] of measured) results.push(await measure(server, calls));
    progress(`run ${run + 1} of ${RUNS}`);
  }
  progress('');
  printTable(summary(measured.get(ours)), summary(measured.get(floor)));
}

async function measure({ args, call }, calls) {
  const started = performance.now();
  const peer = startPeer(args);
  await peer.initialize();
  const { tools } = await peer.request('tools/list');
  const startMs = performance.now() - started;
  const result = { startMs, tools: tools.length, startMemory: peer.peakMemory() };
  const measuredCalls = calls > 0 ? await measureCalls(peer, call(tools), calls) : {};
  await peer.stop();
  return { ...result, ...measuredCalls };
}

async function measureCalls(peer, call, calls) {
  const once = async () => {
    const { isError, content } = await peer.request('tools/call', call);
    if (isError) throw new Error(`The call failed: ${content[0]?.text}`);
  };
  for (let index = 0; index < WARM_UP; index += 1) await once();
  const times = [];
  for (let index = 0; index < calls; index += 1) {
    const started = performance.now();
    await once();
    times.push(performance.now() - started);
  }
  const started = performance.now();
  let left = calls * 2;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await once();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  const seconds = (performance.now() - started) / 1000;
  return {
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    rate: (calls * 2) / seconds,
    peakMemory: peer.peakMemory(),
  };
}

function summary(results) {
  const last = results.at(-1);
  return {
    tools: last.tools,
    startMs: quantile(
      results.map((result) => result.startMs),
      0.5,
    ),
    startMemory: megabytes(
      quantile(
        results.map((result) => result.startMemory),
        0.5,
      ),
    ),
    peakMemory: megabytes(last.peakMemory),
    p50: last.p50,
    p99: last.p99,
    rate: last.rate,
  };
}

function printTable(ours, floor) {
  const rows = [
    ['tools listed', 'tools', 0],
    [`start to complete tools/list, ms (median of ${RUNS})`, 'startMs', 0],
    ['peak memory after tools/list, MB', 'startMemory', 0],
    ['peak memory after all calls, MB', 'peakMemory', 0],
    [`one call at a time, p50 ms (${CALLS} calls)`, 'p50', 3],
    ['one call at a time, p99 ms', 'p99', 3],
    [`calls/s with ${IN_FLIGHT} in flight`, 'rate', 0],
  ];
  print(`${''.padEnd(50)}${'us'.padStart(10)}${'floor'.padStart(10)}${'us/floor'.padStart(10)}`);
  for (const [label, key, digits] of rows) {
    const cells = [ours[key], floor[key]].map((value) => value.toFixed(digits).padStart(10));
    print(`${label.padEnd(50)}${cells.join('')}${(ours[key] / floor[key]).toFixed(2).padStart(10)}`);
  }
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
}

/** Not a number where the system does not tell. */
function megabytes(bytes) {
  return bytes === undefined ? Number.NaN : bytes / 1e6;
}

function fromHere(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(40)}\r`);
}
