// Runs both lines of the official conformance suite, against our HTTP server and with our client, and prints how many
// checks pass. Fails on a check that fails unexpectedly, and on an entry of conformance/expected-failures.yml that does
// not fail any more. Requires a build. The suite needs Node 22: both come from the npm registry into
// node_modules/.cache/conformance.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { npmInstall, npmInstallNode } from './npm-install.mjs';
import { print } from './print.mjs';

const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const CACHE = fromRoot('node_modules/.cache/conformance');

/** Exactly as many scenarios as these versions have: one that does not run is not noticed otherwise. */
const LINES = [
  { side: 'server', name: '2025', suite: '0.1.16', scenarios: 32, options: ['--suite', 'all'] },
  { side: 'server', name: '2026-07-28', suite: '0.2.0-alpha.12', scenarios: 40, options: draft() },
  { side: 'client', name: '2025', suite: '0.1.16', scenarios: 26, options: ['--suite', 'all'] },
  { side: 'client', name: '2026-07-28', suite: '0.2.0-alpha.12', scenarios: 33, options: draft() },
];

const started = performance.now();
const node = await npmInstallNode(join(CACHE, 'node-22'), '22');
const expected = parse(readFileSync(fromRoot('scripts/conformance/expected-failures.yml'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
try {
  for (const line of LINES) report(line, await results(line));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
print(`${Math.round((performance.now() - started) / 1000)} s`);

function draft() {
  return ['--suite', 'all', '--spec-version', '2026-07-28'];
}

/** Runs one line of the suite. @returns its checks, by scenario */
async function results(line) {
  const { side, name, suite } = line;
  const output = join(folder, `${side}-${name}`);
  const server = side === 'server' ? await startedServer() : undefined;
  try {
    await runSuite(line, output, server?.url);
  } finally {
    server?.stop();
  }
  const checks = new Map();
  for (const file of readdirSync(output, { recursive: true }).filter((path) => path.endsWith('checks.json'))) {
    checks.set(scenarioOf(relative(output, join(output, dirname(file)))), JSON.parse(readFileSync(join(output, file))));
  }
  return checks;

  async function runSuite({ options }, target, url) {
    const folder = join(CACHE, `@modelcontextprotocol-conformance-${suite}`);
    await npmInstall(folder, '@modelcontextprotocol/conformance', suite);
    const program = join(folder, 'node_modules/.bin/conformance');
    const tested =
      url === undefined
        ? ['--command', `${process.execPath} ${fromRoot('scripts/conformance/client.mjs')}`]
        : ['--url', url];
    const run = spawn(node, [program, side, ...tested, ...options, '-o', target], { stdio: 'ignore' });
    await once(run, 'close');
  }
}

/** `server-ping-2026-01-31T10-00-00-000Z` → `ping`, `auth/basic-cimd-…` → `auth/basic-cimd` */
function scenarioOf(path) {
  return path
    .replaceAll('\\', '/')
    .replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '')
    .replace(/^server-(?=.)/, '');
}

async function startedServer() {
  const child = spawn(process.execPath, [fromRoot('scripts/conformance/server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(child.stdout, 'data');
  // The check for DNS rebinding needs a name, not an address.
  const url = String(text).trim().replace('127.0.0.1', 'localhost');
  return { url, stop: () => child.kill('SIGTERM') };
}

function report(line, checks) {
  const { side, name, suite, scenarios } = line;
  const title = `${side}, ${name}`;
  const all = [...checks].flatMap(([scenario, list]) => list.map((check) => ({ ...check, scenario })));
  const passed = all.filter(({ status }) => status === 'SUCCESS');
  const failed = all.filter(({ status }) => status === 'FAILURE');
  print(`${title} (${suite}): ${passed.length}/${passed.length + failed.length} checks, ${checks.size} scenarios`);
  const entries = expected[title] ?? [];
  const isExpected = ({ scenario, id }) =>
    entries.some((entry) => entry.scenario === scenario && entry.checks.includes(id));
  for (const check of failed.filter((one) => !isExpected(one))) {
    wrong(`${check.scenario}: ${check.id}: ${check.errorMessage ?? check.description}`);
  }
  for (const { scenario, checks: ids, reason } of entries) {
    print(`  expected  ${scenario}: ${ids.join(', ')}. ${reason}`);
    const isStale = (id) => !failed.some((check) => check.scenario === scenario && check.id === id);
    for (const id of ids.filter(isStale)) wrong(`${scenario}: ${id} passes: remove it from expected-failures.yml.`);
  }
  if (checks.size !== scenarios) wrong(`${scenarios} scenarios should have run.`);
}

function wrong(text) {
  print(`  FAIL      ${text}`);
  process.exitCode = 1;
}
