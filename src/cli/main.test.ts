import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended, fromRoot, start } from './started.test.fixture.ts';

const PETSTORE = fromRoot('test-specs/petstore.yaml');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('a command line that is wrong ends with 2 and says what was meant', () => {
  test.each([
    [['inspct', 'x.yaml'], "unknown command 'inspct'", 'Did you mean inspect?'],
    [['run', 'x.yaml', '--prot', '1'], "unknown option '--prot'", 'Did you mean --port?'],
    [['run', 'x.yaml', '--port', 'x'], "'--port <number>'", 'Give a whole number from 0 to 65535.'],
    [['run'], 'No target given', 'Pass an OpenAPI document'],
    [['run', '-'], 'cannot be read from stdin', '--transport http'],
    [['run', PETSTORE, '--header', 'no colon'], '--header', "'Name: value'"],
    [['run', PETSTORE, '--server-var', 'eu'], '--server-var', 'name=value'],
    [['run', PETSTORE, '--passphrase', 'missing.txt'], '--passphrase: "missing.txt" cannot be read', 'ENOENT'],
    [['inspect', PETSTORE, '--include', 'tag'], 'tag', 'is invalid'],
    [['run', PETSTORE, '--include', 'tag:fish'], 'exclude 8 of 8 operations', '--include'],
    [['run', PETSTORE, '--server', '7'], 'Unknown server "7"', 'https://staging.petshop.example/v1'],
  ])('%j', async (args, problem, fix) => {
    const { code, stdout, stderr } = await ended(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(stderr).toContain(fix);
  });

  test('an --env-file that cannot be read is named', async () => {
    const { code, stdout, stderr } = await ended(['run', PETSTORE, '--env-file', 'missing.env']);
    // Node 20 looks for --env-file itself, wherever it stands, and ends with 9 before our first line.
    expect([2, 9]).toContain(code);
    expect(stdout).toBe('');
    expect(stderr).toContain('missing.env');
  });

  test('without a command the help goes to stderr', async () => {
    const { code, stdout, stderr } = await ended([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: openapi-mcp');
  });
});

describe('an unusable document exits with 1, and prints nothing on stdout', () => {
  const documents = [
    { name: 'missing.yaml', says: 'missing.yaml' },
    { name: 'text.yaml', text: 'just words', says: 'text.yaml' },
    { name: 'other.json', text: '{"name":"no OpenAPI"}', says: 'other.json' },
    { name: 'broken.json', text: '{"openapi":"3.1.0", "info": {"title', says: 'broken.json' },
    { name: 'hooks.yaml', text: 'openapi: 3.1.0\ninfo: {title: E, version: "1"}\nwebhooks: {}', says: 'operations' },
  ];
  for (const command of ['run', 'inspect']) {
    test.each(documents)(`${command} $name`, async ({ name, text, says }) => {
      const path = text === undefined ? join(folder, name) : write(name, text);
      const { code, stdout, stderr } = await ended([command, path]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: /);
      expect(stderr).toContain(says);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  }

  test('inspect rejects an empty list of paths; run serves it with a notice', async () => {
    const path = write('empty.yaml', 'openapi: 3.1.0\ninfo: {title: E, version: "1"}\npaths: {}');
    expect(await ended(['inspect', path])).toMatchObject({ code: 1, stdout: '' });
    const { code, stdout, stderr } = await ended(['run', path]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('"paths" is empty');
  });

  test('3 where it cannot be fetched', async () => {
    const { code, stdout, stderr } = await ended(['inspect', 'http://127.0.0.1:9/openapi.yaml']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('http://127.0.0.1:9/openapi.yaml');
  });
});

describe('a broken operation is skipped and named with its pointer', () => {
  const BROKEN = `openapi: 3.1.0
info: {title: Broken, version: "1"}
servers: [{url: https://api.example}]
paths:
  /good: {get: {responses: {}}}
  /bad: {get: 5}
`;

  test('on stderr when run starts', async () => {
    const { code, stderr } = await ended(['run', write('broken.yaml', BROKEN)]);
    expect(code).toBe(0);
    expect(stderr).toContain('1 operation: 1 tool');
    expect(stderr).toContain('not served: #/paths/~1bad/get  An operation must be an object');
  });

  test('by inspect, which does not fail for it', async () => {
    const { code, stdout } = await ended(['inspect', write('broken.yaml', BROKEN), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).problems).toMatchObject([{ code: 'BAD_OPERATION', pointer: '#/paths/~1bad/get' }]);
  });
});

describe('inspect', () => {
  test('shows tools, resources and totals as JSON', async () => {
    const { code, stdout, stderr } = await ended(['inspect', PETSTORE, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { tools, totals, resourceTemplates } = JSON.parse(stdout);
    expect(totals).toMatchObject({ operations: 8, tools: 8, resources: 1, resourceTemplates: 3 });
    const sum = tools.reduce((total: number, { tokens }: { tokens: { model: number } }) => total + tokens.model, 0);
    expect(totals.tokens).toMatchObject({ counted: 'estimate', total: { model: sum } });
    expect(tools[0]).toMatchObject({ name: 'listPets', method: 'GET', path: '/pets', pointer: '#/paths/~1pets/get' });
    expect(resourceTemplates[1].uri).toContain('{petId}');
  });

  test('prints plain text without colours if there is no terminal', async () => {
    const { code, stdout } = await ended(['inspect', PETSTORE]);
    expect(code).toBe(0);
    expect(stdout).toContain('8 operations: 8 tools, 1 resource, 3 resource templates');
    expect(stdout).not.toContain('\u001b');
  });

  test('counts what filters leave out', async () => {
    const { stdout } = await ended(['inspect', PETSTORE, '--json', '--read-only']);
    expect(JSON.parse(stdout).totals).toMatchObject({ found: 8, filtered: 5, operations: 3, tools: 3 });
  });

  test('reads the document from stdin', async () => {
    const text = 'openapi: 3.1.0\ninfo: {title: S, version: "1"}\npaths: {/a: {get: {responses: {}}}}';
    const { code, stdout } = await ended(['inspect', '-', '--json'], { stdin: text });
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tools).toHaveLength(1);
  });

  test('ends quietly when its reader goes away', async () => {
    const started = start(['inspect', PETSTORE]);
    started.stdout.destroy();
    const { stderr } = await started.ended;
    expect(stderr).toBe('');
  });
});

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

describe('run over stdio', () => {
  const SECRET = 'pet-secret-1';

  test('keeps stdout for the protocol, reports on stderr, and ends with its input', async () => {
    const messages = [
      INITIALIZE,
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'tools/list' },
    ];
    const stdin = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
    const { code, stdout, stderr } = await ended(['run', PETSTORE], { stdin, env: { API_KEY_SHOP_KEY: SECRET } });
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ id }) => id)).toEqual([1, 2]);
    expect(answers[1].result.tools).toHaveLength(9);
    expect(code).toBe(0);
    expect(stderr).toContain('8 operations: 8 tools, 1 resource, 3 resource templates');
    expect(stderr).toContain('credential shop_key (API key in header X-Shop-Key): found');
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test('says nothing with --quiet', async () => {
    const { code, stdout, stderr } = await ended(['run', PETSTORE, '--quiet']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('reports as JSON on stderr with --json', async () => {
    const { stdout, stderr } = await ended(['run', PETSTORE, '--json']);
    expect(stdout).toBe('');
    const report = JSON.parse(stderr);
    expect(report).toMatchObject({ title: 'Pet shop', operations: 8, serverUrl: 'https://api.petshop.example/v1' });
    expect(report.credentials).toEqual([
      {
        scheme: 'shop_key',
        kind: 'API key in header X-Shop-Key',
        variables: ['API_KEY_SHOP_KEY'],
        alternatives: [['API_KEY_SHOP_KEY']],
        found: false,
        set: [],
      },
    ]);
  });

  test('with --dry-run the report is the result, and names what is missing', async () => {
    const { code, stdout, stderr } = await ended(['run', PETSTORE, '--dry-run']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('credential shop_key (API key in header X-Shop-Key): missing, set API_KEY_SHOP_KEY');
  });

  test('a header that needs a variable which is not set ends with 4 and names it', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    const { code, stdout, stderr } = await ended(['run', PETSTORE, '--header', 'X-Team: ${TEAM_TOKEN}']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('TEAM_TOKEN');
  });

  test('takes variables from --env-file, and the environment wins', async () => {
    const file = write('some.env', `API_KEY_SHOP_KEY=${SECRET}\n`);
    const { stdout } = await ended(['run', PETSTORE, '--dry-run', '--env-file', file]);
    expect(stdout).toContain('credential shop_key (API key in header X-Shop-Key): found');
    const { stdout: empty } = await ended(['run', PETSTORE, '--dry-run', '--env-file', file], {
      env: { API_KEY_SHOP_KEY: '' },
    });
    expect(empty).toContain('missing');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('ends by itself at %s', async (signal) => {
    const started = start(['run', PETSTORE]);
    await started.said('requests go to');
    started.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
    await started.said('"id":1');
    started.kill(signal);
    expect((await started.ended).code).toBe(0);
  });

  test('the second signal does not wait for calls in flight', async () => {
    const slow = createServer(() => undefined);
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as AddressInfo;
    const started = start(['run', PETSTORE, '--base-url', `http://127.0.0.1:${port}`]);
    const reached = new Promise((resolve) => slow.once('request', resolve));
    started.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
    const call = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'listPets', arguments: {} } };
    started.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
    started.stdin.write(`${JSON.stringify(call)}\n`);
    await Promise.race([reached, started.ended]);
    // Two of one kind may arrive as one.
    started.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 100));
    started.kill('SIGINT');
    expect(await started.ended).toMatchObject({ code: 130 });
    slow.closeAllConnections();
    slow.close();
  });
});

describe('run over HTTP', () => {
  test('prints its URL, and drains on a signal', async () => {
    const started = start(['run', PETSTORE, '--transport', 'http', '--port', '0']);
    await started.said('Serving http://127.0.0.1:');
    started.kill('SIGTERM');
    const { code, stdout, stderr } = await started.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/Serving http:\/\/127\.0\.0\.1:\d+\/mcp/);
  });

  test('refuses to listen on a non-loopback address without a token', async () => {
    const { code, stderr } = await ended(['run', PETSTORE, '--transport', 'http', '--host', '0.0.0.0', '--port', '0']);
    expect(code).toBe(4);
    expect(stderr).toContain('OPENAPI_MCP_TOKEN');
  });

  test('takes a token that is empty for a mistake, on this machine too', async () => {
    const args = ['run', PETSTORE, '--transport', 'http', '--port', '0'];
    const { code, stderr } = await ended(args, { env: { OPENAPI_MCP_TOKEN: '' } });
    expect(code).toBe(4);
    expect(stderr).toContain('The token is empty.');
  });

  test('says that a port is taken, with 3', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await ended(['run', PETSTORE, '--transport', 'http', '--port', String(port)]);
    other.close();
    expect(code).toBe(3);
    expect(stderr).toContain(`Port ${port}`);
  });
});
