import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stringify as yamlText } from 'yaml';
import { CLIENT_NAMES, CLIENTS, type ClientName, type ConfigFormat } from './clients.ts';
import { readConfig } from './config-text.ts';
import { discover } from './discover.ts';
import { applyInstall, applyUninstall, type InstallPlace, planInstall, planUninstall } from './installation.ts';
import type { Places } from './places.ts';

const SERVER = {
  name: 'pets',
  command: '/usr/bin/node',
  args: ['/opt/bin/openapi-mcp.js', 'run', '/specs/pets.yaml'],
  variables: [],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-install-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const placeOf = (client: ClientName, name = 'pets'): InstallPlace => ({
  client: CLIENTS[client],
  path: join(folder, 'config', client),
  name,
  backups: join(folder, 'state'),
});
const entryOf = (client: ClientName, name = 'pets') => CLIENTS[client].entry({ ...SERVER, name });

async function install(place: InstallPlace, client: ClientName) {
  return applyInstall(place, await planInstall(place, entryOf(client, place.name)));
}
async function uninstall(place: InstallPlace) {
  const plan = await planUninstall(place);
  if (plan) applyUninstall(place, plan);
  return plan !== undefined;
}
function put(path: string, text: string) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A config of the user's own: any keys, some of them servers, in any layout. */
const words = fc
  .stringMatching(/^[a-z][a-z0-9_]{0,8}$/)
  .filter((word) => !['pets', 'name', 'constructor'].includes(word));
const values = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string(), { maxLength: 2 }));
const configs = fc.record({
  settings: fc.dictionary(words, fc.oneof(values, fc.dictionary(words, values, { minKeys: 1, maxKeys: 3 })), {
    maxKeys: 4,
  }),
  servers: fc.dictionary(words, fc.constant({ command: 'npx', args: ['-y', 'x'] }), { maxKeys: 3 }),
  hasServers: fc.boolean(),
  indent: fc.constantFrom(undefined, 2, 4, '\t'),
  eol: fc.constantFrom('\n', '\r\n'),
  comment: fc.constantFrom('', 'mine', '"{'),
});
type Config = typeof configs extends fc.Arbitrary<infer Value> ? Value : never;

function textOf(client: ClientName, config: Config): string {
  const { settings, servers, hasServers, indent, eol, comment } = config;
  const { key, list, format } = CLIENTS[client];
  const value = list ? Object.entries(servers).map(([name, server]) => ({ name, ...server })) : servers;
  const all = { ...settings, ...(hasServers && { [key]: value }) };
  return WRITERS[format](all, { indent, comment }).replaceAll('\n', eol);
}

type Layout = Pick<Config, 'indent' | 'comment'>;

const WRITERS: Readonly<Record<ConfigFormat, (all: object, layout: Layout) => string>> = {
  json(all, { indent, comment }) {
    const text = JSON.stringify(all, null, indent);
    // A comment on each line; texts contain no line breaks.
    return comment === '' || !text.includes('\n') ? text : `${text.replaceAll('\n', ` // ${comment}\n`)}\n`;
  },
  toml(all, { comment }) {
    const lines = (object: object): string[] =>
      Object.entries(object).flatMap(([name, each]) =>
        typeof each === 'object' && !Array.isArray(each) ? [] : [`${name} = ${JSON.stringify(each)} # ${comment}`],
      );
    const tables = (object: object, path: string): string[] =>
      Object.entries(object).flatMap(([name, each]) =>
        typeof each === 'object' && each !== null && !Array.isArray(each)
          ? [`[${path}${name}]`, ...lines(each), ...tables(each, `${path}${name}.`)]
          : [],
      );
    return [...lines(all), ...tables(all, '')].map((line) => `${line}\n`).join('');
  },
  yaml(all, { indent, comment }) {
    const text =
      Object.keys(all).length === 0 ? '' : yamlText(all, { indent: typeof indent === 'number' ? indent : 2 });
    return comment === '' ? text : `# ${comment}\n${text}# the end\n`;
  },
};

describe.each(CLIENT_NAMES)('%s', (client) => {
  test('any config of the user: two installs equal one, and uninstalling restores the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(configs, async (config) => {
        const place = placeOf(client);
        const text = textOf(client, config);
        put(place.path, text);
        const before = (await readConfig(text, place.client, place.path)).servers();
        await install(place, client);
        const installed = readFileSync(place.path, 'utf8');
        // That nothing else has another value is checked by every edit.
        expect((await readConfig(installed, place.client, place.path)).servers()).toEqual({
          ...before,
          pets: entryOf(client),
        });
        await install(place, client);
        expect(readFileSync(place.path, 'utf8')).toBe(installed);
        expect(await uninstall(place)).toBe(true);
        expect(readFileSync(place.path, 'utf8')).toBe(text);
      }),
      { numRuns: Number(process.env.OPENAPI_MCP_SEEDS ?? 100) / 2 },
    );
  });

  test('what the user changes in between is kept', async () => {
    const place = placeOf(client);
    const other = placeOf(client, 'other');
    await install(other, client);
    const first = readFileSync(place.path, 'utf8');
    await install(place, client);
    const comment = { json: '// new\n', toml: '# new\n', yaml: '# new\n' }[place.client.format];
    writeFileSync(place.path, comment + readFileSync(place.path, 'utf8'));
    expect(await uninstall(place)).toBe(true);
    expect(readFileSync(place.path, 'utf8')).toBe(comment + first);
    expect(await uninstall(place)).toBe(false);
  });

  test('a file that the installation created is removed with it', async () => {
    const place = placeOf(client);
    await install(place, client);
    expect(existsSync(place.path)).toBe(true);
    await uninstall(place);
    expect(existsSync(place.path)).toBe(false);
    expect(existsSync(join(folder, 'state')) && readFileSyncOrNothing(join(folder, 'state'))).toBeFalsy();
  });
});

const readFileSyncOrNothing = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

describe('what is the user’s', () => {
  test('a server with the same name is reported, not replaced', async () => {
    const place = placeOf('cursor');
    put(place.path, '{"mcpServers":{"pets":{"command":"own-server"}}}');
    expect(await planInstall(place, entryOf('cursor'))).toMatchObject({ foreign: { command: 'own-server' } });
    expect(await planUninstall(place)).toMatchObject({ foreign: { command: 'own-server' } });
  });

  test('a replaced server comes back', async () => {
    const place = placeOf('cursor');
    const text = '{"mcpServers":{"pets":{"command":"own-server"}}}';
    put(place.path, text);
    await install(place, 'cursor');
    await uninstall(place);
    expect(readFileSync(place.path, 'utf8')).toBe(text);
  });

  test('a copy of the file is kept, private', async () => {
    const place = placeOf('zed');
    put(place.path, '{ "theme": "One" }\n');
    const copy = await install(place, 'zed');
    expect(readFileSync(copy ?? '', 'utf8')).toBe('{ "theme": "One" }\n');
    if (process.platform !== 'win32') expect(statSync(copy ?? '').mode & 0o777).toBe(0o600);
  });

  test.skipIf(process.platform === 'win32')('the mode of the file and a link to it stay', async () => {
    const place = placeOf('zed');
    const real = join(folder, 'dotfiles.json');
    put(real, '{}\n');
    chmodSync(real, 0o640);
    mkdirSync(dirname(place.path), { recursive: true });
    symlinkSync(real, place.path);
    await install(place, 'zed');
    expect(readFileSync(real, 'utf8')).toContain('pets');
    expect(statSync(real).mode & 0o777).toBe(0o640);
  });

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'a file that cannot be written is reported',
    async () => {
      const place = placeOf('zed');
      put(place.path, '{}\n');
      chmodSync(dirname(place.path), 0o500);
      await expect(install(place, 'zed')).rejects.toMatchObject({ code: 'CONFIG_UNWRITABLE' });
      chmodSync(dirname(place.path), 0o700);
    },
  );

  test('a folder in place of the file is reported', async () => {
    const place = placeOf('zed');
    mkdirSync(place.path, { recursive: true });
    await expect(install(place, 'zed')).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
  });
});

describe('discovery', () => {
  const placesAt = (platform: NodeJS.Platform): Places => ({
    platform,
    env: {},
    home: join(folder, 'home'),
    project: join(folder, 'project'),
  });

  test('finds what was installed in each client, for the user and the project', async () => {
    const places = placesAt('linux');
    for (const client of CLIENT_NAMES) {
      for (const path of Object.values(CLIENTS[client].paths)) {
        const place = { ...placeOf(client), path: path(places) };
        await install(place, client);
      }
    }
    const { servers, unreadable } = await discover(places);
    expect(unreadable).toEqual([]);
    expect(new Set(servers.map(({ client }) => client))).toEqual(new Set(CLIENT_NAMES));
    for (const server of servers) {
      expect(server).toMatchObject({
        name: 'pets',
        installed: true,
        start: { kind: 'command', command: SERVER.command, args: SERVER.args },
      });
    }
  });

  test('a malformed file costs only itself', async () => {
    const places = placesAt('linux');
    put(CLIENTS.cursor.paths.user?.(places) ?? '', '{ broken');
    put(CLIENTS.zed.paths.user?.(places) ?? '', '{"context_servers":{"a":{"url":"https://a.example/mcp"}}}');
    const { servers, unreadable } = await discover(places);
    expect(servers).toMatchObject([{ client: 'zed', start: { kind: 'url', url: 'https://a.example/mcp' } }]);
    expect(unreadable).toMatchObject([{ client: 'cursor', message: expect.stringContaining('cannot be read') }]);
  });
});

test('each platform has its own paths', () => {
  const at = (platform: NodeJS.Platform, home: string, env = {}) => {
    const places: Places = { platform, home, env, project: '/project' };
    return Object.fromEntries(CLIENT_NAMES.map((name) => [name, CLIENTS[name].paths.user?.(places)]));
  };
  expect(at('linux', '/home/ada')).toMatchObject({
    'claude-desktop': '/home/ada/.config/Claude/claude_desktop_config.json',
    'claude-code': '/home/ada/.claude.json',
    vscode: '/home/ada/.config/Code/User/mcp.json',
    zed: '/home/ada/.config/zed/settings.json',
    goose: '/home/ada/.config/goose/config.yaml',
  });
  expect(at('darwin', '/Users/ada')).toMatchObject({
    'claude-desktop': '/Users/ada/Library/Application Support/Claude/claude_desktop_config.json',
    vscode: '/Users/ada/Library/Application Support/Code/User/mcp.json',
    zed: '/Users/ada/.config/zed/settings.json',
  });
  const windows = { APPDATA: String.raw`C:\Users\ada\AppData\Roaming` };
  expect(at('win32', String.raw`C:\Users\ada`, windows)).toMatchObject({
    'claude-desktop': String.raw`C:\Users\ada\AppData\Roaming\Claude\claude_desktop_config.json`,
    cursor: String.raw`C:\Users\ada\.cursor\mcp.json`,
    goose: String.raw`C:\Users\ada\AppData\Roaming\Block\goose\config\config.yaml`,
    zed: String.raw`C:\Users\ada\AppData\Roaming\Zed\settings.json`,
  });
  expect(at('linux', '/home/ada', { CODEX_HOME: '/c', XDG_CONFIG_HOME: '/x' })).toMatchObject({
    codex: '/c/config.toml',
    zed: '/x/zed/settings.json',
  });
});
