// Emits the project of one document and type-checks it with `tsc --strict`, as its own tsconfig does.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const fromRoot = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const LIMIT_MS = 120_000;
const MAX_FILE_BYTES = 1024 * 1024;

/** @returns `{ seconds, checkSeconds, largest, fault }`; `fault` is empty if all checks pass */
export async function generateAndCheck(file) {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-corpus-'));
  try {
    const project = join(folder, 'project');
    const generated = await run(process.execPath, [
      fromRoot('dist/bin/openapi-mcp.js'),
      'generate',
      file,
      '--no-cache',
      '--out',
      project,
    ]);
    if (generated.fault) return { seconds: generated.seconds, checkSeconds: 0, largest: 0, fault: generated.fault };
    symlinkSync(fromRoot('node_modules'), join(project, 'node_modules'));
    const checked = await run(process.execPath, [
      fromRoot('node_modules/typescript/bin/tsc'),
      '--noEmit',
      '-p',
      project,
    ]);
    const formatted = await run(
      fromRoot('node_modules/.bin/biome'),
      ['format', '--colors=off', ...written(project)],
      project,
    );
    const largest = Math.max(...filesOf(project).map((path) => statSync(path).size));
    const tooLarge = largest > MAX_FILE_BYTES ? `a file of ${largest} bytes` : '';
    const fault = checked.fault || formatted.fault || tooLarge;
    return { seconds: generated.seconds, checkSeconds: checked.seconds, largest, fault };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files specific to this document; the runtime is formatted at its source. */
const written = (project) =>
  filesOf(join(project, 'src')).filter(
    (path) => path.endsWith('.ts') && !/[\\/]src[\\/](?:runtime|model)[\\/]/.test(path),
  );

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/[\\/]node_modules[\\/]/.test(path));

function run(command, args, cwd) {
  const started = performance.now();
  return new Promise((resolve) => {
    execFile(command, args, { cwd, timeout: LIMIT_MS, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      const seconds = (performance.now() - started) / 1000;
      const said = `${stdout}${stderr}`.trim().split('\n').slice(0, 3).join(' | ').slice(0, 400);
      resolve({ seconds, fault: error ? said || error.message : '' });
    });
  });
}
