import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ended, fromRoot } from '../cli/started.test.fixture.ts';

// A folder that somebody else made may have a config file whose modules run, and whose commands start, as soon as it is
// opened. With --no-exec it can be looked at first.

let remote: Server;
let remoteUrl: string;
let connections = 0;
beforeAll(async () => {
  remote = createServer((_, response) => void response.writeHead(404).end()).on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => remote.listen(0, '127.0.0.1', resolve));
  remoteUrl = `http://127.0.0.1:${(remote.address() as AddressInfo).port}/mcp`;
});
afterAll(() => remote.close());

let folder: string;
let marker: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-no-exec-'));
  marker = join(folder, 'executed');
  connections = 0;
  const mark = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`;
  write('notes.cjs', `${mark}; module.exports = {};`);
  write('setup.cjs', `${mark}; module.exports = () => {};`);
  write(
    'openapi-mcp.config.ts',
    `import { writeFileSync } from 'node:fs'; writeFileSync('${marker}', ''); export default {};`,
  );
  const started = { command: process.execPath, args: ['-e', mark] };
  const config = {
    name: 'desk',
    apis: { pets: { spec: fromRoot('test-specs/petstore.yaml'), baseUrl: 'http://127.0.0.1:9' } },
    servers: { git: started, docs: { url: remoteUrl }, off: { ...started, disabled: true } },
    modules: { notes: { path: 'notes.cjs' } },
    setup: 'setup.cjs',
    transforms: [{ rename: { tools: { notes_add: 'add' } } }],
  };
  write(
    'desk/openapi-mcp.config.json',
    JSON.stringify(config).replaceAll('"notes.cjs"', '"../notes.cjs"').replace('"setup.cjs"', '"../setup.cjs"'),
  );
  write('mcp.json', JSON.stringify({ mcpServers: { git: started, docs: { url: remoteUrl } } }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(folder, 'desk'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const run = (...args: readonly string[]) => ended(args, { cwd: join(folder, 'desk'), env: { HOME: folder } });

const NOT_STARTED = [
  { kind: 'server', name: 'git' },
  { kind: 'server', name: 'docs' },
  { kind: 'module', name: 'notes' },
  { kind: 'setup', name: 'setup' },
];

function expectNothingRan(): void {
  expect(existsSync(marker)).toBe(false);
  expect(connections).toBe(0);
}

test('without it, looking at a folder runs what its config names', async () => {
  await run('inspect');
  expect(existsSync(marker)).toBe(true);
});

describe('with --no-exec', () => {
  test.each([
    ['inspect', ['inspect', '--no-exec']],
    ['list', ['list', '.', '--no-exec']],
  ])('%s shows the documents of a config, and names the rest', async (_, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stderr]).toEqual([0, 'The top-level transforms of the config are not applied (--no-exec).\n']);
    expect(stdout).toContain('pets_listPets');
    for (const line of ['server git', 'server docs', 'module notes', 'setup']) {
      expect(stdout).toContain(`${line}: not started (--no-exec)\n`);
    }
    expect(stdout).not.toContain('off');
    expectNothingRan();
  });

  test.each([
    ['inspect', ['inspect', '--no-exec', '--json']],
    ['list', ['list', '.', '--no-exec', '--json']],
  ])('%s --json has the same as data', async (_, args) => {
    const found = JSON.parse((await run(...args)).stdout);
    expect(found.notStarted).toEqual(NOT_STARTED);
    expect(found.tools.map(({ name }: { name: string }) => name)).toContain('pets_listPets');
    expectNothingRan();
  });

  test('one tool of a document is listed with its arguments', async () => {
    const { code, stdout } = await run('list', '.', 'pets_getPet', '--no-exec');
    expect(code).toBe(0);
    expect(stdout).toContain('petId');
    expectNothingRan();
  });

  test.each([
    [
      'a config that is a program',
      () => ['../openapi-mcp.config.ts'],
      'is a program that cannot be read without running it',
    ],
    ['a folder whose config is a program', () => ['..'], 'is a program that cannot be read without running it'],
    ['a module', () => ['../notes.cjs'], 'cannot be shown without running it'],
    ['a server at a URL', () => [`mcp+${remoteUrl}`], 'cannot be shown without starting or connecting to it'],
    ['a command', () => ['--', process.execPath, '-e', '0'], 'cannot be shown without starting or connecting to it'],
  ])('%s ends with 2, and is not run', async (_, target, message) => {
    for (const command of ['inspect', 'list']) {
      const words = target();
      const { code, stderr } = await run(command, '--no-exec', ...words);
      expect([command, code]).toEqual([command, 2]);
      expect(stderr).toContain(`${message}, which --no-exec forbids.`);
    }
    expectNothingRan();
  });

  test('of several targets the documents are shown', async () => {
    const targets = [`pets=${fromRoot('test-specs/petstore.yaml')}`, 'own=../notes.cjs', `docs=mcp+${remoteUrl}`];
    const found = JSON.parse((await run('inspect', ...targets, '--no-exec', '--json')).stdout);
    expect(found.notStarted).toEqual([
      { kind: 'module', name: 'own' },
      { kind: 'server', name: 'docs' },
    ]);
    expect(found.tools.length).toBeGreaterThan(0);
    expectNothingRan();
  });

  test('the configuration of an MCP client is named, server by server', async () => {
    const { code, stdout } = await run('list', '../mcp.json', '--no-exec');
    expect(code).toBe(0);
    for (const name of ['git', 'docs']) expect(stdout).toContain(`server ${name}: not started (--no-exec)\n`);
    expectNothingRan();
  });

  test('a document is shown as ever', async () => {
    const { code, stdout } = await run('inspect', fromRoot('test-specs/petstore.yaml'), '--no-exec', '--no-cache');
    expect(code).toBe(0);
    expect(stdout).toContain('listPets');
  });
});

test('commands that call have no such option', async () => {
  const { code, stderr } = await run('call', '.', 'pets_listPets', '--no-exec');
  expect(code).toBe(2);
  expect(stderr).toContain('--no-exec');
});
