// The cost of a very large document: `npm run bench:bounds`. Serves 11,000 operations over one connected graph of
// schemas from `run --no-cache` over stdio, and compares the time until the complete tools/list has arrived, and the peak
// memory, to a process that only parses the JSON of the document. Runs alternate, so a busy machine affects both: compare
// ratios, not times. Then searches it: processor time to build the index, and of one request.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openApi } from '../dist/proxy.js';
import { foundText } from '../dist/runtime/fit/search/found-text.js';
import { createSearchIndex } from '../dist/runtime/fit/search/search-index.js';
import { connectedDocument } from './bench/connected.mjs';
import { cpuMs } from './bench/process-time.mjs';
import { startPeer } from './bench/stdio-peer.mjs';
import { quantile } from './bench/time-calls.mjs';
import { print } from './print.mjs';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '5' }, operations: { type: 'string', default: '11000' } },
});
const CLI = fileURLToPath(new URL('../dist/bin/openapi-mcp.js', import.meta.url));
/** Prints its peak memory in kilobytes. */
const FLOOR = `JSON.parse(require('node:fs').readFileSync(process.argv[1], 'utf8'));
process.stdout.write(String(process.resourceUsage().maxRSS));`;

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-bounds-'));
try {
  const file = join(folder, 'connected.json');
  const text = JSON.stringify(connectedDocument(Number(options.operations)));
  writeFileSync(file, text);
  await compare(file, Buffer.byteLength(text));
  await search(file);
} finally {
  rmSync(folder, { recursive: true });
}

async function compare(file, documentBytes) {
  const starts = [];
  for (let run = 0; run < Number(options.runs); run++) {
    const floor = await parseOnly(file);
    const served = await listOnce(file);
    const ratios = { ratio: served.ms / floor.ms, parsedRatio: served.parsedMs / floor.ms };
    starts.push({ ...served, ...ratios, memoryRatio: served.memory / floor.memory });
  }
  const [{ tools, bytes, largest }] = starts;
  print(`document: ${options.operations} operations, ${megabytes(documentBytes)} MB`);
  print(
    `tools/list: ${tools} tools, ${megabytes(bytes)} MB, ${(bytes / documentBytes).toFixed(2)} × document (wanted: ≤ 15 MB)`,
  );
  print(`largest tool: ${largest.bytes} bytes, "${largest.name}"`);
  print(`cold start to the complete list / JSON.parse alone: ${median(starts, 'ratio').toFixed(2)} × (wanted: ≤ 8 ×)`);
  print(`  with the parsing of the list in the client: ${median(starts, 'parsedRatio').toFixed(2)} ×`);
  const memory = megabytes(median(starts, 'memory'));
  print(`peak memory / JSON.parse alone: ${median(starts, 'memoryRatio').toFixed(2)} ×, ${memory} MB`);
}

async function parseOnly(file) {
  const started = performance.now();
  const child = spawn(process.execPath, ['-e', FLOOR, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return { ms: performance.now() - started, memory: Number(printed) * 1024 };
}

async function listOnce(file) {
  const started = performance.now();
  const peer = startPeer([CLI, 'run', file, '--no-cache', '--quiet'], {});
  await peer.initialize();
  const { tools, nextCursor } = await peer.request('tools/list', {});
  const parsedMs = performance.now() - started;
  const ms = peer.arrivedAt() - started;
  if (nextCursor !== undefined) throw new Error('The list has more than one page.');
  const memory = peer.peakMemory() ?? Number.NaN;
  await peer.stop();
  const sizes = tools.map((tool) => ({ name: tool.name, bytes: Buffer.byteLength(JSON.stringify(tool)) }));
  const bytes = Buffer.byteLength(JSON.stringify({ tools }));
  return {
    ms,
    parsedMs,
    memory,
    tools: tools.length,
    bytes,
    largest: sizes.reduce((a, b) => (b.bytes > a.bytes ? b : a)),
  };
}

async function search(file) {
  const { provider } = await openApi(file, { cache: false });
  await provider.listTools({});
  const start = process.cpuUsage();
  const tools = await provider.listTools({ facts: true });
  const index = createSearchIndex(tools);
  print(`search index: ${cpuMs(start).toFixed(0)} ms (wanted: ≤ 4,000 ms)`);
  const wordings = [
    (title) => title,
    (title) => `which ${title.split(' ').slice(1).join(' ')} are there?`,
    (title) => `please ${title} for Anna`,
  ];
  const requests = Array.from({ length: 300 }, (_, at) => {
    const { title, name } = tools[(at * 7919) % tools.length];
    return wordings[at % wordings.length](title ?? name);
  });
  const times = requests.map((request) => {
    const begun = process.cpuUsage();
    foundText(request, index, { limit: 10 });
    return cpuMs(begun);
  });
  // The first ones wait for the compiler.
  const sorted = times.slice(requests.length / 3).sort((a, b) => a - b);
  const [p50, p95] = [0.5, 0.95].map((part) => quantile(sorted, part).toFixed(1));
  print(`search request: p50 ${p50} ms, p95 ${p95} ms (wanted: ≤ 40 ms)`);
  await provider.close();
}

function median(rows, key) {
  const values = rows.map((row) => row[key]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

function megabytes(bytes) {
  return (bytes / 1_000_000).toFixed(1);
}
