import { describe, expect, test } from 'vitest';
import { CLIENT_NAMES, CLIENTS, type ClientName } from './clients.ts';
import { readConfig } from './config-text.ts';

const SERVER = {
  name: 'pets',
  command: '/usr/bin/node',
  args: ['/opt/openapi-mcp.js', 'run', '/a b/pets.yaml'],
  variables: ['API_KEY_SHOP'],
};

/** Files as users have them, with comments, unknown keys and other servers. */
const SAMPLES: Readonly<Record<string, readonly [client: ClientName, text: string][]>> = {
  JSON: [
    ['claude-desktop', ''],
    ['claude-desktop', '{}'],
    ['claude-desktop', '{\n  "globalShortcut": "Ctrl+Space"\n}\n'],
    [
      'claude-desktop',
      '{\n  "mcpServers": {\n    "files": {\n      "command": "npx",\n      "args": ["-y", "files-mcp"]\n    }\n  },\n  "globalShortcut": ""\n}',
    ],
    ['claude-code', '{"numStartups":41,"projects":{"/home/ada":{"mcpServers":{}}},"mcpServers":{}}'],
    ['cursor', '{\r\n\t"mcpServers": {\r\n\t\t"a": { "url": "https://a.example/mcp" }\r\n\t}\r\n}\r\n'],
    [
      'vscode',
      '{\n  // asked once\n  "inputs": [{ "id": "key", "type": "promptString", "password": true }],\n  "servers": {\n    /* the first */\n    "git": { "type": "http", "url": "https://git.example/mcp" }, // remote\n  },\n}\n',
    ],
    [
      'zed',
      '// Zed settings\n{\n  "theme": "One Dark",\n  "context_servers": {\n    "a": { "command": "a", "args": [], "env": {} }\n  },\n  "vim_mode": true, // of course\n}\n',
    ],
    ['gemini-cli', '{"ui":{"theme":"Default"},"mcpServers":{"x":{"httpUrl":"https://x.example"}}}'],
    ['cline', '\uFEFF{\n    "mcpServers": {}\n}\n'],
  ],
  TOML: [
    ['codex', ''],
    ['codex', 'model = "gpt-5.4"'],
    [
      'codex',
      '# my settings\nmodel = "gpt-5.4"   # fast\n\n[mcp_servers.files]\ncommand = "npx"\nargs = ["-y", "files-mcp"]\n\n[mcp_servers.files.env]\nTOKEN = "t"\n\n[profiles.a]\nnote = """\n[mcp_servers.pets]\nnot a table\n"""\n',
    ],
    ['codex', '[projects."/home/ada"]\r\ntrust_level = "trusted"\r\n'],
  ],
  YAML: [
    ['goose', ''],
    ['goose', 'GOOSE_PROVIDER: anthropic\n'],
    [
      'goose',
      '# goose\nGOOSE_MODEL: "claude"   # best\nextensions:\n    developer:\n        enabled: true   # always\n        type: builtin\n        name: developer\n    # a note about memory\n    memory:\n        enabled: false\n        type: builtin\nGOOSE_MODE: auto\n',
    ],
    ['goose', 'extensions: {}\nGOOSE_MODE: auto\n'],
    ['goose', 'extensions:   # none yet\nGOOSE_MODE: auto\n'],
    ['continue', 'name: Local\nversion: 1.0.0\nschema: v1\n'],
    [
      'continue',
      "name: Local\nmcpServers:\n  - name: files\n    command: npx\n    args:\n      - -y\n      - 'files-mcp'\n\n# models come last\nmodels:\n  - name: A\n    provider: b\n",
    ],
    ['continue', 'mcpServers:\n- name: files\n  command: npx\nmodels: []\n'],
  ],
};

const cases = Object.values(SAMPLES)
  .flat()
  .map(([client, text]) => [client, text] as const);

const configOf = (client: ClientName, text: string) => readConfig(text, CLIENTS[client], 'config');
const entryOf = (client: ClientName) => CLIENTS[client].entry(SERVER);

describe.each(cases)('%s: %j', (client, text) => {
  test('installing adds the server and changes nothing else', async () => {
    const before = (await configOf(client, text)).servers();
    const installed = (await configOf(client, text)).withServer('pets', entryOf(client));
    expect((await configOf(client, installed)).servers()).toEqual({ ...before, pets: entryOf(client) });
    // Every line of the user is still there, in order. A line may get the comma that JSON needs.
    const lines = installed.split(/\r?\n/).map((line) => line.replace(/,?\s*$/, ''));
    let at = -1;
    for (const line of text.split(/\r?\n/).map((line) => line.replace(/,?\s*$/, ''))) {
      if (!/[\w#/]/.test(line) || line.includes('{}') || /^\{".*\}$/.test(line)) continue;
      const found = lines.indexOf(line, at + 1);
      expect(found, line).toBeGreaterThan(at);
      at = found;
    }
  });

  test('installing twice is installing once', async () => {
    const once = (await configOf(client, text)).withServer('pets', entryOf(client));
    expect((await configOf(client, once)).withServer('pets', entryOf(client))).toBe(once);
  });

  test('installing another version replaces it', async () => {
    const once = (await configOf(client, text)).withServer('pets', entryOf(client));
    const changed = CLIENTS[client].entry({ ...SERVER, args: ['other'] });
    const twice = (await configOf(client, once)).withServer('pets', changed);
    expect((await configOf(client, twice)).servers().pets).toEqual(changed);
    expect(Object.keys((await configOf(client, twice)).servers())).toEqual(
      Object.keys((await configOf(client, once)).servers()),
    );
  });

  test('removing it leaves what was there', async () => {
    const before = (await configOf(client, text)).servers();
    const installed = (await configOf(client, text)).withServer('pets', entryOf(client));
    const removed = (await configOf(client, installed)).withoutServer('pets');
    expect((await configOf(client, removed)).servers()).toEqual(before);
    if (Object.keys(before).length > 0) expect(removed).toBe(text.endsWith('\n') ? text : `${text}`);
  });
});

test.each(CLIENT_NAMES)('%s: a file with a syntax error is refused', async (client) => {
  const broken = { json: '{ "mcpServers": { ', toml: '[mcp_servers', yaml: 'a: [1\nb: 2' }[CLIENTS[client].format];
  await expect(configOf(client, broken)).rejects.toMatchObject({
    code: 'CONFIG_MALFORMED',
    message: expect.stringContaining('It was not changed.'),
  });
});

test.each([
  ['goose', 'extensions: { a: { type: builtin } }\n'],
  ['codex', 'mcp_servers = { a = { command = "a" } }\n'],
] as const)('%s: a form that cannot be extended is refused, with what to add', async (client, text) => {
  const config = await configOf(client, text);
  expect(() => config.withServer('pets', entryOf(client))).toThrow('cannot be edited safely');
});

test.each([
  ['cursor', '{"mcpServers": []}'],
  ['continue', 'mcpServers: { a: 1 }'],
  ['codex', 'mcp_servers = "none"'],
] as const)('%s: servers of another type are refused', async (client, text) => {
  await expect(configOf(client, text)).rejects.toMatchObject({ code: 'CONFIG_MALFORMED' });
});
