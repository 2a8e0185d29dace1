// The cost of size: `npm run bench:mounts`. Compares a server with 20 mounted APIs (3,040 tools) to one with a single
// tool, each in its own process over HTTP; counts how often lists are built; and compares five no-op middlewares to
// none. Rounds alternate, so a busy machine affects all of them equally: compare ratios, not times.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Client, InMemoryTransport } from '@modelcontextprotocol/client';
import { createServer, fromOpenApi } from '../dist/index.js';
import { syntheticDocument } from './bench/synthetic.mjs';

const MOUNTS = 20;
const TOOLS_EACH = 152;
const ROUNDS = 40;
const IN_FLIGHT = 16;
const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

if (process.argv[2] === 'serve') await serve(Number(process.argv[3]));
else await compare();

/** The child process: a server with a trivial tool and the given number of mounted APIs. */
async function serve(mounts) {
  const server = await serverWith(mounts);
  const { url } = await server.run({ transport: 'http', port: 0 });
  process.send(url);
  process.once('disconnect', () => server.close());
}

async function serverWith(mounts, watch = (provider) => provider) {
  const server = createServer({ name: 'main', version: '1' });
  server.tool('ping', {}, () => 'pong');
  const document = mounts > 0 && syntheticDocument(TOOLS_EACH);
  for (let mount = 0; mount < mounts; mount++) server.mount(`api${mount}`, watch(await fromOpenApi(document)));
  return server;
}

async function compare() {
  const servers = await Promise.all([start(0), start(MOUNTS)]);
  try {
    await requestsPerSecond(servers);
  } finally {
    for (const { child } of servers) child.disconnect();
  }
  await listsBuilt();
  await chain();
}

async function start(mounts) {
  const child = fork(new URL(import.meta.url), ['serve', String(mounts)]);
  const [url] = await once(child, 'message');
  return { child, url };
}

async function requestsPerSecond([small, big]) {
  const requests = { '2026-07-28': modern, '2025-11-25': legacy };
  for (const [version, request] of Object.entries(requests)) {
    const ratios = await alternating(
      () => burst(250, () => call(small.url, request('ping'))),
      () => burst(250, () => call(big.url, request('ping'))),
    );
    print(
      `${version}: requests/s of a tool among ${MOUNTS * TOOLS_EACH} others / of the only tool`,
      1 / ratios,
      '≥ 0.85',
    );
  }
}

/** Requests lists through the web-standard handler, which creates a server object per request. */
async function listsBuilt() {
  let asked = 0;
  const server = await serverWith(MOUNTS, (provider) => ({
    ...provider,
    listTools: (context) => {
      asked++;
      return provider.listTools(context);
    },
  }));
  const list = modern(undefined);
  const answer = () => server.fetch(new Request('http://127.0.0.1/mcp', list)).then((response) => response.json());
  const { tools } = (await answer()).result;
  const first = await server.listTools({});
  const before = asked;
  for (let i = 0; i < 20; i++) await answer();
  const same = (await server.listTools({})) === first;
  process.stdout.write(
    `tools/list: ${tools.length} tools; over 20 requests the mounts were asked ${asked - before} times, the table was ${same ? 'reused' : 'rebuilt'}\n`,
  );
  await server.close();
}

async function chain() {
  const none = async (call, next) => next(call);
  const [bare, five] = await Promise.all([connected([]), connected([none, none, none, none, none])]);
  const ratio = await alternating(
    () => burst(1000, () => bare.callTool({ name: 'search', arguments: { q: 'cats' } }), 1),
    () => burst(1000, () => five.callTool({ name: 'search', arguments: { q: 'cats' } }), 1),
  );
  print('in-memory call through five middlewares that do nothing / through none', ratio, '≤ 1.05');
  await Promise.all([bare.close(), five.close()]);
}

async function connected(middleware) {
  const server = createServer({ name: 's', version: '1' });
  const input = { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] };
  server.tool('search', { input }, ({ q }) => ({ q, found: Array.from({ length: 20 }, (_, id) => ({ id })) }));
  server.use(...middleware);
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await server.connect(mine);
  const client = new Client({ name: 'bench', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(theirs);
  await client.listTools();
  return client;
}

/** The median of how much longer the second one takes per round; the first rounds are warm-up. */
async function alternating(first, second) {
  const timed = async (act) => {
    const started = performance.now();
    await act();
    return performance.now() - started;
  };
  const ratios = [];
  for (let round = -10; round < ROUNDS; round++) {
    const isSwapped = round % 2 !== 0;
    const one = await timed(isSwapped ? second : first);
    const other = await timed(isSwapped ? first : second);
    if (round >= 0) ratios.push(isSwapped ? one / other : other / one);
  }
  return ratios.sort((a, b) => a - b)[ROUNDS / 2];
}

async function burst(count, act, inFlight = IN_FLIGHT) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function call(url, request) {
  const response = await fetch(url, request);
  const text = await response.text();
  if (!text.includes('"pong"')) throw new Error(`The call failed: ${text}`);
}

/** @param name the tool to call; if absent, tools are listed. */
function modern(name) {
  const method = name === undefined ? 'tools/list' : 'tools/call';
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = name === undefined ? { _meta } : { name, arguments: {}, _meta };
  return {
    method: 'POST',
    headers: {
      ...HEADERS,
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(name !== undefined && { 'Mcp-Name': name }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  };
}

function legacy(name) {
  return {
    method: 'POST',
    headers: { ...HEADERS, 'MCP-Protocol-Version': '2025-11-25' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } }),
  };
}

function print(what, ratio, want) {
  process.stdout.write(`${what}: ${ratio.toFixed(3)} (wanted: ${want})\n`);
}
