import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type McpClient } from '../client/index.ts';
import { openApi } from '../proxy.ts';
import { type MockApi, startMockApi } from '../runtime/testing/mock-api.ts';
import { ended, endedAlone, fromRoot, MAIN, start } from './started.test.fixture.ts';

// What `run` and `inspect` take besides one document, as a user would try it.

const PETSTORE = fromRoot('test-specs/petstore.yaml');
const SHAPES = fromRoot('test-specs/schema-shapes.yaml');

let folder: string;
let api: MockApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-run-'));
  const { model, provider } = await openApi(PETSTORE, { cache: false, answerSchemas: 'all' });
  await provider.close();
  api = await startMockApi(model);
  write('helper.ts', "export const greet = (name: string): string => 'Hello ' + name;\n");
  write(
    'server.ts',
    `import { createServer } from 'openapi-mcp';
     import type { Context } from 'openapi-mcp/runtime';
     import { greet } from './helper.ts';
     enum Tone { Calm = 'calm' }
     const server = createServer({ name: 'hand-made', version: '1.0.0' });
     server.tool('greet', { description: 'Greets.' }, (_: unknown, context: Context) => greet(Tone.Calm));
     server.tool('wait', { description: 'Never ends.' }, () => new Promise(() => {}));
     export default server;`,
  );
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const inFolder = (args: readonly string[], env: Record<string, string> = {}) => ended(args, { cwd: folder, env });

/** A client of the program over stdio. */
async function clientOf<T>(args: readonly string[], act: (client: McpClient) => Promise<T>): Promise<T> {
  const client = await connect({
    command: process.execPath,
    args: [MAIN, 'run', ...args],
    cwd: folder,
    stderr: 'ignore',
  });
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

describe('a module', () => {
  test('of TypeScript is served, with what it imports', async () => {
    await clientOf(['server.ts'], async (client) => {
      expect(names(await client.listTools())).toEqual(['greet', 'wait']);
      expect(await client.callTool('greet')).toMatchObject({ content: [{ text: 'Hello calm' }] });
    });
  });

  const SERVER = "const server = createServer({ name: 'a', version: '1' });";
  const LATER = `import(${JSON.stringify(pathToFileURL(fromRoot('dist/index.js')))}).then((it) => it.createServer({ name: 'a', version: '1' }))`;
  test.each([
    ['default.mjs', `${SERVER} export default server;`],
    ['named.mjs', `${SERVER} export { server };`],
    ['provider.ts', `${SERVER} export const provider = Promise.resolve(server);`],
    ['factory.ts', `export default async () => { ${SERVER} return server; };`],
    ['waiting.ts', `await Promise.resolve(); ${SERVER} export default server;`],
    ['common.js', `${SERVER} export default server;`],
    ['equals.cts', `${SERVER} export = server;`],
    ['made.cts', `${SERVER} export = () => server;`],
    ['equals.cjs', `module.exports = ${LATER};`],
    ['named.cjs', `module.exports = { server: ${LATER} };`],
    ['compiled.cjs', `exports.__esModule = true; exports.default = ${LATER};`],
    ['talking.ts', `console.log('stdout is not mine'); ${SERVER} export default server;`],
  ])('may export its server in other ways: %s', async (name, text) => {
    write(name, name.endsWith('.cjs') ? text : `import { createServer } from 'openapi-mcp';\n${text}`);
    const { code, stdout } = await inFolder(['run', name, '--dry-run']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `a 1 (${name}): 0 tools, 0 resources, 0 resource templates, 0 prompts\n`,
    });
  });

  const HTTP = `import { createServer } from 'openapi-mcp'; ${SERVER} const { url } = await server.run({ transport: 'http', port: 0 });`;
  const SDK = `import { McpServer } from ${JSON.stringify(import.meta.resolve('@modelcontextprotocol/server'))};`;
  test.each([
    ['gone.ts', undefined, 'The module gone.ts does not exist.'],
    ['none.ts', 'export const a = 1;', 'none.ts has no export "default", "server" or "provider". It exports a.'],
    ['empty.ts', '', 'It exports nothing.\n  Write `export default server` at its end.'],
    ['runs.ts', `${HTTP} export { url };`, 'It exports url. It calls run(), so it is a program of its own.'],
    ['runs.ts', `${HTTP} export { url };`, 'Start it with `node runs.ts`; or write `export default server` instead'],
    ['other.ts', 'export default { a: 1 };', 'The export "default" of other.ts is an object with a, not a server.'],
    ['number.ts', 'export default 5;', 'The export "default" of number.ts is a number, not a server.'],
    ['number.cjs', 'module.exports = 5;', 'The export "default" of number.cjs is a number, not a server.'],
    ['web.mjs', 'export default { fetch() {} };', 'Export the server itself instead of its HTTP handler.'],
    ['promise.ts', 'export const server = Promise.resolve();', 'is a promise of nothing, not a server.'],
    ['returns.ts', 'export default () => {};', 'returns nothing, not a server.'],
    ['sdk.mjs', `${SDK} export default new McpServer({ name: 'a', version: '1' });`, 'by its command: -- node sdk.mjs'],
    ['config.ts', 'export default { apis: {} };', 'Rename the file to openapi-mcp.config.ts'],
    ['half.mjs', 'export default { contract: 1 };', 'of half.mjs is not a provider: it lacks listTools()'],
    ['throws.ts', 'interface A { a: 1 }\n\nthrow new Error("no luck");', 'throws.ts failed at throws.ts:3: no luck'],
    ['line.ts', 'throw new Error("no luck");', 'line.ts failed at line.ts:1: no luck'],
    ['throws.mjs', '\nnull.x;', 'throws.mjs failed at throws.mjs:2:6: Cannot read properties of null'],
    ['late.ts', 'export default () => {\n  throw new Error("no luck");\n};', 'late.ts failed at late.ts:2: no luck'],
    ['syntax.ts', 'const a: = 1;', 'syntax.ts failed at syntax.ts:1:9:'],
    ['syntax.mjs', '\nconst a = ;', 'syntax.mjs failed at syntax.mjs:2:10:'],
    ['imports.ts', "import 'no-such-package';", "imports a missing module: Cannot find module 'no-such-package'"],
    ['deep.ts', "import './throws.ts';", 'deep.ts failed at throws.ts:3: no luck'],
  ])('that is of no use ends with 1, and says why: %s', (name, text, want) => refused(ended, name, text, want));

  // They end their process, or have it end because nothing is left to do.
  test.each([
    ['waits.mjs', 'await new Promise(() => {}); export default 1;', 'waits.mjs never finishes loading'],
    ['waits.ts', 'await new Promise(() => {}); export default 1;', 'waits.ts never finishes loading'],
    ['never.ts', 'export const server = new Promise(() => {});', 'never.ts never finishes loading'],
    ['exits.mjs', '\nprocess.exit(7);', 'exits.mjs called process.exit(7) at exits.mjs:2:9.'],
    ['exits.ts', '\nprocess.exit(0);', 'exits.ts called process.exit(0) at exits.ts:2.'],
  ])('that is of no use ends with 1, and says why: %s', (name, text, want) => refused(endedAlone, name, text, want));

  async function refused(run: typeof ended, name: string, text: string | undefined, want: string): Promise<void> {
    if (text !== undefined) write(name, text);
    const { code, stdout, stderr } = await run(['run', name], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(want);
    expect(stderr).not.toContain('node_modules');
  }

  test('writes to stderr what it means for stdout: that has nothing but the protocol, or the result', async () => {
    write(
      'chatty.mjs',
      `import { log } from 'node:console';
       import { stdout } from 'node:process';
       import { Worker } from 'node:worker_threads';
       import { createServer } from 'openapi-mcp';
       process.stdout.write('loaded\\n');
       const server = createServer({ name: 'chatty', version: '1' });
       server.tool('talk', {}, async () => {
         process.stdout.write('more\\n');
         stdout.write('imported\\n');
         console.log('console');
         log('log');
         const worker = new Worker("console.log('worker')", { eval: true });
         await new Promise((resolve) => worker.on('exit', resolve));
         return \`fd \${process.stdout.fd}\`;
       });
       export default server;`,
    );
    const served = start(['run', 'chatty.mjs'], { cwd: folder });
    const send = (message: object) => served.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
    send({ id: 0, method: 'initialize', params });
    send({ method: 'notifications/initialized' });
    send({ id: 1, method: 'tools/call', params: { name: 'talk', arguments: {} } });
    await served.said('fd 2');
    served.stdin.end();
    const { stdout, stderr } = await served.ended;
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([0, 1]);
    for (const word of ['loaded', 'more', 'imported', 'console', 'log', 'worker'])
      expect(stderr).toContain(`${word}\n`);

    const called = await inFolder(['call', 'chatty.mjs', 'talk', '--json']);
    expect(JSON.parse(called.stdout)).toMatchObject({ content: [{ text: 'fd 2' }] });
  });

  test('rejects flags that apply to documents', async () => {
    const { code, stderr } = await inFolder(['run', 'server.ts', '--base-url', 'http://a']);
    expect(code).toBe(2);
    expect(stderr).toContain('--base-url applies to an OpenAPI document, but this is a module.');
  });

  test('is bounded in time where that is asked for', async () => {
    await clientOf(['server.ts', '--timeout', '0.05'], async (client) => {
      const { isError, content } = await client.callTool('wait');
      expect(isError).toBe(true);
      expect(JSON.stringify(content)).toContain('did not finish within 50 ms');
    });
  });

  test('is inspected by its lists', async () => {
    const { code, stdout } = await inFolder(['inspect', 'server.ts', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'module', tools: [{ name: 'greet' }, { name: 'wait' }] });
  });
});

describe('several', () => {
  test('are one server, each under its namespace, with its own flags and credentials', async () => {
    const args = [PETSTORE, `shapes=${SHAPES}`, 'own=server.ts', '--base-url', `petstore=${api.url}`];
    await clientOf(args, async (client) => {
      expect(names(await client.listTools())).toEqual(
        expect.arrayContaining(['petstore_listPets', 'shapes_getShape', 'own_greet']),
      );
      expect(await client.callTool('petstore_listPets')).not.toMatchObject({ isError: true });
    });
    const { stdout } = await inFolder(['run', ...args, '--dry-run'], { PETSTORE_API_KEY_SHOP_KEY: 'x' });
    expect(stdout).toContain(`petstore: requests go to ${api.url}`);
    expect(stdout).toContain('petstore: credential shop_key (API key in header X-Shop-Key): found');
    expect(stdout).toContain('shapes: requests go to https://shapes.example');
  });

  test('are not meant by a file whose name has "=" in it', async () => {
    write('a=b.yaml', readFileSync(SHAPES, 'utf8'));
    const { code, stdout } = await inFolder(['run', 'a=b.yaml', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('Shapes 1.0.0 (shapes), OpenAPI 3.1.1, a=b.yaml');
  });

  test.each([
    [[PETSTORE, 'git=missing.yaml'], 1, 'error: git: The file does not exist.'],
    [[PETSTORE, 'own=none.ts'], 1, 'error: own: none.ts has no export'],
    [[PETSTORE, `b=${SHAPES}`, '--include', 'b=tag:none'], 2, 'error: b: The filters exclude 3 of 3 operations'],
    [[PETSTORE, `b=${SHAPES}`, '--header', 'A: b'], 2, '--header applies to one API, but there are several.'],
    [[PETSTORE, 'b=mcp+http://127.0.0.1:1/mcp'], 3, 'error: b: http://127.0.0.1:1/mcp cannot be reached'],
  ])('%j end with %i', async (args, want, says) => {
    const { code, stdout, stderr } = await inFolder(['run', ...args]);
    expect({ code, stdout }).toEqual({ code: want, stdout: '' });
    expect(stderr).toContain(says);
  });
});

describe('filters', () => {
  const config = (include: string) =>
    write(
      'filtered.openapi-mcp.config.json',
      JSON.stringify({ apis: { pets: { spec: PETSTORE, include: [include] } } }),
    );

  test.each([
    ['run', () => [PETSTORE, '--include', 'tag:nope'], 'error: The filters exclude 8 of 8 operations'],
    ['inspect', () => [PETSTORE, '--include', 'tag:nope'], 'error: The filters exclude 8 of 8 operations'],
    ['list', () => [PETSTORE, '--include', 'tag:nope'], 'error: The filters exclude 8 of 8 operations'],
    ['run', () => [config('tag:nope')], 'error: pets: The filters exclude 8 of 8 operations'],
    ['inspect', () => [config('tag:nope')], 'error: pets: The filters exclude 8 of 8 operations'],
    ['inspect', () => [SHAPES, `pets=${PETSTORE}`, '--include', 'pets=tag:nope'], 'error: pets: The filters exclude'],
  ] as const)('that leave nothing end %s with 2', async (command, args, says) => {
    const { code, stdout, stderr } = await inFolder([command, ...args()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toContain('include "tag:nope" matches no operation.');
  });

  test.each([
    [['inspect', PETSTORE, '--exclude', 'tag:nope'], 'exclude "tag:nope" matches no operation.\n'],
    [
      ['list', `pets=${PETSTORE}`, '--route', 'tag:nope => tool'],
      'pets: route "tag:nope => tool" matches no operation.\n',
    ],
  ])('that match nothing are reported: %j', async (args, says) => {
    const { code, stderr } = await inFolder(args);
    expect(code).toBe(0);
    expect(stderr).toContain(says);
  });
});

describe('another MCP server', () => {
  test('is started by the command after --, and served', async () => {
    const args = [
      '--read-only',
      '--trust-hints',
      '--',
      process.execPath,
      MAIN,
      'run',
      PETSTORE,
      '--quiet',
      '--base-url',
      api.url,
    ];
    await clientOf(args, async (client) => {
      expect(names(await client.listTools())).toEqual(['listPets', 'getPet', 'getOrder']);
      expect(await client.callTool('listPets')).not.toMatchObject({ isError: true });
    });
  });

  test('is not believed that its tools only read, and the way out is named', async () => {
    const { code, stderr } = await inFolder([
      'run',
      '--read-only',
      '--',
      process.execPath,
      MAIN,
      'run',
      PETSTORE,
      '--quiet',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('3 of 8 claim to be read-only');
    expect(stderr).toContain('--trust-hints');
  });

  test('is reached by its URL, with headers', async () => {
    const http = ['run', PETSTORE, '--base-url', api.url, '--transport', 'http', '--port', '0'];
    const server = start(http, { env: { OPENAPI_MCP_TOKEN: 'open-sesame' } });
    await server.said('Serving ');
    const url = /Serving (\S+)/.exec(server.stderr())?.[1] ?? '';
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what the user writes
    const args = ['inspect', `mcp+${url}`, '--header', 'Authorization: Bearer ${TOKEN}', '--json'];
    const found = await inFolder(args, { TOKEN: 'open-sesame' });
    const refused = await inFolder(['inspect', `mcp+${url}`]);
    server.kill();
    expect(JSON.parse(found.stdout)).toMatchObject({ name: 'pet-shop', kind: 'url', target: url });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('Or pass a token: --auth');
  });

  test.each([
    ['a command that is not there', ['run', '--', 'no-such-command', 'secret-argument'], 'no-such-command'],
    ['a URL where nobody listens', ['run', 'mcp+http://127.0.0.1:1/mcp?key=secret-argument'], 'http://127.0.0.1:1/mcp'],
  ])('%s ends with 3', async (_, args, says) => {
    const { code, stdout, stderr } = await inFolder(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('secret-argument');
  });
});

describe('--log-level debug', () => {
  const debug = async (more: readonly string[], env: Record<string, string> = {}, given: object = {}) => {
    const args = ['run', PETSTORE, '--base-url', api.url, '--transport', 'http', '--port', '0', ...more];
    const server = start(args, { env });
    await server.said('/mcp');
    const url = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(server.stderr())?.[0] ?? '';
    const client = await connect({ url });
    await client.callTool('addPet', { name: 'Rex', species: 'dog', ...given });
    await client.close();
    server.kill();
    return (await server.ended).stderr;
  };

  test('logs every call for people, without secrets', async () => {
    const stderr = await debug(['--log-level', 'debug'], {}, { password: 'hunter2' });
    expect(stderr).toMatch(/^\S+Z tools\/call addPet (ok|failed).* \d+ ms/m);
    expect(stderr).not.toContain('hunter2');
    // Lists are logged by their size.
    expect(stderr).toMatch(/^\S+Z tools\/list ok {2}\d+ ms {2}8 items$/m);
    expect(stderr).not.toContain('inputSchema');
  });

  test('with --json as lines of JSON', async () => {
    const stderr = await debug(['--log-level', 'debug', '--json']);
    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.find(({ method }) => method === 'tools/call')).toMatchObject({ target: 'addPet' });
  });

  test('and hides the credentials of the API, wherever it repeats them', async () => {
    const echo = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ id: 7, name: `${request.headers['x-shop-key']} ${request.headers.authorization}` }),
      );
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const { port } = echo.address() as AddressInfo;
    const header = ['--header', 'Authorization: Bearer open-sesame'];
    const stderr = await debug(['--log-level', 'debug', '--base-url', `http://127.0.0.1:${port}`, ...header], {
      API_KEY_SHOP_KEY: 'pet-secret-1',
    });
    echo.close();
    expect(stderr).toContain('[redacted]');
    expect(stderr).toMatch(/^ {2}> POST http:\/\/127\.0\.0\.1:\d+\/pets$/m);
    expect(stderr).toMatch(/^ {2}< 200 OK \(\d+ ms\)$/m);
    expect(stderr).not.toContain('pet-secret-1');
    expect(stderr).not.toContain('open-sesame');
  });

  test('and nothing below it', async () => {
    expect(await debug(['--log-level', 'info'])).not.toContain('tools/call');
  });
});
