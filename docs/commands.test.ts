import { execFile, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { openApi } from 'openapi-mcp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startMockApi } from '../src/runtime/testing/mock-api.ts';

// docs/commands.md is a transcript: each `$ …` line of its console blocks is run in a shell, in the order of the page, and
// what it prints (stdout, then stderr) is what the page shows. To write it anew: npx vitest run docs/commands.test.ts -u

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs', 'commands.md');
const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Where the page says that things are, and where they are. */
const places = new Map<string, string>();
let folder: string;
let env: Record<string, string>;

beforeAll(async () => {
  // Within the package, so that modules find it by its name.
  mkdirSync(join(root, 'dist'), { recursive: true });
  folder = mkdtempSync(join(root, 'dist', 'commands-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'openapi-mcp'),
    `#!/bin/sh\nexec "${process.execPath}" "${root}/dist/bin/openapi-mcp.js" "$@"\n`,
  );
  chmodSync(join(bin, 'openapi-mcp'), 0o755);
  env = {
    PATH: [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    XDG_CACHE_HOME: folder,
  };

  copyFileSync(join(root, 'test-specs', 'petstore.yaml'), join(folder, 'petstore.yaml'));
  copyFileSync(join(root, 'docs', 'examples', 'desk.ts'), join(folder, 'desk.ts'));
  writeFileSync(join(folder, 'rex.png'), Buffer.from('89504e470d0a1a0a', 'hex'));

  const { model, provider } = await openApi(join(folder, 'petstore.yaml'), { cache: false, answerSchemas: 'all' });
  await provider.close();
  const api = await startMockApi(model);
  cleanups.push(() => api.close());
  places.set('localhost:3000', new URL(api.url).host);
  places.set(
    'localhost:8000',
    await served(join(root, 'dist/bin/openapi-mcp.js'), ['run', 'desk.ts', '--transport', 'http', '--port']),
  );
  places.set('localhost:8001', await served(join(root, 'src/runtime/compose/fixtures/child-server-2025.mjs'), []));
  places.set('localhost:8002', `127.0.0.1:${await freePort()}`);
});

/** Starts a server on a free port, and waits until somebody answers there. */
async function served(program: string, args: readonly string[]): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [program, ...args, String(port)], { cwd: folder, env, stdio: 'ignore' });
  cleanups.push(() => child.kill());
  const host = `127.0.0.1:${port}`;
  await vi.waitFor(() => fetch(`http://${host}/`), { timeout: 15_000, interval: 100 });
  return host;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function shell(line: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', real(line)], { cwd: folder, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, stdout: told(stdout), stderr: told(stderr) });
    });
  });
}

const real = (text: string): string => [...places].reduce((all, [shown, at]) => all.replaceAll(shown, at), text);
const told = (text: string): string => [...places].reduce((all, [shown, at]) => all.replaceAll(at, shown), text);

test('the page shows what the commands say', { timeout: 180_000 }, async () => {
  const text = readFileSync(page, 'utf8');
  for (const [, name = '', content = ''] of text.matchAll(/<!-- file (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)) {
    writeFileSync(join(folder, name), real(content));
  }
  let written = text;
  for (const [block] of text.matchAll(/```console\n[\s\S]*?```/g)) written = written.replace(block, () => '\0');
  for (const [block] of text.matchAll(/```console\n[\s\S]*?```/g)) {
    const lines = block.split('\n').filter((line) => line.startsWith('$ '));
    const shown = await transcript(lines.map((line) => line.slice(2)));
    written = written.replace('\0', () => `\`\`\`console\n${shown}\`\`\``);
  }
  await expect(written).toMatchFileSnapshot(page);
});

/** The lines with what they print. A command that fails is followed by `echo $?`, so that the page tells its code. */
async function transcript(lines: readonly string[]): Promise<string> {
  let [shown, code] = ['', 0];
  for (const [index, line] of lines.entries()) {
    if (line === 'echo $?') {
      shown += `$ ${line}\n${code}\n`;
      continue;
    }
    const [, name, value] = /^export (\w+)=(\w+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env = { ...env, [name]: value };
    const ended = await shell(line);
    code = ended.code;
    expect(code === 0 || lines[index + 1] === 'echo $?', `${line}\nended with ${code}: ${ended.stderr}`).toBe(true);
    // What fails has no result.
    if (code !== 0) expect(ended.stdout, line).toBe('');
    shown += `${index === 0 ? '' : '\n'}$ ${line}\n${ended.stdout}${ended.stderr}`;
  }
  return shown;
}
