// Writes emitted projects, and builds them with the packages of this repository.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

export function writeProject(folder, files) {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Does what the project's `npm run build` does, without installing anything. Without `check`, only strips types, which is several times faster.
 *
 * @throws Error with the output of the command
 */
export function buildProject(folder, { check = true } = {}) {
  if (!existsSync(join(folder, 'node_modules'))) symlinkSync(NODE_MODULES, join(folder, 'node_modules'), 'junction');
  run(join(NODE_MODULES, 'typescript/bin/tsc'), check ? [] : ['--noCheck'], folder);
  run('scripts/finish-build.js', [], folder);
}

function run(script, args, cwd) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${[script, ...args].join(' ')} failed in ${cwd}\n${stdout}${stderr}`);
}
