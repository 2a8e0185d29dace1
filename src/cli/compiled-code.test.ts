import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { endedAlone, fromRoot, MAIN } from './started.test.fixture.ts';

// The built program keeps its compiled code in the user's cache folder.

const PETSTORE = fromRoot('test-specs/petstore.yaml');

let home: string;
let code: string;
let api: Server;
beforeAll(async () => {
  api = createServer((_, response) => response.setHeader('content-type', 'application/json').end('[]'));
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void api.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'openapi-mcp-code-'));
  code = join(home, 'openapi-mcp', 'code');
});
afterEach(() => rmSync(home, { recursive: true }));

const inspect = (env: Readonly<Record<string, string>> = {}) =>
  endedAlone(['inspect', PETSTORE, '--json', '--no-cache'], { env: { XDG_CACHE_HOME: home, ...env } });

/** The kept code, by file: when it was written. */
const kept = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    readdirSync(code)
      .filter((name) => name.endsWith('.v8'))
      .map((name) => [name, statSync(join(code, name)).mtimeMs]),
  );

test('the first run of a command keeps the code of its scripts, privately, and later runs use it', async () => {
  const first = await inspect();
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const written = kept();
  const scripts = ['document', 'shell', 'start'];
  expect(
    Object.keys(written)
      .map((name) => /^(\w+)-.+-inspect-[0-9a-f]+\.v8$/.exec(name)?.[1])
      .sort(),
  ).toEqual(scripts);
  if (process.platform !== 'win32') {
    expect(statSync(code).mode & 0o777).toBe(0o700);
    for (const name of Object.keys(written)) expect(statSync(join(code, name)).mode & 0o777).toBe(0o600);
  }
  expect(await inspect()).toEqual(first);
  // V8 rejects code that does not fit, which would have been replaced.
  expect(kept()).toEqual(written);
});

test('each command keeps its own', async () => {
  await inspect();
  const { code: exit } = await endedAlone(['--version'], { env: { XDG_CACHE_HOME: home } });
  expect(exit).toBe(0);
  expect(Object.keys(kept()).filter((name) => name.includes('-other-'))).toHaveLength(1);
});

test('damaged code is not executed, and replaced', async () => {
  const first = await inspect();
  for (const [index, name] of Object.keys(kept()).entries()) {
    const bytes = readFileSync(join(code, name));
    // In the middle, at its end, and everything.
    const damaged = [flipped(bytes, bytes.length >> 1), bytes.subarray(0, -9), Buffer.alloc(0)][index] ?? bytes;
    writeFileSync(join(code, name), damaged);
    utimesSync(join(code, name), 1, 1);
  }
  expect(await inspect()).toEqual(first);
  expect(Object.values(kept()).map((time) => time > 2_000)).toEqual([true, true, true]);
});

test.skipIf(process.platform === 'win32')('code that somebody else may have written is not executed', async () => {
  await inspect();
  const [name = ''] = Object.keys(kept());
  chmodSync(join(code, name), 0o666);
  utimesSync(join(code, name), 1, 1);
  expect((await inspect()).code).toBe(0);
  expect(kept()[name]).toBeGreaterThan(2_000);

  chmodSync(code, 0o777);
  const before = kept();
  for (const each of Object.keys(before)) rmSync(join(code, each));
  expect((await inspect()).code).toBe(0);
  expect(kept()).toEqual({});
});

test.skipIf(process.platform === 'win32')('a link in place of the folder is not followed', async () => {
  const elsewhere = join(home, 'elsewhere');
  mkdirSync(elsewhere, { mode: 0o700 });
  mkdirSync(join(home, 'openapi-mcp'));
  symlinkSync(elsewhere, code);
  expect((await inspect()).code).toBe(0);
  expect(readdirSync(elsewhere)).toEqual([]);
});

test('NODE_DISABLE_COMPILE_CACHE=1 keeps nothing, nor does a command that fails, or a folder that cannot be made', async () => {
  expect((await inspect({ NODE_DISABLE_COMPILE_CACHE: '1' })).code).toBe(0);
  const failed = await endedAlone(['inspect', join(home, 'missing.yaml')], { env: { XDG_CACHE_HOME: home } });
  expect(failed.code).toBe(1);
  expect(readdirSync(home).includes('openapi-mcp') ? kept() : {}).toEqual({});

  const file = join(home, 'file');
  writeFileSync(file, '');
  expect(await inspect({ XDG_CACHE_HOME: file })).toMatchObject({ code: 0, stderr: '' });
});

test('code from long ago and interrupted writes are removed, other files are not', async () => {
  mkdirSync(code, { recursive: true, mode: 0o700 });
  const old = ['start-Old12345-run-1a2b3c4d.v8', 'start-New12345-run-1a2b3c4d.v8.0123456789abcdef.tmp', 'notes.txt'];
  for (const name of old) {
    writeFileSync(join(code, name), '');
    utimesSync(join(code, name), 1, 1);
  }
  writeFileSync(join(code, 'start-Other123-run-1a2b3c4d.v8'), '');
  await inspect();
  const names = readdirSync(code);
  expect(old.filter((name) => names.includes(name))).toEqual(['notes.txt']);
  expect(names).toContain('start-Other123-run-1a2b3c4d.v8');
});

test('a server that was called at once keeps code that its next start accepts', async () => {
  const { port } = api.address() as AddressInfo;
  const serveOnce = async () => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    const args = [MAIN, 'run', PETSTORE, '--base-url', `http://127.0.0.1:${port}`, '--quiet', '--no-cache'];
    const env = { PATH: process.env.PATH ?? '', XDG_CACHE_HOME: home };
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env }));
    // The engine has other settings from here on.
    expect((await client.callTool({ name: 'listPets', arguments: {} })).isError).not.toBe(true);
    await client.close();
  };
  await serveOnce();
  const written = kept();
  expect(Object.keys(written).filter((name) => name.includes('-run-'))).toHaveLength(3);
  await serveOnce();
  expect(kept()).toEqual(written);
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}
