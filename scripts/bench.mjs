// Compares openapi-mcp to a baseline, as real processes: `npm run bench [-- <document>]`. The baseline is the cost of the
// bare SDK (scripts/bench/floor.mjs). Runs alternate, so a busy machine affects all of them equally. First over stdio, where
// openapi-mcp is measured three times: on the first start with a document, on a later start with the model cached, and
// as the built server that `generate` emits for the document. Two more lines compare the first start with the same document
// in YAML, which the baseline still reads as JSON, and with the first start of the program on a computer, when no compiled
// code is kept. Then over HTTP, with clients of 2025, which have a session, and of 2026-07-28. The last line compares
// `--help` with a Node that does nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse as parseYaml, stringify as stringifyYaml } from 'yaml';
import { generateProject } from '../dist/generate.js';
import { openApi } from '../dist/proxy.js';
import { exampleValue } from '../dist/runtime/api/schema/example-value.js';
import { startHttpPeer } from './bench/http-peer.mjs';
import { startApi } from './bench/start-api.mjs';
import { startPeer } from './bench/stdio-peer.mjs';
import { syntheticDocument } from './bench/synthetic.mjs';
import { IN_FLIGHT, quantile, timeCalls } from './bench/time-calls.mjs';
import { buildProject, writeProject } from './emitted-project.mjs';
import { print } from './print.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '7' },
    calls: { type: 'string', default: '1000' },
    operations: { type: 'string', default: '1200' },
  },
});
const RUNS = Number(options.runs);
const CALLS = Number(options.calls);
/** Until the engine has optimised what a call runs, in both. */
const WARM_UP = 500;
const HELP_RUNS = 21;
const COUNTS = { warmUp: WARM_UP, single: CALLS, atOnce: CALLS };

const CALL_ROWS = [
  [`one call at a time, p50 ms (${CALLS * RUNS} calls)`, 'p50', 3],
  ['one call at a time, p99 ms', 'p99', 3],
  ['processor time of one call, ms', 'cpu', 3],
  [`calls/s with ${IN_FLIGHT} in flight`, 'rate', 0],
];

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-bench-'));
let api;
try {
  const { document, plain, yaml } = prepareDocuments(positionals[0]);
  const probe = await chooseProbe(document);
  api = await startApi(probe.answer);
  await compare({ document, plain, yaml }, probe);
  await compareHttp({ document, plain }, probe);
  compareHelp();
} finally {
  api?.stop();
  rmSync(folder, { recursive: true });
}

/** `plain` is the JSON that the baseline reads: it cannot parse anything else. `yaml` is the same document in YAML. */
function prepareDocuments(path) {
  if (path === undefined) {
    const made = join(folder, 'synthetic.json');
    writeFileSync(made, JSON.stringify(syntheticDocument(Number(options.operations))));
    print(`Document: synthetic, ${options.operations} operations, ${readFileSync(made).length} bytes`);
    return { document: made, plain: made, yaml: inYaml(made) };
  }
  const text = readFileSync(path, 'utf8');
  print(`Document: ${path}, ${Buffer.byteLength(text)} bytes`);
  if (text.trimStart().startsWith('{')) return { document: path, plain: path, yaml: inYaml(path) };
  const converted = join(folder, 'converted.json');
  writeFileSync(converted, JSON.stringify(parseYaml(text, { maxAliasCount: -1 })));
  print('The floor reads JSON only: the YAML was converted for it beforehand. We parse the YAML.');
  return { document: path, plain: converted, yaml: path };
}

/** Most tools write YAML in this style. */
function inYaml(path) {
  const made = join(folder, 'converted.yaml');
  writeFileSync(made, stringifyYaml(JSON.parse(readFileSync(path, 'utf8')), { aliasDuplicateObjects: false }));
  return made;
}

/** A GET that needs only path arguments, and a small response that matches its schema. */
async function chooseProbe(document) {
  const { model, provider, credentials } = await openApi(document, {
    baseUrl: 'http://127.0.0.1:1',
    cache: false,
    answerSchemas: 'all',
  });
  await provider.close();
  for (const operation of model.operations) {
    const { request, response, tool } = operation;
    const names = request.path.filter((part) => typeof part !== 'string');
    const { required, properties } = operation.arguments;
    if (!tool || request.method !== 'GET' || request.servers !== 'api' || response.schema === undefined) continue;
    if (!required.every((name) => names.some(({ argument }) => argument === name))) continue;
    const answer = JSON.stringify(exampleValue(response.schema, model.schemas));
    if (answer.length > 2_000) continue;
    const value = (name) => exampleValue(properties[name], model.schemas);
    print(`Call: GET ${operation.origin.path}, answered with ${answer.length} bytes of JSON\n`);
    return {
      answer,
      tool: tool.name,
      description: `GET ${operation.origin.path}`,
      ours: Object.fromEntries(names.map(({ argument }) => [argument, value(argument)])),
      theirs: Object.fromEntries(names.map(({ argument, name }) => [name, value(argument)])),
      environment: madeUp(credentials),
    };
  }
  throw new Error('The document has no GET that can be called with path arguments alone.');
}

/** Credentials, so that operations that require one can be called. The baseline sends none. */
function madeUp(credentials) {
  const variables = credentials.flatMap((credential) => credential.variables);
  const simple = variables.filter((name) => /^(API_KEY|BEARER_TOKEN|BASIC)_/.test(name));
  return Object.fromEntries(simple.map((name) => [name, 'made-up']));
}

async function compare({ document, plain, yaml }, probe) {
  const argsOf = (each) => [fromHere('../dist/bin/openapi-mcp.js'), 'run', each, '--base-url', api.url, '--quiet'];
  const args = argsOf(document);
  const call = ourCall(probe);
  // Its own cache folder, whatever variable the system uses for it.
  const cache = Object.fromEntries(['XDG_CACHE_HOME', 'HOME', 'LOCALAPPDATA'].map((name) => [name, folder]));
  const environment = { ...probe.environment, ...cache };
  const fresh = { args: [...args, '--no-cache'], environment, call };
  const fromYaml = { args: [...argsOf(yaml), '--no-cache'], environment };
  const first = { args: fresh.args, environment: { ...environment, NODE_DISABLE_COMPILE_CACHE: '1' } };
  const cached = { args, environment, call };
  const emitted = { args: [await buildEmitted(document)], environment: probe.environment, call };
  const floor = {
    args: [fromHere('bench/floor.mjs'), plain, api.url],
    environment: {},
    call: floorCall(probe),
  };
  await measureStart(cached);
  const measured = [fresh, cached, emitted, floor].map((server) => ({ server, results: [] }));
  const others = { yaml: [], first: [] };
  for (let run = 0; run < RUNS; run += 1) {
    for (const { server, results } of measured) results.push(await measure(server));
    others.yaml.push(await measureStart(fromYaml));
    others.first.push(await measureStart(first));
    progress(`run ${run + 1} of ${RUNS}`);
  }
  progress('');
  printTable(
    measured.map(({ results }) => summary(results)),
    { yaml: quantile(others.yaml, 0.5), first: quantile(others.first, 0.5) },
  );
}

async function compareHttp({ document, plain }, probe) {
  const run = ['run', document, '--base-url', api.url, '--transport', 'http', '--port', '0', '--no-cache'];
  const servers = {
    us: {
      args: [fromHere('../dist/bin/openapi-mcp.js'), ...run],
      environment: probe.environment,
      call: ourCall(probe),
    },
    floor: { args: [fromHere('bench/floor.mjs'), plain, api.url, 'http'], environment: {}, call: floorCall(probe) },
  };
  const eras = { 2025: 'clients of 2025, in a session', 2026: 'clients of 2026-07-28' };
  const results = {};
  for (let run = 0; run < RUNS; run += 1) {
    for (const era of Object.keys(eras)) {
      for (const [name, { args, environment, call }] of Object.entries(servers)) {
        const peer = await startHttpPeer(args, environment, era);
        await peer.initialize();
        const { tools } = await peer.request('tools/list');
        const key = `${era} ${name}`;
        results[key] = [...(results[key] ?? []), await timeCalls(peer, call(tools), COUNTS)];
        await peer.stop();
      }
    }
    progress(`HTTP, run ${run + 1} of ${RUNS}`);
  }
  progress('');
  for (const [era, title] of Object.entries(eras)) {
    const [ours, floor] = ['us', 'floor'].map((name) => callSummary(results[`${era} ${name}`]));
    line(`\nOver HTTP, ${title}`, ['us', 'floor', 'us/floor']);
    for (const [label, key, digits] of CALL_ROWS) {
      const cells = [ours[key].toFixed(digits), floor[key].toFixed(digits), (ours[key] / floor[key]).toFixed(2)];
      line(label, cells);
    }
  }
}

function ourCall(probe) {
  return () => ({ name: probe.tool, arguments: probe.ours });
}

function floorCall(probe) {
  return (tools) => ({
    name: tools.find((tool) => tool.description === probe.description).name,
    arguments: probe.theirs,
  });
}

async function buildEmitted(document) {
  const project = join(folder, 'emitted');
  const { files } = await generateProject(document, { baseUrl: api.url, cache: false });
  writeProject(project, files);
  buildProject(project, { check: false });
  return join(project, 'dist/index.js');
}

async function measure({ args, environment, call }) {
  const started = performance.now();
  const peer = startPeer(args, environment);
  await peer.initialize();
  const { tools } = await peer.request('tools/list');
  const startMs = performance.now() - started;
  const startCpu = peer.cpu() ?? Number.NaN;
  const startMemory = peer.peakMemory();
  const calls = await timeCalls(peer, call(tools), COUNTS);
  const peakMemory = peer.peakMemory();
  await peer.stop();
  return { tools: tools.length, startMs, startCpu, startMemory, peakMemory, ...calls };
}

async function measureStart({ args, environment }) {
  const started = performance.now();
  const peer = startPeer(args, environment);
  await peer.initialize();
  await peer.request('tools/list');
  const ms = performance.now() - started;
  await peer.stop();
  return ms;
}

function compareHelp() {
  const commands = [
    [fromHere('../dist/bin/openapi-mcp.js'), '--help'],
    ['-e', '0'],
  ];
  const times = commands.map(() => []);
  for (let run = 0; run < HELP_RUNS; run += 1) {
    for (const [index, args] of commands.entries()) {
      const started = performance.now();
      const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
      if (status !== 0) throw new Error(`"node ${args.join(' ')}" ended with ${status}.`);
      times[index].push(performance.now() - started);
    }
  }
  const [help, nothing] = times.map((each) => quantile(each, 0.5));
  const ratio = (help / nothing).toFixed(2);
  print(`\nopenapi-mcp --help: ${help.toFixed(0)} ms, node -e 0: ${nothing.toFixed(0)} ms, ratio ${ratio}`);
}

/** Medians over the runs; times of single calls are pooled over all runs. */
function summary(results) {
  const median = medianOf(results);
  return {
    tools: results[0].tools,
    startMs: median('startMs'),
    startCpu: median('startCpu'),
    startMemory: megabytes(median('startMemory')),
    peakMemory: megabytes(median('peakMemory')),
    ...callSummary(results),
  };
}

function medianOf(results) {
  return (key) =>
    quantile(
      results.map((result) => result[key]),
      0.5,
    );
}

function callSummary(results) {
  const times = results.flatMap((result) => result.times);
  const median = medianOf(results);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), cpu: median('cpu'), rate: median('rate') };
}

/**
 * @param columns openapi-mcp without cache, openapi-mcp with a cached model, an emitted server, and the baseline
 * @param others starts of openapi-mcp without cache, in milliseconds: from YAML, and without compiled code
 */
function printTable(columns, others) {
  const rows = [
    ['tools listed', 'tools', 0],
    ['start to complete tools/list, ms', 'startMs', 0],
    ['processor time until then, ms', 'startCpu', 0],
    ['peak memory after tools/list, MB', 'startMemory', 0],
    ['peak memory after all calls, MB', 'peakMemory', 0],
    ...CALL_ROWS,
  ];
  print(`Medians of ${RUNS} alternating runs of each:`);
  line('', ['us', 'us, cached', 'emitted', 'floor', 'us/floor', 'cached/floor', 'emitted/floor']);
  for (const [label, key, digits] of rows) {
    const values = columns.map((column) => column[key]);
    const floor = values.at(-1);
    const ratios = values.slice(0, -1).map((value) => (value / floor).toFixed(2));
    line(label, [...values.map((value) => value.toFixed(digits)), ...ratios]);
    if (key !== 'startMs') continue;
    for (const [title, ms] of [
      ['the same document in YAML', others.yaml],
      ['the first start on a computer', others.first],
    ])
      line(`  ${title}, ms`, [ms.toFixed(0), '', '', floor.toFixed(0), (ms / floor).toFixed(2)]);
  }
}

function line(label, cells) {
  print(label.padEnd(46) + cells.map((cell) => cell.padStart(14)).join(''));
}

/** NaN if the system does not report it. */
function megabytes(bytes) {
  return bytes === undefined ? Number.NaN : bytes / 1e6;
}

function fromHere(path) {
  return fileURLToPath(new URL(path, import.meta.url));
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.padEnd(40)}\r`);
}
