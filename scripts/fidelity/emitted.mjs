// Replaces `openapi-mcp run`, with the same arguments: generates the project of the document, builds it, and starts its
// server. Usage: emitted.mjs <document> [--base-url <url>] [--timeout <seconds>]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateProject } from '../../dist/generate.js';
import { buildProject, writeProject } from '../emitted-project.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'base-url': { type: 'string' }, timeout: { type: 'string' } },
});

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-fidelity-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const { files } = await generateProject(positionals[0], {
  cache: false,
  ...(options['base-url'] !== undefined && { baseUrl: options['base-url'] }),
});
writeProject(folder, files);
if (options.timeout !== undefined) setTimeoutInCode(Number(options.timeout) * 1000);
buildProject(folder, { check: false });
const server = spawn(process.execPath, [join(folder, 'dist/index.js')], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 1));

/** Set in the file that belongs to the user. */
function setTimeoutInCode(timeoutMs) {
  const file = join(folder, 'src/index.ts');
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(/^(const api = create\w+)\(\);/m, `$1({ timeoutMs: ${timeoutMs} });`);
  if (changed === text) throw new Error('src/index.ts has no call to put the timeout into.');
  writeFileSync(file, changed);
}
