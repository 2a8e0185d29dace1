import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endedWithBytes, fromRoot, start as startProcess } from '../started.test.fixture.ts';

// docs/commands.md is a transcript of the rest.
const CHILD = fromRoot('src/runtime/compose/fixtures/child-server.mjs');

let folder: string;
let api: { url: string; hanging: () => number; aborted: () => number };
const cleanups: (() => unknown)[] = [];
afterAll(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-call-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  let [hanging, aborted] = [0, 0];
  const server = createServer((request, response) => {
    const [, status = ''] = /^\/status\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (status) response.writeHead(Number(status), { 'content-type': 'text/plain' }).end('said no');
    else if (request.url === '/photo') response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
    else if (request.url === '/report') response.writeHead(200, { 'content-type': 'application/pdf' }).end(PDF);
    else if (request.url === '/big')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":12345678901234567890}');
    else if (request.url === '/rows')
      response.writeHead(200, { 'content-type': 'application/json', link: '</rows?page=2>; rel="next"' }).end(ROWS);
    else if (request.url === '/broken') response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":');
    else if (request.url === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Sign in</p>');
    else if (request.url === '/unfit')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"x"}');
    else if (request.url === '/huge')
      response.writeHead(200, { 'content-type': 'text/plain' }).end('x'.repeat(20_000_001));
    else {
      hanging++;
      request.on('close', () => aborted++);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  api = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hanging: () => hanging,
    aborted: () => aborted,
  };
  const operation = (path: string, operationId: string, parameters: unknown[] = []) => ({
    [path]: { get: { operationId, parameters, responses: { 200: { description: 'ok' } } } },
  });
  const pet = { type: 'object', properties: { id: { type: 'integer' } } };
  const ofJson = (path: string, operationId: string) => ({
    [path]: {
      get: { operationId, responses: { 200: { description: 'ok', content: { 'application/json': { schema: pet } } } } },
    },
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
      ...operation('/rows', 'rows'),
      ...operation('/huge', 'huge'),
      ...ofJson('/broken', 'broken'),
      ...ofJson('/page', 'page'),
      ...ofJson('/unfit', 'unfit'),
    },
  };
  writeFileSync(join(folder, 'odd.json'), JSON.stringify(document));
});

const ROWS = JSON.stringify(
  Array.from({ length: 20_000 }, (_, id) => ({ id, name: `row number ${id}` })),
  null,
  2,
);
const PNG = Buffer.from('89504e470d0a1a0a00ff', 'hex');
const PDF = Buffer.from('255044462d00ff', 'hex');

const here = () => ({ cwd: folder, env: { HOME: folder, XDG_CACHE_HOME: folder } });
const start = (...args: readonly string[]) => {
  const started = startProcess(args, here());
  started.stdin.end();
  return started;
};
const ended = (...args: readonly string[]) => endedWithBytes(args, here());

describe('the exit code reflects the outcome of a call', () => {
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
    [['call', '--', process.execPath, CHILD], 2, 'No tool given.'],
    [['call'], 2, 'No target and no tool given.'],
    [['list', 'odd.json', 'photo', 'report'], 2, 'is an extra argument'],
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

describe('the request of a call', () => {
  test('--curl prints it, with the exact digits of the arguments, and sends nothing', async () => {
    const before = api.hanging();
    const { code, stdout, stderr } = await ended('call', 'odd.json', 'hang', '--curl');
    expect({ code, stdout: stdout.toString(), stderr }).toMatchObject({ code: 0, stderr: '' });
    expect(stdout.toString()).toMatch(/^curl 'http:\/\/127\.0\.0\.1:\d+\/hang' \\\n/);
    expect(api.hanging()).toBe(before);
  });

  test('--curl --json prints it as data', async () => {
    const { stdout } = await ended('call', 'odd.json', 'status', 'code=500', '--curl', '--json');
    expect(JSON.parse(stdout.toString())).toMatchObject({ method: 'GET', url: `${api.url}/status/500` });
  });

  test.each([
    [['call', 'odd.json', 'status', '--curl'], 2, 'code: is required'],
    [['call', 'odd.json', 'status', 'code=..', '--curl'], 2, 'UNSAFE_ARGUMENT'],
    [['call', 'echo', 'text=hi', '--curl', '--', process.execPath, CHILD], 2, 'this server runs elsewhere'],
  ])('%j ends with %i', async (args, code, says) => {
    const outcome = await ended(...args);
    expect({ code: outcome.code, stdout: outcome.stdout.toString() }).toEqual({ code, stdout: '' });
    expect(outcome.stderr).toContain(says);
  });

  test('--trace prints requests and heads of responses, without secrets', async () => {
    const secret = ['--header', 'Authorization: Bearer open-sesame'];
    const { code, stderr } = await ended('call', 'odd.json', 'status', 'code=500', '--trace', ...secret);
    expect(code).toBe(5);
    expect(stderr).toContain(`> GET ${api.url}/status/500\n`);
    expect(stderr).toContain('> Authorization: [credential]\n');
    expect(stderr).toMatch(/^< 500 Internal Server Error \(\d+ ms\)$/m);
    expect(stderr).not.toContain('open-sesame');
  });

  test('--trace prints the requests of a read, and says so if they are made elsewhere', async () => {
    const { stderr } = await ended('read', 'odd.json', 'api://odd/photo', '--trace');
    expect(stderr).toContain(`> GET ${api.url}/photo\n`);
    const elsewhere = await ended('call', 'echo', 'text=hi', '--trace', '--', process.execPath, CHILD);
    expect(elsewhere.stderr).toContain('its requests to APIs are not shown.');
  });
});

describe('explain', () => {
  test.each([
    [['explain', 'http_status'], 0, 'HTTP_STATUS (error of a call)', ''],
    [['explain', 'HTTP_STATE'], 2, '', 'There is no code "HTTP_STATE". Did you mean HTTP_STATUS?'],
  ])('%j ends with %i', async (args, code, out, says) => {
    const outcome = await ended(...args);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout.toString()).toContain(out);
    expect(outcome.stderr).toContain(says);
  });

  test('without a code it lists all, also as JSON', async () => {
    const { stdout } = await ended('explain', '--json');
    const codes = JSON.parse(stdout.toString()).map(({ code }: { code: string }) => code);
    expect(codes).toEqual(expect.arrayContaining(['TIMEOUT', 'UNRESOLVED_REF', 'missing-description']));
    expect((await ended('explain')).stdout.toString()).toContain('TIMEOUT');
  });
});

describe('an interruption', () => {
  test('cancels the call at the API, and ends with 130', async () => {
    await expect.poll(api.aborted).toBe(api.hanging());
    const before = api.aborted();
    const started = start('call', 'odd.json', 'hang');
    await expect.poll(api.hanging, { timeout: 10_000 }).toBe(before + 1);
    started.kill('SIGINT');
    const { code, stderr } = await started.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted. The call was cancelled on the server.\n' });
    await expect.poll(api.aborted).toBe(before + 1);
  });

  test('ends a command that waits for its server, too', async () => {
    const ready = join(folder, 'started');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(ready)}, ''); setTimeout(() => {}, 8000)`;
    const started = start('list', '--', process.execPath, '-e', script);
    await expect.poll(() => existsSync(ready), { timeout: 10_000 }).toBe(true);
    started.kill('SIGINT');
    const { code, stderr } = await started.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'Interrupted.\n' });
  });
});

describe('files', () => {
  test('a single one goes to a pipe unchanged', async () => {
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

describe('an answer', () => {
  test('is complete at any size, and notes about it stay off stdout', async () => {
    const { code, stdout, stderr } = await ended('call', 'odd.json', 'rows');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Link: </rows?page=2>; rel="next"\n' });
    expect(stdout.toString()).toBe(`${ROWS}\n`);
    expect((await ended('call', 'odd.json', 'rows', '--out', 'rows.json')).code).toBe(0);
    expect(readFileSync(join(folder, 'rows.json'), 'utf8')).toBe(`${ROWS}\n`);
  });

  test('is cut on request, stays JSON, and the cut is reported', async () => {
    const { code, stdout, stderr } = await ended('call', 'odd.json', 'rows', '--max-result', '20000');
    expect(code).toBe(0);
    expect(stderr).toContain('The response was cut to fit 20,000 bytes');
    expect(JSON.parse(stdout.toString()).length).toBeLessThan(1000);
  });

  test.each([
    ['huge', 'larger than 20,000,000 bytes; only the beginning was read'],
    ['broken', 'The response is declared as application/json, but it is not JSON.'],
    ['page', 'The document declares application/json, but the response is text/html.'],
    ['unfit', 'do not match the output schema'],
  ])('that does not match the document is printed unchanged, with exit code 1: %s', async (name, says) => {
    const { code, stdout, stderr } = await ended('call', 'odd.json', name);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    const came: Record<string, string> = {
      broken: '{"id":\n',
      page: '<p>Sign in</p>\n',
      unfit: '{\n  "id": "x"\n}\n',
      huge: `${'x'.repeat(20_000_000)}\n`,
    };
    expect(stdout.toString() === came[name]).toBe(true);
  });

  test.each(['broken', 'page'])('that is not what it should be ends a read with 1, too: %s', async (name) => {
    const { code, stdout } = await ended('read', 'odd.json', `api://odd/${name}`);
    expect({ code, lines: stdout.toString().split('\n').length }).toEqual({ code: 1, lines: 2 });
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

test('variables in the configuration of an MCP client are filled in, except for disabled servers', async () => {
  const entry = { command: `\${env:NO_NODE:-${process.execPath}}`, args: [CHILD] };
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as clients write them
  const off = { disabled: true, url: '${NOWHERE}' };
  writeFileSync(join(folder, 'filled.mcp.json'), JSON.stringify({ mcpServers: { child: entry, off } }));
  expect((await ended('call', 'filled.mcp.json', 'child_echo', 'text=hi')).stdout.toString()).toBe('hi\n');
  writeFileSync(join(folder, 'missing.mcp.json'), JSON.stringify({ servers: { it: { ...off, disabled: false } } }));
  const { code, stderr } = await ended('list', 'missing.mcp.json');
  expect(code).toBe(4);
  expect(stderr).toContain('"it" in missing.mcp.json needs the variable NOWHERE, which is not set.');
});

describe('servers that are down', () => {
  test('are reported once, and named if an unknown tool may be theirs', async () => {
    const servers = { gone: { url: 'http://127.0.0.1:2/mcp' }, child: { command: process.execPath, args: [CHILD] } };
    writeFileSync(join(folder, 'gone.mcp.json'), JSON.stringify({ mcpServers: servers }));
    const listed = await ended('list', 'gone.mcp.json');
    expect(listed.code).toBe(0);
    expect(listed.stderr).toBe(
      'error: "gone" cannot be listed: The MCP server "gone" is not available: fetch failed (connect ECONNREFUSED 127.0.0.1:2).\n',
    );
    const { code, stderr } = await ended('call', 'gone.mcp.json', 'gone_x');
    expect(code).toBe(3);
    expect(stderr).toContain('There is no tool "gone_x" on the servers that responded, and "gone" did not respond.');
    expect((await ended('call', 'gone.mcp.json', 'child_ech')).code).toBe(1);
  });

  test('are named without what is secret in their URL', async () => {
    const { code, stderr } = await ended(
      'list',
      'mcp+http://user:hunter2secret@127.0.0.1:2/mcp?api_key=topsecret',
      'x',
    );
    expect(code).toBe(3);
    expect(stderr).toContain('Cannot connect to http://127.0.0.1:2/mcp');
    expect(stderr).not.toMatch(/secret/);
  });

  test('are distinguished from those that reject a credential', async () => {
    const url = `mcp+${api.url}/status/401`;
    expect((await ended('list', url)).stderr).toContain('Or pass a token: --auth');
    const { code, stderr } = await ended('list', url, '--header', 'Authorization: Bearer wrong');
    expect(code).toBe(4);
    expect(stderr).toContain('the server rejected the credential');
  });
});

describe('a command that never responds', () => {
  /** How many processes have this one's command line. */
  const left = (mark: string) =>
    readdirSync('/proc').filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    }).length;
  const marked = (mark: string) => ['--', process.execPath, '-e', `"${mark}"; setInterval(() => {}, 1000)`];

  test.runIf(process.platform === 'linux')('is given up in time, and ended', async () => {
    const { code, stderr } = await ended('list', '--timeout', '1', ...marked('silent-one'));
    expect(code).toBe(3);
    expect(stderr).toContain('no response in 1 s');
    expect(left('silent-one')).toBe(0);
  });

  test.runIf(process.platform === 'linux')('is ended with the command that is interrupted', async () => {
    const started = start('list', ...marked('silent-two'));
    await expect.poll(() => left('silent-two'), { timeout: 10_000 }).toBeGreaterThan(1);
    started.kill('SIGTERM');
    expect((await started.ended).code).toBe(130);
    expect(left('silent-two')).toBe(0);
  });
});

describe('--json', () => {
  test.each([
    [['call', 'odd.json', 'nope'], 1],
    [['list', 'mcp+http://127.0.0.1:2/mcp'], 3],
    [['inspect', 'nope.yaml'], 1],
    [['lint', 'nope.yaml'], 1],
    [['generate', 'nope.yaml', '--out', 'project'], 1],
    [['run', 'nope.yaml', '--dry-run'], 1],
    [['call', 'odd.json', 'rows', '--nope'], 2],
  ])('also reports errors on stdout: %j', async (args, exit) => {
    const { code, stdout, stderr } = await ended(...args, '--json');
    expect(code).toBe(exit);
    const { error } = JSON.parse(stdout.toString());
    expect(error).toEqual({ message: expect.any(String), fix: error.fix, exit });
    expect(stderr).toContain(error.message);
  });

  test('leaves stdout to the protocol where a server would speak', async () => {
    const { code, stdout, stderr } = await ended('run', 'nope.yaml', '--json');
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ error: { exit: 1 } });
  });
});

test('a server URL without mcp+ gets a hint how to write it', async () => {
  const { code, stderr } = await ended('list', `${api.url}/status/405`);
  expect(code).toBe(3);
  expect(stderr).toContain(`For an MCP server write mcp+${api.url}/status/405`);
});
