// Runs black-box cases of a fidelity benchmark through `run` and through emitted servers, and compares the outcomes:
// `npm run fidelity -- <folder> [filter]`. The folder has a run.mjs with a target `ours`, which starts the command in
// OURS_CMD. Fails if any case has different outcomes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from './print.mjs';

const [folder, filter] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: npm run fidelity -- <folder> [filter]\n');
  process.exit(2);
}
const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'openapi-mcp-fidelity-'));
try {
  const proxy = judged('run', `${fromHere('../dist/bin/openapi-mcp.js')} run`);
  const emitted = judged('emitted', fromHere('fidelity/emitted.mjs'));
  const ids = new Set([...proxy.keys(), ...emitted.keys()]);
  const parted = [...ids].filter((id) => proxy.get(id)?.pass !== emitted.get(id)?.pass);
  for (const id of parted) {
    const problems = [...(proxy.get(id)?.problems ?? []), ...(emitted.get(id)?.problems ?? [])];
    print(`${id}: ${word(proxy.get(id))} through run, ${word(emitted.get(id))} emitted\n  ${problems.join('\n  ')}`);
  }
  const passed = (results) => [...results.values()].filter(({ pass }) => pass).length;
  print(`${ids.size} cases: ${passed(proxy)} pass through run, ${passed(emitted)} emitted; ${parted.length} differ.`);
  process.exitCode = parted.length > 0 || ids.size === 0 ? 1 : 0;
} finally {
  rmSync(out, { recursive: true });
}

/** @returns the results by case id */
function judged(name, command) {
  const json = join(out, `${name}.json`);
  const args = [join(folder, 'run.mjs'), '--target', 'ours', '--json', json, ...(filter ? ['--filter', filter] : [])];
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, OURS_CMD: `node ${command} {spec} --base-url {baseUrl}` },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}:\n${stderr}`);
  return new Map(JSON.parse(readFileSync(json, 'utf8')).results.map((result) => [result.id, result]));
}

function word(result) {
  if (!result) return 'missing';
  return result.pass ? 'passes' : 'fails';
}
