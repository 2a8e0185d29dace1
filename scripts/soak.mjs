// Load for a long time: many clients of both protocol eras, over HTTP and stdio, with calls of every kind. Counts
// responses that are lost, doubled, or belong to another call; measures what the server keeps; then stops servers under
// load. Prints a table, and fails on a fault.
// Usage: node scripts/soak.mjs [--seconds 600] [--clients 50] [--report file.json]. Requires a build, and /proc (Linux).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { printTable } from './print.mjs';
import { document, startApi } from './soak/api.mjs';
import { isLost, MIX, pick, plain } from './soak/calls.mjs';
import { HTTP_KINDS, keyOf, SoakClient, STDIO_KINDS } from './soak/clients.mjs';
import { heapOf, processState, sessionsOf, startHttp } from './soak/servers.mjs';
import { slope } from './soak/slope.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, clients: { type: 'string' }, report: { type: 'string' } },
});
const SECONDS = Number(values.seconds ?? 600);
const CLIENTS = Number(values.clients ?? 50);
/** Each has a server of its own. */
const STDIO_CLIENTS = Math.max(2, Math.round(CLIENTS * 0.08));
/** A client connects again after so many calls, so that sessions begin and end. */
const CALLS_PER_CONNECTION = 200;
/** Node's servers keep connections for 5 seconds, undici for 4. */
const IDLE_MS = 6_500;
/** Between two calls of a client, in milliseconds, from 0 to this. */
const MAX_PAUSE_MS = 300;

const folder = mkdtempSync(join(tmpdir(), 'soak-'));
const api = await startApi();
const faults = faultCounter();
const say = (text) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
try {
  writeConfig();
  const load = await underLoad();
  const report = { ...load, sigterm: await stopped(), sigkill: await killed(), faults: faults.counts };
  if (values.report) writeFileSync(values.report, JSON.stringify(report));
  print(report);
  for (const example of faults.examples) say(`fault: ${example}`);
  if (isFaulty(report)) process.exitCode = 1;
} finally {
  api.close();
  rmSync(folder, { recursive: true, force: true });
}
// Clients of the killed server would go on trying to reach it.
process.stdout.write('', () => process.exit());

function faultCounter() {
  const counts = { lost: 0, crossed: 0, doubled: 0, wrong: 0 };
  const examples = [];
  return {
    counts,
    examples,
    add(kind, example) {
      counts[kind] += 1;
      if (examples.length < 20) examples.push(`${kind}: ${example}`);
    },
  };
}

function writeConfig() {
  writeFileSync(join(folder, 'api.json'), JSON.stringify(document(api.url)));
  const keys = Array.from({ length: CLIENTS }, (_, number) => ({ name: `client-${number}`, key: keyOf(number) }));
  const config = {
    name: 'soak',
    apis: { soak: { spec: './api.json', middleware: [{ confirm: { tools: [{ name: 'removeItem' }] } }] } },
    maxResultTokens: 2_000,
    auth: { keys },
  };
  writeFileSync(join(folder, 'openapi-mcp.config.json'), JSON.stringify(config));
}

/** Clients, connected: most of them to the servers over HTTP in turn, the others to their own server over stdio. */
async function connectAll(urls, { stdio = true } = {}) {
  const clients = Array.from({ length: CLIENTS }, (_, number) => {
    const overStdio = stdio && number < STDIO_CLIENTS;
    const kinds = overStdio ? STDIO_KINDS : HTTP_KINDS;
    const target = overStdio ? folder : urls[Math.floor(number / 2) % urls.length];
    return new SoakClient({ kind: kinds[number % 2], target, number, faults });
  });
  for (const client of clients) await client.connect();
  return clients;
}

/** Part 1: everything at once, for a long time. */
async function underLoad() {
  const server = await startHttp(folder);
  const counts = Object.fromEntries(Object.keys(MIX).map((kind) => [kind, 0]));
  const total = () => Object.values(counts).reduce((sum, count) => sum + count, 0);
  try {
    // What the first calls load stays.
    const first = await connectAll([server.url], { stdio: false });
    await Promise.all(first.flatMap((client) => Object.keys(MIX).map((kind) => called(client, kind))));
    await Promise.all(first.map((client) => client.close()));
    say('warm; waiting for idle connections to close');
    const before = await idleState(server);
    const clients = await connectAll([server.url]);
    say(`${clients.length} clients are connected`);
    const ends = performance.now() + SECONDS * 1_000;
    const sampling = sampled(server, { total, ends });
    await Promise.all(clients.map((client) => work(client, counts, () => performance.now() < ends)));
    const samples = await sampling;
    say(`${total()} calls`);
    const stdio = clients.filter((client) => !client.isHttp).map((client) => processState(client.transport.pid));
    await Promise.all(clients.map((client) => client.close()));
    const after = await idleState(server, before.descriptors);
    const told = server.said();
    return { seconds: SECONDS, clients: CLIENTS, calls: total(), counts, before, after, stdio, samples, told };
  } finally {
    server.kill('SIGKILL');
  }
}

/** After the connections that are kept open for another request, on either side, have timed out. */
async function idleState(server, wanted = 0) {
  const ends = performance.now() + IDLE_MS;
  while (performance.now() < ends && processState(server.pid).descriptors > wanted) await sleep(100);
  return state(server);
}

async function state(server) {
  const { rss, descriptors } = processState(server.pid);
  return { rss, descriptors, heap: await heapOf(folder, server.pid), sessions: await sessionsOf(server) };
}

/** A state about every hundredth of the time. */
async function sampled(server, { total, ends }) {
  const samples = [];
  const began = performance.now();
  while (performance.now() < ends) {
    samples.push({ seconds: (performance.now() - began) / 1_000, calls: total(), ...(await state(server)) });
    await sleep(Math.max(250, SECONDS * 10));
  }
  return samples;
}

/** Makes sequential calls until `goesOn()` is false. */
async function work(client, counts, goesOn) {
  for (let calls = 1; goesOn(); calls++) {
    const kind = pick();
    await called(client, kind);
    counts[kind] += 1;
    if (client.isHttp && calls % CALLS_PER_CONNECTION === 0) {
      await client.close();
      await client.connect();
    }
    await sleep(Math.random() * MAX_PAUSE_MS);
  }
}

async function called(client, kind) {
  const mark = client.newMark();
  const [, call] = MIX[kind];
  try {
    await call(client, mark, api);
  } catch (error) {
    faults.add(isLost(error) ? 'lost' : 'wrong', `${kind} ${mark}: ${error.message}`);
  }
  const requests = api.seen.get(mark) ?? 0;
  if (requests > 1) faults.add('doubled', `${kind} ${mark} was sent to the API ${requests} times`);
  api.seen.delete(mark);
}

/**
 * Part 2: SIGTERM under load. What the API has received, the server had accepted: it must have been answered.
 */
async function stopped() {
  say('SIGTERM under load');
  const server = await startHttp(folder);
  const clients = await connectAll([server.url]);
  const stdio = clients.filter((client) => !client.isHttp);
  const calls = flood(clients);
  await sleep(1_000);
  server.kill('SIGTERM');
  for (const { transport } of stdio) process.kill(transport.pid, 'SIGTERM');
  const exit = await Promise.race([server.ended, sleep(20_000, 'still running')]);
  const { answered, unanswered } = await calls.end(clients);
  const lost = unanswered.filter(({ mark }) => api.seen.has(mark));
  for (const { mark, reason } of lost) faults.add('lost', `at SIGTERM, ${mark}: ${reason}`);
  return { exit, answered, refused: unanswered.length - lost.length, lost: lost.length, told: server.said() };
}

/** Part 3: one of two servers is killed. The clients of the other one must not notice. */
async function killed() {
  say('SIGKILL of one of two servers');
  const [one, other] = [await startHttp(folder), await startHttp(folder)];
  const clients = await connectAll([one.url, other.url], { stdio: false });
  const survivors = new Set(clients.filter((_, number) => Math.floor(number / 2) % 2 === 1));
  const calls = flood(clients);
  await sleep(1_000);
  one.kill('SIGKILL');
  await sleep(1_000);
  const ofTheKilled = clients.filter((client) => !survivors.has(client));
  const { answered, unanswered } = await calls.end(ofTheKilled);
  const lost = unanswered.filter(({ client }) => survivors.has(client));
  for (const { mark, reason } of lost) faults.add('lost', `at SIGKILL of the other server, ${mark}: ${reason}`);
  await Promise.all([...survivors].map((client) => client.close()));
  other.kill('SIGKILL');
  return { answered, ofTheKilled: unanswered.length - lost.length, lost: lost.length };
}

/** Each client makes slow and quick calls, some at the same time, until its server is gone or `end()`. */
function flood(clients) {
  let goesOn = true;
  let answered = 0;
  const unanswered = [];
  const lane = async (client) => {
    while (goesOn) {
      const mark = client.newMark();
      const [name, args] = Math.random() < 0.5 ? ['getSlow', { mark, ms: 300 }] : ['addItem', { mark }];
      try {
        await plain(client, mark, name, args);
        answered += 1;
      } catch (error) {
        unanswered.push({ client, mark, reason: error.message });
        return;
      }
      await sleep(Math.random() * 50);
    }
  };
  const lanes = clients.flatMap((client) => [lane(client), lane(client)]);
  return {
    /** @param gone clients whose server is gone: some of them would wait for a response until their time limit */
    async end(gone) {
      goesOn = false;
      await sleep(500);
      await Promise.all(gone.map(({ client }) => client.close().catch(() => {})));
      await Promise.all(lanes);
      return { answered, unanswered };
    },
  };
}

function isFaulty({ faults: counts, sigterm, before, after }) {
  const isLeaking = after.descriptors > before.descriptors || after.sessions > before.sessions;
  return isLeaking || sigterm.exit !== 0 || Object.values(counts).some((count) => count > 0);
}

function print({ seconds, clients, calls, counts, before, after, samples, stdio, sigterm, sigkill, faults: found }) {
  const rate = Math.round(calls / seconds);
  process.stdout.write(`${clients} clients, ${seconds} s, ${calls} calls (${rate}/s)\n\n`);
  printTable(['calls', 'number'], Object.entries(counts));
  process.stdout.write('\n');
  const warm = samples.slice(Math.ceil(samples.length / 4));
  const row = (name, key, digits) => {
    const slopeBy = (axis, factor) => {
      if (warm.length < 3) return '';
      const line = slope(warm.map((sample) => [sample[axis], sample[key]]));
      return [line.slope, line.error].map((value) => (value * factor).toFixed(digits + 1)).join(' ± ');
    };
    const most = Math.max(...samples.map((sample) => sample[key]));
    const numbers = [before[key], most, after[key]].map((value) => value.toFixed(digits));
    return [name, ...numbers, slopeBy('seconds', 3_600), slopeBy('calls', 1_000)];
  };
  printTable(
    ['the server over HTTP', 'before', 'most', 'after', 'per hour', 'per 1,000 calls'],
    [
      row('RSS, MB', 'rss', 0),
      row('heap after gc, MB', 'heap', 1),
      row('descriptors', 'descriptors', 0),
      row('sessions', 'sessions', 0),
    ],
  );
  const largest = Math.max(...stdio.map(({ rss }) => rss)).toFixed(0);
  process.stdout.write(`\n${stdio.length} servers over stdio: at most ${largest} MB RSS at the end\n`);
  process.stdout.write(
    `SIGTERM: exit ${sigterm.exit}, ${sigterm.answered} answered, ${sigterm.refused} refused, ${sigterm.lost} lost\n`,
  );
  process.stdout.write(
    `SIGKILL of one of two: ${sigkill.ofTheKilled} calls of the killed one, ${sigkill.lost} of the other one\n`,
  );
  process.stdout.write(
    `faults: ${Object.entries(found)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ')}\n`,
  );
}
