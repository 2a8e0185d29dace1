import { execFile, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { openApi } from 'openapi-mcp';
import { expect, vi } from 'vitest';
import { ended } from '../src/cli/started.test.fixture.ts';
import { startMockApi } from '../src/runtime/testing/mock-api.ts';

export const ROOT = join(import.meta.dirname, '..');

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which the commands of a page are run as a reader would, with `openapi-mcp` on the path. */
export interface PageShell {
  readonly folder: string;
  env: Readonly<Record<string, string>>;
  /** Where the page says that things are, and where they are. */
  readonly places: Map<string, string>;
  run(line: string): Promise<Ended>;
  /** Starts a server on a free port and waits until it responds. Its address is the host and port. */
  served(program: string, args: readonly string[]): Promise<string>;
  /** A text of the page, with real places; and the other way round. */
  real(text: string): string;
  shown(text: string): string;
  close(): Promise<void>;
}

/** How long something took, and when, is different each time. */
const timeless = (text: string): string =>
  text.replace(/\(\d+ ms\)/g, '(12 ms)').replace(/^< date: .*$/gm, '< date: Mon, 30 Nov 2026 12:00:00 GMT');

/** With `petstore.yaml`, `desk.ts` and `rex.png`, and a mock of the petstore at the place `localhost:3000`. */
export async function openPageShell(): Promise<PageShell> {
  // Within the package, so that modules find it by its name.
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'dist', 'commands-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = (name: string, command: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" ${command}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program('openapi-mcp', `"${ROOT}/dist/bin/openapi-mcp.js" "$@"`);
  // `npx some-mcp-server`: nothing is downloaded here.
  program('npx', `"${ROOT}/dist/bin/openapi-mcp.js" run "${ROOT}/docs/examples/desk.ts" --quiet`);
  copyFileSync(join(ROOT, 'test-specs', 'petstore.yaml'), join(folder, 'petstore.yaml'));
  copyFileSync(join(ROOT, 'docs', 'examples', 'desk.ts'), join(folder, 'desk.ts'));
  writeFileSync(join(folder, 'rex.png'), Buffer.from('89504e470d0a1a0a', 'hex'));

  const { model, provider } = await openApi(join(folder, 'petstore.yaml'), { cache: false, answerSchemas: 'all' });
  await provider.close();
  const api = await startMockApi(model);
  const places = new Map([['localhost:3000', new URL(api.url).host]]);
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true }), () => api.close()];
  const real = (text: string): string => [...places].reduce((all, [said, at]) => all.replaceAll(said, at), text);
  const shown = (text: string): string => [...places].reduce((all, [said, at]) => all.replaceAll(at, said), text);
  const shell: PageShell = {
    folder,
    places,
    env: {
      PATH: [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
      HOME: folder,
      XDG_CACHE_HOME: folder,
    },
    async run(line) {
      const { code, stdout, stderr } = await (ALONE.test(line)
        ? runAlone(shell, real(line))
        : inShell(shell, real(line)));
      return { code: Number(code), stdout: shown(stdout), stderr: timeless(shown(stderr)) };
    },
    async served(programFile, args) {
      const port = await freePort();
      const options = { cwd: folder, env: shell.env, stdio: 'ignore' } as const;
      const child = spawn(process.execPath, [programFile, ...args, String(port)], options);
      closers.push(() => child.kill());
      const host = `127.0.0.1:${port}`;
      await vi.waitFor(() => fetch(`http://${host}/`), { timeout: 15_000, interval: 100 });
      return host;
    },
    real,
    shown,
    async close() {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
  return shell;
}

/** One command, the output of which goes nowhere else. A module would be served as the command before left it. */
const ALONE = /^openapi-mcp (?!.*\.ts\b)[^|<>;&]*$/;

/** In the process that has loaded the program already, with the words that the shell makes of the line. */
async function runAlone(shell: PageShell, line: string): ReturnType<typeof ended> {
  const { stdout } = await inShell(shell, line.replace('openapi-mcp', String.raw`printf '%s\0'`));
  return ended(stdout.split('\0').slice(0, -1), { cwd: shell.folder, env: shell.env });
}

function inShell({ folder, env }: PageShell, line: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile('/bin/sh', ['-c', line], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.end();
  });
}

/** The lines with what they print. A command that fails is followed by `echo $?`, so that the page tells its code. */
export async function transcript(shell: PageShell, lines: readonly string[]): Promise<string> {
  let [shown, code] = ['', 0];
  for (const [index, line] of lines.entries()) {
    if (line === 'echo $?') {
      shown += `$ ${line}\n${code}\n`;
      continue;
    }
    const [, name, value] = /^export (\w+)=(\w+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) shell.env = { ...shell.env, [name]: value };
    const result = await shell.run(line);
    code = result.code;
    expect(code === 0 || lines[index + 1] === 'echo $?', `${line}\nended with ${code}: ${result.stderr}`).toBe(true);
    // What fails has no result, but differences and contradictions are one.
    if (code !== 0 && !/^openapi-mcp (?:diff|check)/.test(line)) expect(result.stdout, line).toBe('');
    shown += `${index === 0 ? '' : '\n'}$ ${line}\n${result.stdout}${result.stderr}`;
  }
  return shown;
}

/**
 * A page whose console blocks show what their commands print, with the output as it is now. Each `$ …` line is run in
 * the order of the page; `<!-- file name -->` before a block writes it to that file first.
 */
export async function pageAsRun(shell: PageShell, text: string): Promise<string> {
  for (const [, name = '', content = ''] of text.matchAll(/<!-- file (\S+) -->\n\n```\w+\n([\s\S]*?)```/g)) {
    writeFileSync(join(shell.folder, name), shell.real(content));
  }
  let written = text;
  for (const [block] of text.matchAll(CONSOLE_BLOCK)) written = written.replace(block, () => '\0');
  for (const [block] of text.matchAll(CONSOLE_BLOCK)) {
    const lines = block.split('\n').filter((line) => line.startsWith('$ '));
    const shown = await transcript(
      shell,
      lines.map((line) => line.slice(2)),
    );
    written = written.replace('\0', () => `\`\`\`console\n${shown}\`\`\``);
  }
  return written;
}

const CONSOLE_BLOCK = /```console\n[\s\S]*?```/g;

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
