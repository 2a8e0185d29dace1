// Checks `install` against the command lines of real MCP clients from the npm registry: what they read of the config
// file that it wrote. Downloads about 750 MB. Needs a build: npm run build && node scripts/real-clients.mjs
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The packages, what lists the servers, and what the list says of ours. */
const CLIENTS = [
  { client: 'claude-code', package: '@anthropic-ai/claude-code', command: 'claude', says: /pet-shop: .* Connected/ },
  { client: 'codex', package: '@openai/codex', command: 'codex', says: /pet-shop .* enabled/ },
  // It does not start servers in a folder that the user has not trusted.
  { client: 'gemini-cli', package: '@google/gemini-cli', command: 'gemini', says: /pet-shop: .*\(stdio\)/ },
];

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-clients-'));
try {
  const project = join(folder, 'home', 'project');
  mkdirSync(project, { recursive: true });
  for (const name of ['.codex', '.gemini']) mkdirSync(join(folder, 'home', name));
  copyFileSync(join(root, 'test-specs/petstore.yaml'), join(project, 'petstore.yaml'));
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const packages = CLIENTS.map((each) => each.package);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder, stdio: 'inherit' });
  const env = { ...process.env, HOME: join(folder, 'home') };
  const run = (program, args) => {
    const options = { cwd: project, env, encoding: 'utf8', timeout: 120_000, stdio: ['ignore', 'pipe', 'pipe'] };
    const { status, stdout, stderr } = spawnSync(program, args, options);
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
    // Gemini CLI lists servers on stderr.
    return `${stdout}\n${stderr}`;
  };
  for (const { client, command, says } of CLIENTS) {
    run(process.execPath, [join(root, 'dist/bin/openapi-mcp.js'), 'install', 'petstore.yaml', '--client', client]);
    const list = run(join(folder, 'node_modules/.bin', command), ['mcp', 'list']);
    const isRead = says.test(list);
    process.stdout.write(
      `${isRead ? 'ok ' : 'FAILED '} ${client}: ${list.split('\n').find((line) => line.includes('pet-shop'))}\n`,
    );
    if (!isRead) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
