// Compares openapi-mcp with other ways to serve an OpenAPI document over MCP, in one run: `npm run compare`.
//
//   --only <peer>        one peer (repeatable); openapi-mcp and the floor are always measured
//   --operations <n>     of the large document (default 400)
//   --skip <measure>     wire, documents or calls (repeatable)
//   --install <folder>   where the peers are installed, to keep them; default: a temporary folder
//   --json               prints everything as JSON, with the fault of every case
//   --write              writes docs/comparison.md
//
// The peers come from the npm registry, without their install scripts. Python FastMCP is measured if python3 has it. The
// cases are in compare/cases/, how tools and arguments of a peer are found in compare/arguments.mjs, and how each peer is
// started in compare/peers.mjs. A measure that fails says so in its cell, and the run goes on.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { floorPeer, measureCalls, measureDocument, writeDocuments } from './compare/measure.mjs';
import { pageOf, tablesOf } from './compare/page.mjs';
import { PEERS } from './compare/peers.mjs';
import { run } from './compare/run.mjs';
import { judgeWire } from './compare/wire.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    skip: { type: 'string', multiple: true, default: [] },
    operations: { type: 'string', default: '400' },
    install: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const unknown = (options.only ?? []).filter((name) => !PEERS.some((peer) => peer.name === name));
if (unknown.length > 0) {
  process.stderr.write(`Unknown peer ${unknown.join(', ')}. Peers: ${PEERS.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}
const wrong = [
  ...options.skip.filter((name) => !['wire', 'documents', 'calls'].includes(name)).map((name) => `--skip ${name}`),
  ...(/^[1-9]\d*$/.test(options.operations) ? [] : [`--operations ${options.operations}`]),
];
if (wrong.length > 0) {
  process.stderr.write(`Invalid: ${wrong.join(', ')}. --skip is wire, documents or calls, --operations a number.\n`);
  process.exit(2);
}
if (options.write && (options.only || options.skip.length > 0)) {
  process.stderr.write('--write writes the complete page: it cannot be combined with --only or --skip.\n');
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), 'openapi-mcp-compare-'));
const installed = options.install === undefined ? join(work, 'peers') : resolve(options.install);
process.once('exit', () => rmSync(work, { recursive: true, force: true }));
let api;
try {
  const made = await writeDocuments(work, Number(options.operations));
  api = made.api;
  const report = await compare(made);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : `${tablesOf(report)}\n`);
  if (options.write) writeFileSync(fileURLToPath(new URL('../docs/comparison.md', import.meta.url)), pageOf(report));
} finally {
  api?.stop();
}

async function compare({ documents }) {
  const chosen = PEERS.filter(({ name }) => !options.only || options.only.includes(name) || name === 'openapi-mcp');
  const columns = [];
  for (const peer of chosen) columns.push(await columnOf(peer));
  const present = columns.filter(({ absent }) => absent === undefined);
  const floor = { ...floorPeer(api), folder: work };
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    operations: Number(options.operations),
    left: columns.flatMap(({ peer, absent }) =>
      absent === undefined ? [] : [`${peer.title} is left out: ${absent}.`],
    ),
    ...(await measureAll(present, floor, documents)),
  };
}

/** A peer with its packages installed. `failed`: they cannot be installed. */
async function columnOf(peer) {
  const absent = await peer.absent?.();
  if (absent !== undefined) {
    say(`${peer.title} is left out: ${absent}.`);
    return { peer, absent };
  }
  const folder = join(installed, peer.name);
  const home = join(work, peer.name);
  for (const each of [folder, home]) mkdirSync(each, { recursive: true });
  try {
    say(`${peer.name}: installing`);
    const install = async (packages) => {
      const exact = await Promise.all(packages.map(exactly));
      await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...exact], {
        cwd: folder,
      });
    };
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    if (peer.packages.length > 0) await install(peer.packages);
    await peer.complete?.({ folder, install, sample: join(work, 'probe.json') });
    return { peer, folder, home, version: peer.version(folder) };
  } catch (error) {
    return { peer, folder, home, version: 'failed', failed: `cannot be installed: ${error.message}` };
  }
}

/** npm prefers older versions if the latest requires a newer Node, so the latest is asked for by its number. */
async function exactly(spec) {
  if (!spec.endsWith('@latest')) return spec;
  const version = await run('npm', ['view', spec, 'version']);
  return spec.replace(/latest$/, version.trim());
}

async function measureAll(columns, floor, documents) {
  const peers = [];
  for (const column of columns) peers.push(await measurePeer(column, floor, documents));
  return { peers };
}

async function measurePeer({ peer, folder, home, version, failed }, floor, documents) {
  const { name, title, note } = peer;
  const result = { name, title, note, version, isGenerator: peer.generate !== undefined };
  if (failed) return { ...result, failed };
  if (!options.skip.includes('wire')) Object.assign(result, await wireOf(peer, { folder, home }));
  if (!options.skip.includes('documents')) {
    result.documents = {};
    for (const document of ['small', 'petstore', 'large']) {
      say(`${name}: ${document}`);
      // The floor lists one tool. It is measured next to each peer, so that both see the same load of the machine.
      const single = await measureDocument(floor, { folder: work, name: 'floor', ...oneOperation(documents.probe) });
      const own = await measureDocument(peer, { folder, name: document, ...documents[document] });
      result.documents[document] = { ...own, floor: single };
    }
  }
  if (!options.skip.includes('calls')) {
    say(`${name}: calls`);
    const own = await measureCalls(peer, { folder, ...documents.probe });
    result.calls = { ...own, floor: await measureCalls(floor, { folder: work, ...documents.probe }) };
  }
  return result;
}

async function wireOf(peer, folders) {
  try {
    return { wire: Object.fromEntries(await judgeWire(peer, { ...folders, progress: say })) };
  } catch (error) {
    say(`${peer.name}: the wire cases failed: ${error.message}`);
    return { failed: `wire cases: ${error.message}` };
  }
}

/** The document of the calls with its first operation alone. */
function oneOperation({ document }) {
  const file = join(work, 'one.json');
  const [path, { get }] = Object.entries(document.paths)[1];
  const one = { ...document, paths: { [path]: { get } } };
  writeFileSync(file, JSON.stringify(one));
  return { file, document: one };
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
