import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openApi } from 'openapi-mcp';
import { connect } from 'openapi-mcp/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openPageShell, type PageShell, ROOT } from './shell.test.fixture.ts';

// Nothing on a page is only shown. A block is an example that is compiled (embedded.test.ts), a transcript
// (commands.test.ts), a drawing without a language, or one of these, which this file runs:
//
// <!-- run -->             each line is run in a shell, in the order of the page
// <!-- not run: why -->    with the reason

const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].concat(
  readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
);

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  /** The comment before it: `run`. */
  readonly mark: string;
  readonly text: string;
}

function blocksOf(page: string): Block[] {
  const source = readFileSync(join(ROOT, page), 'utf8');
  return [...source.matchAll(/(?:<!-- ([^>]*?) -->\n\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, mark = '', language = '', text = ''] = match;
    return { page, line: source.slice(0, match.index).split('\n').length, language, mark, text };
  });
}
const blocks = PAGES.flatMap(blocksOf);
const runnable = blocks.filter(({ mark }) => mark === 'run');

test('every block on every page is run or compiled, or says why not', () => {
  const unaccounted = blocks.filter(({ mark, language, page }) => {
    const known = /^(?:run|not run: .{10,}|examples\/[\w.-]+|file [\w.-]+|client|x-mcp)$/.test(mark);
    // The list of problems is made from the catalogue, whose documents are loaded by its own test.
    return !known && language !== '' && language !== 'console' && page !== 'docs/problems.md';
  });
  expect(unaccounted.map(({ page, line, text }) => `${page}:${line} ${text.split('\n', 1)}`)).toEqual([]);
  expect(runnable.length).toBeGreaterThan(3);
});

describe('the commands of the pages', () => {
  let shell: PageShell;
  let stopDocuments: () => void;
  beforeAll(async () => {
    shell = await openPageShell();
    const { folder, places } = shell;
    for (const name of ['dist', 'test-specs', 'docs']) symlinkSync(join(ROOT, name), join(folder, name));
    const local = readFileSync(join(folder, 'petstore.yaml'), 'utf8').replace(
      /^servers:[\s\S]*?(?=^\w)/m,
      `servers: [{ url: 'http://${places.get('localhost:3000')}' }]\n`,
    );
    for (const name of ['api.yaml', 'pets.yaml']) writeFileSync(join(folder, name), local);
    copyFileSync(join(ROOT, 'docs/examples/notes.ts'), join(folder, 'own.ts'));
    writeFileSync(join(folder, 'openapi-mcp.config.yaml'), 'apis: { pets: { spec: pets.yaml } }\n');
    const document = JSON.stringify(parse(local));
    // A running API has its document somewhere below its root.
    const documents = createServer(({ url }, response) => {
      if (url === '/') response.writeHead(404).end();
      else response.end(document);
    }).listen(0, '127.0.0.1');
    stopDocuments = () => documents.close();
    await new Promise((resolve) => documents.once('listening', resolve));
    const { port } = documents.address() as AddressInfo;
    places.set('https://api.example.com', `http://127.0.0.1:${port}`);
    places.set('localhost:8000', `127.0.0.1:${port}`);
    const bin = join(ROOT, 'dist/bin/openapi-mcp.js');
    const host = await shell.served(bin, ['run', 'api.yaml', '--transport', 'http', '--port']);
    places.set('mcp+https://mcp.example.com/mcp', `mcp+http://${host}/mcp`);
    shell.env = { ...shell.env, TEAM_TOKEN: 't', API_KEY_SHOP_KEY: 'k' };
  });
  afterAll(async () => {
    stopDocuments();
    await shell.close();
  });

  const lines = runnable.flatMap(({ page, line, text }) =>
    text
      .split('\n')
      .map((command, index) => [`${page}:${line + index + 3}`, command.replace(/\s+# .*$/, '')] as const)
      .filter(([, command]) => command !== ''),
  );
  test.each(lines)('%s %s', { timeout: 60_000 }, async (_, command) => {
    if (command.includes('--transport http') || command.startsWith('openapi-mcp dev ')) {
      const said = await servedBy(command);
      expect(said).toMatch(/http:\/\/127\.0\.0\.1:\d+\/mcp/);
      return;
    }
    const { code, stderr } = await shell.run(command);
    expect(code, stderr).toBe(0);
  });

  /** What a server says before it serves; it is then told to end. */
  async function servedBy(command: string): Promise<string> {
    const free = command.startsWith('openapi-mcp dev ')
      ? `${command} --port 0`
      : command.replace(/--port \d+/, '--port 0');
    const child = spawn('/bin/sh', ['-c', `exec env ${shell.real(free)}`], { cwd: shell.folder, env: shell.env });
    let said = '';
    for await (const chunk of child.stderr) {
      said += chunk;
      if (said.includes('/mcp')) child.kill('SIGTERM');
    }
    return said;
  }
});

test('the standalone servers are JavaScript, and start with node', async () => {
  const shell = await openPageShell();
  copyFileSync(join(ROOT, 'docs/examples/serve-stdio.ts'), join(shell.folder, 'hello.mjs'));
  const client = await connect({ command: process.execPath, args: [join(shell.folder, 'hello.mjs')] });
  expect((await client.listTools()).map(({ name }) => name)).toEqual(['hello']);
  await client.close();
  copyFileSync(join(ROOT, 'docs/examples/serve-http.ts'), join(shell.folder, 'http.mjs'));
  const env = { ...process.env, PORT: '0' };
  const child = spawn(process.execPath, [join(shell.folder, 'http.mjs')], { env });
  const [said] = (await once(child.stderr, 'data')) as [Buffer];
  child.kill();
  expect(said.toString()).toMatch(/^Serving http:\/\/127\.0\.0\.1:\d+\/mcp/);
  await shell.close();
});

test('the configuration of clients starts a server', async () => {
  const [block] = blocks.filter(({ mark }) => mark === 'client');
  const { mcpServers } = JSON.parse(block?.text ?? '{}') as {
    mcpServers: Record<string, { command: string; args: string[]; env: Record<string, string> }>;
  };
  const [server] = Object.values(mcpServers);
  const real = server?.args.map((arg) =>
    arg.replace('/path/to/openapi-mcp', ROOT).replace(/^https:.*yaml$/, join(ROOT, 'test-specs/petstore.yaml')),
  );
  await using client = await connect({ command: server?.command ?? '', args: real ?? [], env: server?.env ?? {} });
  expect((await client.listTools()).map(({ name }) => name)).toContain('listPets');
});

test('the extension of the document is read as docs/x-mcp.md shows it', async () => {
  const block = blocks.find(({ page, mark }) => page === 'docs/x-mcp.md' && mark === 'x-mcp');
  const document = { openapi: '3.1.0', info: { title: 'Books', version: '1' }, ...parse(block?.text ?? '') };
  const { provider, problems } = await openApi(document, { cache: false });
  expect((await provider.listTools({})).map(({ name }) => name)).toEqual(['search_books']);
  expect(problems.filter(({ code }) => code === 'BAD_EXTENSION')).toEqual([]);
  await provider.close();
});
