// Command-line tests start the built program, as a user would. Rebuilds it if a source file is newer.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What a build writes last. */
const BUILT = join(ROOT, 'dist', 'bin', 'openapi-mcp.js');

export default function setup() {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true }).filter(
    (file) => file.isFile() && !file.name.includes('.test.') && !file.parentPath.endsWith('fixtures'),
  );
  const newest = Math.max(...sources.map((file) => modified(join(file.parentPath, file.name))));
  if (newest <= modified(BUILT)) return;
  // The build emits despite type errors; `npm run typecheck` reports them.
  for (const [command, ...args] of [
    ['npx', 'tsc', '-p', 'tsconfig.build.json'],
    [process.execPath, 'scripts/bundle-page.mjs'],
    [process.execPath, 'scripts/bundle.mjs'],
  ]) {
    const build = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
    if (build.status !== 0) process.stderr.write(`The build reported errors:\n${build.stdout}${build.stderr}\n`);
  }
}

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
