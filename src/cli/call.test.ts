import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// The built program, started as a user does; docs/commands.md is a transcript of the rest.
const root = join(import.meta.dirname, '..', '..');
const MAIN = join(root, 'dist/bin/openapi-mcp.js');
const CHILD = join(root, 'src/runtime/compose/fixtures/child-server.mjs');

let folder: string;
let api: { url: string; aborted: () => number };
const cleanups: (() => unknown)[] = [];
afterAll(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

beforeAll(async () => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  folder = mkdtempSync(join(root, 'dist', 'call-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  let aborted = 0;
  const server = createServer((request, response) => {
    const [, status = ''] = /^\/status\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (status) response.writeHead(Number(status), { 'content-type': 'text/plain' }).end('said no');
    else if (request.url === '/photo') response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
    else if (request.url === '/report') response.writeHead(200, { 'content-type': 'application/pdf' }).end(PDF);
    else if (request.url === '/big')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":12345678901234567890}');
    else request.on('close', () => aborted++);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  api = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, aborted: () => aborted };
  const operation = (path: string, operationId: string, parameters: unknown[] = []) => ({
    [path]: { get: { operationId, parameters, responses: { 200: { description: 'ok' } } } },
  });
  const status = { name: 'code', in: 'path', required: true, schema: { type: 'string' } };
  const document = {
    openapi: '3.1.1',
    info: { title: 'Odd', version: '1' },
    servers: [{ url: api.url }],
    paths: {
      ...operation('/status/{code}', 'status', [status]),
      ...operation('/photo', 'photo'),
      ...operation('/report', 'report'),
      ...operation('/big', 'big'),
      ...operation('/hang', 'hang'),
    },
  };
  writeFileSync(join(folder, 'odd.json'), JSON.stringify(document));
});

const PNG = Buffer.from('89504e470d0a1a0a00ff', 'hex');
const PDF = Buffer.from('255044462d00ff', 'hex');

interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function start(...args: string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: folder },
  });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.end();
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(stdout), stderr })),
  );
  return { ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}
const ended = (...args: string[]) => start(...args).ended;

describe('the exit code tells what became of a call', () => {
  test.each([
    [['call', 'odd.json', 'status', 'code=401'], 4, '401 Unauthorized'],
    [['call', 'odd.json', 'status', 'code=500'], 5, '500 Internal Server Error'],
    [['call', 'odd.json', 'status', 'code=..'], 2, 'UNSAFE_ARGUMENT'],
    [['read', 'odd.json', 'api://odd/status/403'], 4, '403 Forbidden'],
    [['read', 'odd.json', 'api://odd/status/404'], 5, '404 Not Found'],
    [['call', 'odd.json', 'hang', '--timeout', '0.2'], 3, 'TIMEOUT'],
    [['call', 'fail', '--', process.execPath, CHILD], 5, 'out of paper'],
    [['call', 'crash', '--', process.execPath, CHILD], 3, 'was lost during the tool "crash"'],
    [
      ['call', 'echo', 'txt=hi', '--', process.execPath, CHILD],
      2,
      'txt: is not a known argument. Did you mean "text"?',
    ],
    [['call', '--', process.execPath, CHILD], 2, 'Say which tool.'],
    [['call'], 2, 'Say what to open, and which tool.'],
    [['list', 'odd.json', 'photo', 'report'], 2, 'one word too many'],
    [['list', 'odd.json', 'phot'], 1, 'Did you mean "photo"?'],
    [['call', 'odd.json', 'photo', '--args', '[]'], 2, '--args is not a JSON object'],
  ])('%j ends with %i', async (args, code, says) => {
    const outcome = await ended(...args);
    expect(outcome.stderr).toContain(says);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect({ code: outcome.code, stdout: outcome.stdout.toString() }).toEqual({ code, stdout: '' });
  });

  test('a failed call is still printed whole with --json', async () => {
    const { code, stdout, stderr } = await ended('call', 'odd.json', 'status', 'code=500', '--json');
    expect({ code, stderr }).toEqual({ code: 5, stderr: '' });
    expect(JSON.parse(stdout.toString())).toMatchObject({
      isError: true,
      _meta: { 'openapi-mcp/http': { status: 500 } },
    });
  });
});

describe('an interruption', () => {
  test('cancels the call at the API, and ends with 130', async () => {
    const before = api.aborted();
    const started = start('call', 'odd.json', 'hang');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    started.kill('SIGINT');
    const { code, stderr } = await started.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted: the server was told to stop.\n' });
    await expect.poll(api.aborted).toBe(before + 1);
  });

  test('ends a command that waits for its server, too', async () => {
    const started = start('list', '--', process.execPath, '-e', 'setTimeout(() => {}, 8000)');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    started.kill('SIGINT');
    const { code, stderr } = await started.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted.\n' });
  });
});

describe('files', () => {
  test('a single one goes to a pipe as it is', async () => {
    const { stdout } = await ended('call', 'odd.json', 'photo');
    expect(stdout).toEqual(PNG);
    expect((await ended('read', 'odd.json', 'api://odd/photo')).stdout).toEqual(PNG);
  });

  test('go into a folder by the names that were given', async () => {
    const { code, stderr } = await ended('call', 'odd.json', 'report', '--out', 'got/');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'wrote got/answer.pdf (7 bytes)\n' });
    expect(readFileSync(join(folder, 'got/answer.pdf'))).toEqual(PDF);
  });
});

test('numbers keep the digits of the API', async () => {
  expect((await ended('call', 'odd.json', 'big')).stdout.toString()).toBe('{\n  "id": 12345678901234567890\n}\n');
});

test('the configuration of an MCP client is a target', async () => {
  const entry = { command: process.execPath, args: [CHILD] };
  writeFileSync(join(folder, 'mcp.json'), JSON.stringify({ mcpServers: { 'My child': entry } }));
  const { code, stdout } = await ended('call', 'mcp.json', 'my-child_echo', 'text=hi');
  expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: 'hi\n' });
});

test('a document that is a server is told how to be written', async () => {
  const { code, stderr } = await ended('list', `${api.url}/status/405`);
  expect(code).toBe(3);
  expect(stderr).toContain(`For an MCP server write mcp+${api.url}/status/405`);
});
