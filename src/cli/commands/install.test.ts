import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'openapi-mcp/client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT_NAMES } from '../../install/clients.ts';
import { ended, fromRoot } from '../started.test.fixture.ts';

const PETS = fromRoot('test-specs/petstore.yaml');

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'openapi-mcp-install-')));
  mkdirSync(join(folder, 'project'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({ PATH: process.env.PATH ?? '', HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') });
const run = (...args: string[]) => ended(args, { cwd: join(folder, 'project'), env: env() });
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));

test('a client starts the server from what install wrote', async () => {
  const { code, stdout } = await run('install', PETS, '--client', 'cursor', '--include', 'GET /**');
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Added "pet-shop" \(\d+ tools\)/) });
  const { mcpServers } = readJson('.cursor', 'mcp.json');
  const { command, args } = mcpServers['pet-shop'];
  expect(command).toBe(process.execPath);
  await using client = await connect({ command, args, env: env() });
  const names = (await client.listTools()).map(({ name }) => name);
  expect(names).toContain('listPets');
  expect(names).not.toContain('addPet');
});

test('paths are absolute, and options are those of the command line', async () => {
  for (const name of ['api.yaml', 'fixes.yaml']) writeFileSync(join(folder, 'project', name), readFileSync(PETS));
  writeFileSync(
    join(folder, 'project', 'fixes.yaml'),
    'overlay: 1.0.0\ninfo: { title: a, version: "1" }\nactions: []\n',
  );
  writeFileSync(join(folder, 'project', '.env'), 'API_KEY_SHOP_KEY=k\n');
  const flags = ['--overlay', 'fixes.yaml', '--env-file', '.env', '--read-only', '--mode', 'search'];
  const { stderr } = await run('install', 'api.yaml', '--client', 'codex', '--as', 'shop', ...flags);
  expect(stderr).toBe('');
  const text = readFileSync(join(folder, '.codex', 'config.toml'), 'utf8');
  expect(text).toContain('[mcp_servers.shop]');
  const words = JSON.parse(/args = (.*)/.exec(text)?.[1] ?? '[]').slice(1);
  const at = (name: string) => join(folder, 'project', name);
  expect(words[0]).toBe('run');
  expect(words.slice(1)).toEqual(
    expect.arrayContaining([
      at('api.yaml'),
      '--overlay',
      at('fixes.yaml'),
      '--env-file',
      at('.env'),
      '--mode',
      'search',
    ]),
  );
  expect(words.join(' ')).toContain('--profile openai');
  expect(words.join(' ')).not.toContain('--budget');
  expect(text).not.toContain('=k');
});

test.each([
  ['claude-code', '--profile claude', false],
  ['gemini-cli', '--profile gemini', true],
  ['zed', '--profile gemini', true],
  ['cursor', '--profile cursor', false],
] as const)('%s gets the profile and the mode that suit it', async (client, profile, isAuto) => {
  const { stdout } = await run('install', PETS, '--client', client, '--dry-run', '--json');
  const [{ entry }] = JSON.parse(stdout);
  const words = entry.args.join(' ');
  expect(words).toContain(profile);
  expect(words.includes('--mode auto --budget 10000')).toBe(isAuto);
});

test('every client can be installed into and uninstalled from', async () => {
  const clients = CLIENT_NAMES.flatMap((name) => ['--client', name]);
  const { code, stdout } = await run('install', PETS, ...clients, '--json');
  expect(code).toBe(0);
  const installed: readonly { path: string }[] = JSON.parse(stdout);
  expect(installed.map(({ path }) => existsSync(path))).toEqual(CLIENT_NAMES.map(() => true));
  const discovered = JSON.parse((await run('discover', '--json')).stdout);
  expect(discovered.servers).toHaveLength(CLIENT_NAMES.length);
  expect((await run('uninstall', 'pet-shop')).code).toBe(0);
  expect(installed.map(({ path }) => existsSync(path))).toEqual(CLIENT_NAMES.map(() => false));
});

test('--dry-run shows the difference and writes nothing', async () => {
  const { stdout } = await run('install', PETS, '--client', 'cursor', '--dry-run');
  expect(stdout).toContain('+++ b/');
  expect(stdout).toContain('+    "pet-shop": {');
  expect(existsSync(join(folder, '.cursor'))).toBe(false);
});

test('mcp-json prints the entry and writes nothing', async () => {
  const { stdout } = await run('install', PETS, '--client', 'mcp-json', '--env', 'API_KEY_SHOP_KEY');
  const { mcpServers } = JSON.parse(stdout);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what clients read
  expect(mcpServers['pet-shop'].env).toEqual({ API_KEY_SHOP_KEY: '${API_KEY_SHOP_KEY}' });
});

describe('bad input changes nothing', () => {
  test.each([
    ['an unknown client', ['--client', 'curser'], 2, 'Did you mean "cursor"?'],
    ['no client', [], 2, 'claude-desktop, claude-code'],
    ['a secret in an argument', ['--client', 'cursor', '--auth', 'shop_key=s3cret'], 2, 'in plain text'],
    ['a token alone', ['--client', 'cursor', '--auth', 's3cret=='], 2, '--auth … would'],
    ['a header that looks like one', ['--client', 'cursor', '--header', 'X-A: Bearer abcdef0123456789'], 2, "'X-A: …'"],
    ['a header for the document', ['--client', 'cursor', '--document-header', 'X-Key: s3cret'], 2, 'in plain text'],
    [
      'a secret in a URL',
      ['--client', 'cursor', '--overlay', 'https://me:s3cret@a.test/x'],
      2,
      'A URL has a credential',
    ],
    ['a secret in a query', ['--client', 'cursor', '--overlay', 'https://a.test/x?api_key=s3'], 2, 'in plain text'],
    ['a secret in a header', ['--client', 'cursor', '--header', 'X-Api-Key: s3cret'], 2, 'in plain text'],
    ['a variable with a value', ['--client', 'cursor', '--env', 'A=s3cret'], 2, 'without a value'],
    ['a variable for a client that knows none', ['--client', 'claude-desktop', '--env', 'A'], 2, '--env-file'],
    ['a name with spaces', ['--client', 'cursor', '--as', 'my pets'], 2, 'cannot be the name'],
    ['a project of a client that has none', ['--client', 'windsurf', '--project'], 2, 'no config file'],
  ])('%s', async (_, args, code, text) => {
    const ran = await run('install', PETS, ...args);
    expect(ran).toMatchObject({ code, stderr: expect.stringContaining(text) });
    expect(ran.stderr).not.toContain('s3cret');
    expect(existsSync(join(folder, '.cursor'))).toBe(false);
  });

  test('a document that cannot be opened', async () => {
    const { code } = await run('install', 'no-such.yaml', '--client', 'cursor');
    expect(code).toBe(1);
    expect(existsSync(join(folder, '.cursor'))).toBe(false);
  });

  test('a malformed config file', async () => {
    mkdirSync(join(folder, '.cursor'));
    writeFileSync(join(folder, '.cursor', 'mcp.json'), '{ "mcpServers": { ');
    const { code, stderr } = await run('install', PETS, '--client', 'cursor');
    expect(code).toBe(1);
    expect(stderr).toContain('It was not changed.');
    expect(readFileSync(join(folder, '.cursor', 'mcp.json'), 'utf8')).toBe('{ "mcpServers": { ');
  });

  test('a server of the same name that is the user’s', async () => {
    mkdirSync(join(folder, '.cursor'));
    const text = '{"mcpServers":{"pet-shop":{"command":"own"}}}';
    writeFileSync(join(folder, '.cursor', 'mcp.json'), text);
    expect(await run('install', PETS, '--client', 'cursor')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--replace'),
    });
    expect(await run('uninstall', 'pet-shop', '--client', 'cursor')).toMatchObject({ code: 2 });
    expect(readFileSync(join(folder, '.cursor', 'mcp.json'), 'utf8')).toBe(text);
  });

  test('a server that no client has', async () => {
    expect(await run('uninstall', 'nothing')).toMatchObject({ code: 2, stderr: expect.stringContaining('discover') });
  });
});

test('discover shows no secrets of other servers', async () => {
  mkdirSync(join(folder, '.cursor'));
  const secret = 'sk_live_0123456789abcdef';
  const servers = {
    a: { command: 'npx', args: ['a-mcp', '--api-key', secret], env: { TOKEN: secret } },
    b: { url: `https://b.example/mcp?token=${secret}`, headers: { Authorization: secret } },
    c: { command: 'npx', args: [`--token=${secret}`, secret] },
  };
  writeFileSync(join(folder, '.cursor', 'mcp.json'), JSON.stringify({ mcpServers: servers }));
  for (const args of [['discover'], ['discover', '--json']]) {
    const { stdout } = await run(...args);
    expect(stdout).toContain('b.example/mcp');
    expect(stdout).not.toContain(secret);
  }
});

describe('a discovered server as a target', () => {
  test('by client and name, or by name alone', async () => {
    await run('install', PETS, '--client', 'cursor', '--client', 'goose', '--read-only');
    for (const target of ['cursor:pet-shop', 'goose:pet-shop']) {
      const { code, stdout } = await run('list', target, '--json');
      expect({ target, code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('"listPets"') });
    }
    // The two are started in different ways: goose gets a mode.
    expect(await run('list', 'pet-shop')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cursor:pet-shop, goose:pet-shop'),
    });
    await run('uninstall', 'pet-shop', '--client', 'goose');
    expect((await run('list', 'pet-shop', '--json')).stdout).toContain('"listPets"');
  });

  test('with its variables, or the name of the one that is missing', async () => {
    await run('install', PETS, '--client', 'codex', '--env', 'API_KEY_SHOP_KEY');
    const { code, stderr } = await run('list', 'codex:pet-shop');
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('API_KEY_SHOP_KEY') });
    const withKey = await ended(['list', 'codex:pet-shop', '--json'], {
      cwd: join(folder, 'project'),
      env: { ...env(), API_KEY_SHOP_KEY: 'k' },
    });
    expect(withKey.stdout).toContain('"listPets"');
  });

  test('that does not exist is reported', async () => {
    await run('install', PETS, '--client', 'cursor');
    expect(await run('list', 'cursor:pet-shoq')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "pet-shop"?'),
    });
  });
});

test.each(['the file', 'its folder'])(
  'a project in which %s is a link does not lead to files of the user',
  async (what) => {
    const own = '{ "mcpServers": { "mine": { "command": "mine" } } }';
    mkdirSync(join(folder, '.cursor'));
    writeFileSync(join(folder, '.cursor/mcp.json'), own);
    if (what === 'its folder') symlinkSync('../.cursor', join(folder, 'project/.cursor'));
    else {
      mkdirSync(join(folder, 'project/.cursor'));
      symlinkSync('../../.cursor/mcp.json', join(folder, 'project/.cursor/mcp.json'));
    }
    const { code, stderr } = await run('install', PETS, '--client', 'cursor', '--project');
    expect(stderr).toContain('outside the project. It was not changed.');
    expect(code).not.toBe(0);
    expect((await run('uninstall', 'mine', '--client', 'cursor', '--project', '--replace')).code).not.toBe(0);
    expect(readFileSync(join(folder, '.cursor/mcp.json'), 'utf8')).toBe(own);
  },
);
