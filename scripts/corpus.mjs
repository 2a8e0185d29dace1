// Inspects every document in a folder, each in its own process: `npm run corpus -- <folder>`. Fails on a crash, on a
// timeout, and if an operation is neither served nor named in a problem.
//
//   --schemas            compiles every input and output schema under Ajv 2020
//   --profile <provider> uses that provider's profile, and (with --schemas) checks every tool against its rules
//   --calls              makes up a call to every tool from its schema, and validates it with the tool's own validator; each
//                        rejected call is listed
//   --mock               calls every operation with a JSON response through --mock, and validates the response under Ajv;
//                        lists each invalid one with the pointer of its operation
//   --generate           emits a project for every document that loads, type-checks it and checks its formatting
// Errors found by these options also fail the run.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkCalls } from './corpus/check-calls.mjs';
import { checkMocks } from './corpus/check-mocks.mjs';
import { checkSchemas } from './corpus/check-schemas.mjs';
import { countOperations } from './corpus/count-operations.mjs';
import { generateAndCheck } from './corpus/generate.mjs';
import { runToEnd } from './corpus/run-check.mjs';
import { print } from './print.mjs';

const LIMIT_MS = 30_000;
const CLI = fileURLToPath(new URL('../dist/bin/openapi-mcp.js', import.meta.url));

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    calls: { type: 'boolean', default: false },
    mock: { type: 'boolean', default: false },
    generate: { type: 'boolean', default: false },
    schemas: { type: 'boolean', default: false },
    profile: { type: 'string', default: 'generic' },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(
    'Usage: npm run corpus -- <folder> [--schemas] [--calls] [--mock] [--profile <provider>] [--generate]\n',
  );
  process.exit(2);
}

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(json|ya?ml)$/i.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();
const documents = files.map((file) => ({ file, ...countOperations(file) })).filter(({ kind }) => kind !== 'other');
const rows = await inspectAll(documents);
printRows(rows);
printExcluded(rows);
if (options.mock) printMocks();
printTotals(rows);
process.exitCode = rows.some(({ outcome }) => ['crashed', 'hung', 'lost', 'faulty'].includes(outcome)) ? 1 : 0;

async function inspectAll(documents) {
  const rows = [];
  const queue = [...documents.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      let row = await inspect(next[1]);
      if (options.schemas && row.outcome === 'loaded') row = await compiled(next[1].file, row);
      if (options.calls && row.outcome === 'loaded') row = await called(next[1].file, row);
      if (options.mock && row.outcome === 'loaded') row = await mocked(next[1].file, row);
      if (options.generate && row.outcome === 'loaded' && row.operations > 0) row = await generated(next[1].file, row);
      rows[next[0]] = row;
      progress(`${documents.length - queue.length} of ${documents.length}: ${relative(folder, next[1].file)}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
  progress('');
  return rows;
}

async function inspect({ file, counted }) {
  const started = performance.now();
  const { code, signal, stdout, stderr } = await runInspect(file);
  const row = { name: relative(folder, file), counted, seconds: (performance.now() - started) / 1000 };
  if (signal === 'SIGKILL') return { ...row, outcome: 'hung', note: `still running after ${LIMIT_MS / 1000} s` };
  if (code === 0) return inspected(row, JSON.parse(stdout));
  const refused = (code === 1 || code === 3) && stderr.startsWith('error: ') && !/^\s+at /m.test(stderr);
  return { ...row, outcome: refused ? 'refused' : 'crashed', note: stderr.trim().split('\n')[0] };
}

async function compiled(file, row) {
  const { schemas, fault } = await checkSchemas(file, options.profile);
  return fault ? { ...row, schemas, outcome: 'faulty', note: fault } : { ...row, schemas };
}

async function called(file, row) {
  const { tools, refused, fault } = await checkCalls(file);
  return fault ? { ...row, called: tools, refused, outcome: 'faulty', note: fault } : { ...row, called: tools };
}

async function mocked(file, row) {
  const { operations, valid, uncallable, invalid, fault } = await checkMocks(file);
  const counts = { ...row, mocked: operations, valid, uncallable, invalid };
  return fault ? { ...counts, outcome: 'faulty', note: fault } : counts;
}

async function generated(file, row) {
  const { seconds, checkSeconds, largest, fault } = await generateAndCheck(file);
  const note = `emitted in ${seconds.toFixed(1)} s, checked in ${checkSeconds.toFixed(1)} s, largest file ${largest} bytes`;
  return fault ? { ...row, outcome: 'faulty', note: fault } : { ...row, outcome: 'emitted', note };
}

/** Every operation is served, or a problem names it. */
function inspected(row, { totals, problems }) {
  const excluded = problems.filter((problem) => problem.operation !== undefined);
  const missing = row.counted === undefined ? 0 : row.counted - totals.operations - excluded.length;
  const { operations, tools, listBytes } = totals;
  const counts = { operations, tools, resources: totals.resources + totals.resourceTemplates, listBytes };
  return {
    ...row,
    ...counts,
    problems: problems.length,
    excluded,
    outcome: missing > 0 ? 'lost' : 'loaded',
    note: missing > 0 ? `${missing} operations are neither served nor named` : '',
  };
}

function runInspect(file) {
  return runToEnd([CLI, 'inspect', file, '--json', '--no-cache', '--profile', options.profile], LIMIT_MS);
}

function printRows(rows) {
  const widest = Math.max(...rows.map(({ name }) => name.length));
  const headings = ['counted', 'served', 'tools', 'resources', 'problems', 'list bytes', 'seconds'];
  print(`${'document'.padEnd(widest)}  ${'outcome'.padEnd(8)}${headings.map((text) => text.padStart(11)).join('')}`);
  for (const row of rows) {
    const cells = [row.counted, row.operations, row.tools, row.resources, row.problems, row.listBytes];
    const shown = [...cells.map((cell) => cell ?? '-'), row.seconds.toFixed(1)].map((cell) =>
      String(cell).padStart(11),
    );
    print(`${row.name.padEnd(widest)}  ${row.outcome.padEnd(8)}${shown.join('')}${row.note && `  ${row.note}`}`);
  }
}

/** Lists operations that are not served, and where the defect is. */
function printExcluded(rows) {
  const lines = rows.flatMap(({ name, excluded = [] }) =>
    excluded.map(({ code, pointer, message }) => `${name}  ${code}  ${pointer}  ${message}`),
  );
  print(`\n${lines.length} operations or paths excluded by a defect${lines.length ? ':' : ''}`);
  for (const line of lines) print(line);
}

function printTotals(rows) {
  const sum = (key) => rows.reduce((total, row) => total + (row[key] ?? 0), 0);
  const outcomes = [...new Set(rows.map(({ outcome }) => outcome))].sort();
  const counts = outcomes.map((name) => `${rows.filter(({ outcome }) => outcome === name).length} ${name}`);
  print(`\n${rows.length} documents: ${counts.join(', ')}`);
  if (options.schemas)
    print(`${sum('schemas')} schemas compiled under Ajv 2020, tools checked against "${options.profile}"`);
  print(
    `${sum('counted')} operations counted, ${sum('operations')} served as ${sum('tools')} tools and ${sum('resources')} resources, ${sum('problems')} problems, ${sum('listBytes')} bytes listed, ${sum('seconds').toFixed(1)} s`,
  );
}

/** What `--mock` found, line by line. */
function printMocks() {
  const count = (key) => rows.reduce((total, row) => total + (row[key]?.length ?? 0), 0);
  const sum = (key) => rows.reduce((total, row) => total + (row[key] ?? 0), 0);
  print(
    `\n${sum('mocked')} operations with a JSON response mocked: ${sum('valid')} valid, ${count('invalid')} invalid, ${count('uncallable')} without valid arguments`,
  );
  for (const key of ['invalid', 'uncallable'])
    for (const { name, [key]: lines = [] } of rows) for (const line of lines) print(`${key}  ${name}  ${line}`);
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text.slice(0, 100).padEnd(100)}\r`);
}
