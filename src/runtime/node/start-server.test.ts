import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTokenIssuer } from '../serve/auth/token-issuer.test.fixture.ts';
import { loadEnvFile } from './start-server.ts';

// A program as emitted projects have it, of the built runtime, in a process of its own: it ends, and it has streams.
const built = (path: string) => new URL(`../../../dist/runtime/${path}`, import.meta.url).href;
const PROGRAM = (options: object) => `
import { startServer } from ${JSON.stringify(built('node/start-server.js'))};
import { createServer } from ${JSON.stringify(built('server.js'))};
const server = createServer({ name: 'started', version: '1.0.0' });
server.tool('ping', { description: 'Answers.' }, () => 'pong');
await startServer(server, ${JSON.stringify(options)});
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-start-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

interface Program {
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** The text in the first group, once it is said on stderr. */
  said(pattern: RegExp): Promise<string>;
  send(text: string): void;
  end(): void;
  kill(signal: NodeJS.Signals): void;
}

function start(args: readonly string[], { options = {}, env = {} }: { options?: object; env?: object } = {}): Program {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, PROGRAM(options));
  const started = spawn(process.execPath, [file, ...args], { env: { PATH: process.env.PATH, ...env } });
  child = started;
  let [stdout, stderr] = ['', ''];
  started.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  started.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return {
    ended: new Promise((resolve) => started.on('close', (code) => resolve({ code, stdout, stderr }))),
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(stderr)?.[1];
          if (found !== undefined) resolve(found);
        };
        started.stderr.on('data', look);
        started.on('close', () => reject(new Error(`It ended without saying ${pattern}: ${stderr}`)));
        look();
      }),
    send: (text) => started.stdin.write(text),
    end: () => started.stdin.end(),
    kill: (signal) => started.kill(signal),
  };
}

const SERVING = /Serving (\S+)/;
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

const initialize = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify(INITIALIZE),
  });

describe('the transport', () => {
  test('is stdio by default; the program exits with its client', async () => {
    const program = start([]);
    program.send(`${JSON.stringify(INITIALIZE)}\n`);
    program.end();
    const { code, stdout, stderr } = await program.ended;
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { serverInfo: { name: 'started' } } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('is the one of the program, unless the command line has another', async () => {
    const program = start(['--port', '0'], { options: { transport: 'http' } });
    expect(await program.said(SERVING)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const other = start(['--transport', 'stdio'], { options: { transport: 'http' } });
    other.end();
    expect(await other.ended).toMatchObject({ code: 0, stderr: '' });
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  });

  test('lists tools in the mode of the program, unless the command line has another', async () => {
    const listed = async (args: readonly string[], options: object) => {
      const program = start(args, { options });
      program.send(`${JSON.stringify(INITIALIZE)}\n`);
      program.send(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' })}\n`);
      program.end();
      const { code, stdout, stderr } = await program.ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const list = stdout.split('\n').find((line) => line.includes('"id":2')) ?? '{}';
      return JSON.parse(list).result.tools.map(({ name }: { name: string }) => name);
    };
    expect(await listed([], {})).toEqual(['ping']);
    const three = ['search_tools', 'describe_tools', 'call_tool'];
    expect(await listed([], { mode: 'search', pinned: ['ping'] })).toEqual([...three, 'ping']);
    expect(await listed(['--mode', 'search'], {})).toEqual(three);
    expect(await listed(['--mode', 'tools'], { mode: 'search' })).toEqual(['ping']);
  });

  test.each([
    [['--mode', 'serch'], 'mode'],
    [['--mode', 'search', '--budget', '1'], 'No mode fits'],
    [['--budget', 'x', '--mode', 'compact'], 'budget'],
  ])('%j ends with 2 and says why', async (args, message) => {
    const { code, stderr } = await start(args).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('over HTTP has the path that is given, and a health check', async () => {
    const url = await start(['--transport', 'http', '--port', '0', '--path', '/tools']).said(SERVING);
    expect(new URL(url).pathname).toBe('/tools');
    expect((await initialize(url)).status).toBe(200);
    expect((await fetch(new URL('/healthz', url))).status).toBe(200);
  });
});

describe('the token', () => {
  test('must be sent if the environment has one', async () => {
    const program = start(['--transport', 'http', '--port', '0'], {
      env: { OPENAPI_MCP_TOKEN: 'a-long-secret-token' },
    });
    const url = await program.said(SERVING);
    expect((await initialize(url)).status).toBe(401);
    expect((await initialize(url, { authorization: 'Bearer another' })).status).toBe(401);
    expect((await initialize(url, { authorization: 'Bearer a-long-secret-token' })).status).toBe(200);
  });

  test.each([
    ['no token', {}],
    ['an empty one', { OPENAPI_MCP_TOKEN: '' }],
  ])('with %s it does not listen on other addresses, unless allowed explicitly', async (_, env) => {
    const args = ['--transport', 'http', '--port', '0', '--host', '0.0.0.0'];
    const refused = await start(args, { env }).ended;
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^error: .*token/i);
    expect(await start([...args, '--insecure'], { env }).said(SERVING)).toContain('http://');
  });
});

describe('who may call', () => {
  const AUDIENCE = 'https://mcp.example.com/mcp';

  test.each(['flags', 'variables'] as const)('is what an identity provider says, named by %s', async (by) => {
    const issuer = await startTokenIssuer({ audience: AUDIENCE });
    const http = ['--transport', 'http', '--port', '0'];
    const program =
      by === 'flags'
        ? start([...http, '--auth', issuer.issuer, '--audience', AUDIENCE, '--required-scope', 'read'])
        : start(http, {
            env: {
              OPENAPI_MCP_AUTH: issuer.issuer,
              OPENAPI_MCP_PUBLIC_URL: AUDIENCE,
              OPENAPI_MCP_REQUIRED_SCOPES: 'read',
            },
          });
    const url = await program.said(SERVING);
    const withToken = async (claims: object) =>
      (await initialize(url, { authorization: `Bearer ${await issuer.token({ ...claims })}` })).status;
    expect((await initialize(url)).status).toBe(401);
    expect(await withToken({})).toBe(200);
    expect(await withToken({ scope: 'write' })).toBe(403);
    expect(await withToken({ aud: 'https://other.example' })).toBe(401);
    await issuer.close();
  });

  test('an issuer that is not there ends the start with the reason', async () => {
    const { code, stderr } = await start(['--transport', 'http', '--port', '0', '--auth', 'http://127.0.0.1:9']).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('No discovery document of the issuer http://127.0.0.1:9 could be read');
  });
});

test.each([
  { given: ['--transport', 'http', '--port', 'eighty'], want: 'error: "eighty" is not a valid port.' },
  { given: ['--transport', 'http', '--port', '65536'], want: 'error: "65536" is not a valid port.' },
  { given: ['--transport', 'http', '--port', '-1'], want: 'error: ' },
  { given: ['--transport', 'sse'], want: 'error: Unknown transport "sse". Options: --transport stdio|http' },
  { given: ['--verbose'], want: "error: Unknown option '--verbose'" },
  { given: ['extra'], want: 'error: Unexpected argument' },
])('$given is reported as an error, and nothing is served', async ({ given, want }) => {
  const { code, stdout, stderr } = await start(given).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(want);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('--help lists the options, and serves nothing', async () => {
  const { code, stdout } = await start(['--help']).ended;
  expect(code).toBe(0);
  expect(stdout).toContain('--allowed-host');
});

test('variables of an .env file are set, except those that are already set', () => {
  const file = join(folder, '.env');
  writeFileSync(file, 'START_TEST_NEW="from the file"\nSTART_TEST_OLD=from the file\n');
  process.env.START_TEST_OLD = 'from before';
  loadEnvFile(pathToFileURL(file));
  loadEnvFile(pathToFileURL(join(folder, 'missing.env')));
  expect([process.env.START_TEST_NEW, process.env.START_TEST_OLD]).toEqual(['from the file', 'from before']);
  delete process.env.START_TEST_NEW;
  delete process.env.START_TEST_OLD;
});
