// Tests of the command line start the built program as a user does. Builds it when a source is newer than it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'dist', '.built');

export default function setup() {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const newest = Math.max(...sources.map((file) => modified(join(file.parentPath, file.name))));
  if (newest <= modified(STAMP)) return;
  const started = new Date();
  // A type error does not keep the program from being written; `npm run typecheck` is where it fails.
  for (const [command, ...args] of [
    ['npx', 'tsc', '-p', 'tsconfig.build.json'],
    [process.execPath, 'scripts/bundle.mjs'],
  ]) {
    const build = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
    if (build.status !== 0) process.stderr.write(`The build found mistakes:\n${build.stdout}${build.stderr}\n`);
  }
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  writeFileSync(STAMP, `${started.toISOString()}\n`);
}

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
