// Checks what has to work on every Node version: startup, one call, both transports, and an emitted project, each
// without output on stderr. Usage: node scripts/node-versions.mjs [--suite] [version …]; default 22 24 26. `--suite`
// also runs the related tests. Requires a build. The binaries come from the npm registry and go into their own folder.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProject } from './emitted-project.mjs';
import { npmInstallNode } from './npm-install.mjs';
import { CLI, DOCUMENT, fromRoot, startPetstore } from './petstore.mjs';
import { print } from './print.mjs';
import { printed } from './printed.mjs';

const SUITE = ['src/cli/main.test.ts', 'src/cli/commands/call.test.ts', 'src/runtime/serve', 'src/emit'];
const REQUESTS = [
  {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 2, method: 'tools/list' },
];

const given = process.argv.slice(2);
const versions = given.filter((word) => word !== '--suite');
const folder = mkdtempSync(join(tmpdir(), 'node-versions-'));
const api = await startPetstore();
try {
  const installing = (versions.length > 0 ? versions : ['22', '24', '26']).map((version) =>
    npmInstallNode(join(folder, version), version),
  );
  const project = emittedProject();
  for (const node of await Promise.all(installing)) await checkVersion(node, project);
} finally {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
}

async function checkVersion(node, project) {
  print(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim());
  const url = ['--base-url', api.url, '--no-cache'];
  const checks = {
    'run --dry-run': () => ended(node, [CLI, 'run', DOCUMENT, '--dry-run', ...url], '', /tools/),
    call: () => ended(node, [CLI, 'call', DOCUMENT, 'getPet', 'petId=7', ...url], '', /./),
    'run over stdio': () => ended(node, [CLI, 'run', DOCUMENT, '--quiet', ...url], lines(), /"listPets"/),
    'run over HTTP': () => servedOverHttp(node, url),
    'emitted project': () => ended(node, [join(project, 'dist/index.js')], lines(), /"listPets"/),
  };
  for (const [name, check] of Object.entries(checks)) report(name, await check());
  const kept = existsSync(join(folder, 'cache', 'openapi-mcp', 'code'));
  report('compiled code is kept', kept ? undefined : 'nothing is in the cache folder');
  if (!given.includes('--suite')) return;
  const { status } = spawnSync(node, [fromRoot('node_modules/vitest/vitest.mjs'), 'run', ...SUITE], {
    cwd: fromRoot('.'),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  report('tests', status === 0 ? undefined : `exit code ${status}`);
}

function emittedProject() {
  const project = join(folder, 'project');
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'generate', DOCUMENT, '-o', project], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  buildProject(project, { check: false });
  return project;
}

function env() {
  return { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), API_KEY_SHOP_KEY: 'demo', API_BASE_URL: api.url };
}

function lines() {
  return REQUESTS.map((request) => `${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`).join('');
}

/** @returns what is wrong, or `undefined` */
async function ended(node, args, input, want) {
  const child = spawn(node, args, { env: env(), cwd: folder });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => (texts[name] += data));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) return `exit code ${code}: ${texts.stderr}`;
  if (texts.stderr !== '') return `on stderr: ${texts.stderr}`;
  return want.test(texts.stdout) ? undefined : `on stdout: ${texts.stdout.slice(0, 500)}`;
}

async function servedOverHttp(node, url) {
  const args = [CLI, 'run', DOCUMENT, '--transport', 'http', '--port', '0', '--json', ...url];
  const child = spawn(node, args, { env: env(), cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));
  const address = await printed(child, /\{"serving":"([^"]+)"\}/).catch(() => undefined);
  const answer = address && (await listedOver(address));
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  const foreign = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  if (foreign.length > 0) return `on stderr: ${foreign.join('\n')}`;
  return answer?.includes('"listPets"') ? undefined : `answered: ${answer}`;
}

async function listedOver(address) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  return response.text();
}

function report(name, fault) {
  print(`  ${fault === undefined ? 'ok  ' : 'FAIL'} ${name}${fault === undefined ? '' : `\n${fault}`}`);
  if (fault !== undefined) process.exitCode = 1;
}
