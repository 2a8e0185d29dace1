// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what the user writes
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended, fromRoot, MAIN, start } from '../cli/started.test.fixture.ts';
import { connect, type McpClient } from '../client/index.ts';
import { openApi } from '../proxy.ts';
import { type MockApi, startMockApi } from '../runtime/testing/mock-api.ts';

// Config files as `run` and `inspect` take them.

const PETSTORE = fromRoot('test-specs/petstore.yaml');
const SHAPES = fromRoot('test-specs/schema-shapes.yaml');

let folder: string;
let api: MockApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-config-'));
  const { model, provider } = await openApi(PETSTORE, { cache: false, answerSchemas: 'all' });
  await provider.close();
  api = await startMockApi(model);
  write(
    'own.ts',
    `import { createServer } from 'openapi-mcp';
     export const make = (options: { greeting: string }) => {
       const server = createServer({ name: 'own', version: '1.0.0' });
       server.tool('greet', { description: 'Greets.' }, () => options.greeting);
       server.prompt('welcome', {}, () => 'Be welcome');
       return server;
     };
     export default make({ greeting: 'Hello' });`,
  );
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const inFolder = (args: readonly string[], env: Record<string, string> = {}) => ended(args, { cwd: folder, env });

async function clientOf<T>(
  args: readonly string[],
  act: (client: McpClient) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  const client = await connect({
    command: process.execPath,
    args: [MAIN, 'run', ...args, '--quiet'],
    cwd: folder,
    env,
    stderr: 'ignore',
  });
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

/** Everything that a client can see, and what some calls give. */
const seen = async (client: McpClient) => ({
  instructions: client.instructions,
  server: client.server,
  tools: await client.listTools(),
  resources: await client.listResources(),
  templates: await client.listResourceTemplates(),
  prompts: await client.listPrompts(),
  pets: await client.callTool('pets_listPets', { limit: 2 }),
  refused: await client.callTool('pets_getPet', {}),
  remote: await client.callTool('remote_getPet', { petId: 7 }),
  adopted: await client.callTool('adopt'),
  about: await client.callTool('about'),
  read: await client.readResource('api://pets.pet-shop/pets/7'),
  prompt: await client.getPrompt('own_welcome'),
});

test('a composite as a config file gives the same lists and results as the program', async () => {
  const remote = [MAIN, 'run', PETSTORE, '--base-url', api.url, '--quiet'];
  write(
    'composite/parts.ts',
    `import type { Server } from 'openapi-mcp';
     export default function addParts(server: Server): void {
       server.tool('about', { description: 'What this server is made of.' }, () => 'Two live, one remote.');
       server.tool('adopt', { description: 'The pet to take home.' }, (_: unknown, { callTool }) => callTool('pets_getPet', { petId: 7 }));
     }`,
  );
  const program = write(
    'composite/server.ts',
    `import { createServer, fromMcp, fromOpenApi, readOnly, timeout } from 'openapi-mcp';
     import own from '../own.ts';
     import addParts from './parts.ts';
     const server = createServer({ name: 'composite', version: '1.0.0', instructions: 'Pets.' });
     const pets = { baseUrl: ${JSON.stringify(api.url)}, credentialPrefix: 'PETS' };
     server.mount('pets', readOnly(await fromOpenApi(${JSON.stringify(PETSTORE)}, pets)));
     server.mount('shapes', await fromOpenApi(${JSON.stringify(SHAPES)}));
     server.mount('remote', fromMcp(${JSON.stringify({ command: process.execPath, args: remote })}));
     server.mount('own', own);
     addParts(server);
     server.use(timeout({ ms: 10_000 }));
     export default server;`,
  );
  const config = {
    name: 'composite',
    version: '1.0.0',
    instructions: 'Pets.',
    apis: { pets: { spec: PETSTORE, baseUrl: '${API_URL}', transforms: ['readOnly'] }, shapes: { spec: SHAPES } },
    servers: { remote: { command: process.execPath, args: remote } },
    modules: { own: { path: '../own.ts' } },
    setup: 'parts.ts',
    middleware: [{ timeout: { ms: 10_000 } }],
  };
  const file = write('composite/openapi-mcp.config.json', JSON.stringify(config));
  const env = { API_URL: api.url, PETS_API_KEY_SHOP_KEY: 'key' };
  const [fromProgram, fromConfig] = await Promise.all([clientOf([program], seen, env), clientOf([file], seen, env)]);
  expect(fromConfig).toEqual(fromProgram);
  expect(names(fromConfig.tools)).toEqual(
    expect.arrayContaining(['pets_getPet', 'remote_getPet', 'own_greet', 'adopt']),
  );
  expect(fromConfig.pets.isError).not.toBe(true);
  expect(fromConfig.adopted.isError).not.toBe(true);
});

test('a config of TypeScript is typed, and takes custom middleware and transforms', async () => {
  write(
    'typed/openapi-mcp.config.ts',
    `import { defineConfig, filter, type Middleware } from 'openapi-mcp';
     const calls: string[] = [];
     const counting: Middleware = async (call, next) => {
       if (call.method === 'tools/call') calls.push(call.params.name);
       return next(call);
     };
     export default defineConfig({
       apis: {
         pets: {
           spec: process.env.SPEC!,
           transforms: [(provider) => filter(provider, { include: [{ name: 'list*' }] }), { rename: { tools: { listPets: 'find' } } }],
         },
       },
       setup: (server) => void server.tool('calls', {}, () => calls.join()),
       middleware: [counting],
     });`,
  );
  await clientOf(
    ['typed'],
    async (client) => {
      expect(names(await client.listTools())).toEqual(['calls', 'find', 'read_result']);
      await client.callTool('find');
      expect(await client.callTool('calls')).toMatchObject({ content: [{ text: 'find,calls' }] });
    },
    { SPEC: PETSTORE },
  );
});

test('a config of JavaScript may be a function', async () => {
  write(
    'made/openapi-mcp.config.mjs',
    `export default async () => ({ modules: { own: { path: '../own.ts', export: 'make', options: { greeting: '\${WORD:-Hi}' } } } });`,
  );
  await clientOf(['made'], async (client) => {
    expect(await client.callTool('own_greet')).toMatchObject({ content: [{ text: 'Hi' }] });
  });
});

describe('what the file says', () => {
  const yaml = () =>
    write(
      'desk/openapi-mcp.config.yaml',
      `# Pets
name: desk
version: 2.1.0
envFile: secrets.env
transport: http
port: 0
path: /desk
token: \${TOKEN}
apis:
  pets:
    spec: ${PETSTORE}
    baseUrl: ${api.url}
    auth: { shop_key: '\${SHOP_KEY}' }
    headers: { X-Team: desk }
    exclude: ['DELETE /**']
servers:
  down: { url: 'http://127.0.0.1:1/mcp' }
`,
    );
  beforeAll(() => {
    write('desk/secrets.env', 'TOKEN=open-sesame\nSHOP_KEY=from-the-file\n');
    yaml();
  });

  test('serves, is found in the current folder, and a server that is down does not affect the others', async () => {
    const server = start(['run'], { cwd: join(folder, 'desk') });
    await server.said('Serving ');
    const url = /Serving (\S+\/desk)/.exec(server.stderr())?.[1] ?? '';
    await expect(connect({ url })).rejects.toThrow('401');
    const client = await connect({ url, headers: { Authorization: 'Bearer open-sesame' } });
    expect(client.server).toMatchObject({ name: 'desk', version: '2.1.0' });
    const tools = names(await client.listTools());
    expect(tools).toContain('pets_addPet');
    expect(tools).not.toContain('pets_removePet');
    await client.callTool('pets_addPet', { name: 'Rex', species: 'dog' });
    const request = api.requests.at(-1);
    expect(request?.headers).toMatchObject({ 'x-shop-key': 'from-the-file', 'x-team': 'desk' });
    await client.close();
    server.kill();
    const { code, stderr } = await server.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('desk 2.1.0 (openapi-mcp.config.yaml)');
    expect(stderr).toContain('"down" cannot be listed');
    expect(stderr).not.toContain('open-sesame');
  });

  test('the command line overrules', async () => {
    const args = ['desk', '--transport', 'stdio', '--base-url', 'http://127.0.0.1:9', '--exclude', 'id:addPet'];
    const { code, stdout } = await inFolder(['run', ...args, '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('pets: requests go to http://127.0.0.1:9');
    await clientOf([...args], async (client) => {
      const tools = names(await client.listTools());
      expect(tools).toContain('pets_removePet');
      expect(tools).not.toContain('pets_addPet');
    });
  });

  test('is inspected like every other target', async () => {
    const { code, stdout } = await inFolder(['inspect', 'desk', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'desk', kind: 'config', apis: [{ namespace: 'pets' }] });
  });
});

describe('an invalid config is reported with every error and its place', () => {
  const pets = () => ({ spec: PETSTORE });
  const wrong: readonly (readonly [config: string | (() => object), code: number, says: string])[] = [
    [
      () => ({ apis: { a: { ...pets(), auth: { shop_keys: 'x' } } } }),
      2,
      'apis.a.auth.shop_keys is not a security scheme',
    ],
    [() => ({ apis: { a: { ...pets(), auth: { shop_keys: 'x' } } } }), 2, 'Did you mean "shop_key"?'],
    [() => ({ apis: { a: { ...pets(), auth: { shop_key: '${NO_KEY}' } } } }), 4, 'needs the variable NO_KEY'],
    [
      () => ({ apis: { a: { ...pets(), headers: { 'a b': 'c' } } } }),
      2,
      'apis.a.headers is invalid: headers: "a b" is not a valid header name.',
    ],
    [() => ({ apis: { a: { spec: 'missing.yaml' } } }), 1, 'a: The file does not exist.'],
    [() => ({ apis: { a: { ...pets(), server: '9' } } }), 2, 'a: Unknown server "9"'],
    [
      () => ({ servers: { a: { url: 'https://me:word@host:port/mcp?key=word' } } }),
      2,
      'servers.a is invalid: "https://host:port/mcp" is not the URL of an MCP server',
    ],
    [
      () => ({ servers: { a: { url: 'https://host/mcp', headers: { 'X-Key': 'a\nb' } } } }),
      2,
      'servers.a is invalid: The header "X-Key" for host contains a character that headers cannot contain.',
    ],
    [() => ({ modules: { a: { path: 'missing.ts' } } }), 1, 'a: The module '],
    [
      () => ({ modules: { a: { path: 'own.ts', export: 'mkae' } } }),
      1,
      'has no export "mkae". It exports default, make.',
    ],
    [
      () => ({ apis: { a: { ...pets(), transforms: [{ hideArguments: { nope: [] } }] } } }),
      2,
      'apis.a.transforms[0] is invalid: Unknown tool "nope"',
    ],
    [
      () => ({ apis: { a: pets() }, middleware: [{ redact: { secrets: ['abc'] } }] }),
      2,
      'middleware[0] is invalid: A secret',
    ],
    [() => ({ setup: 'own.ts' }), 1, 'The default export of'],
    [
      () => ({ apis: { a: { ...pets(), transforms: [{ filter: { include: [{ tag: 'nope' }] } }] } } }),
      2,
      'apis.a.transforms[0] is invalid: No tool, resource or prompt matches the rule {"tag":"nope"}',
    ],
    [
      () => ({ apis: { a: { ...pets(), transforms: ['readOnly', { rename: { tools: { listPets: 'getPet' } } }] } } }),
      2,
      'apis.a.transforms[1] is invalid: ',
    ],
    [
      () => ({ apis: { a: { ...pets(), transforms: [{ resourcesAsTools: { list: 'getPet' } }] } } }),
      2,
      'apis.a.transforms[0] is invalid: A tool "getPet" already exists',
    ],
    [
      () => ({ apis: { a: pets() }, transforms: [{ resourcesAsTools: { read: 'getPet' } }] }),
      2,
      'transforms[0] is invalid: A tool "getPet" already exists',
    ],
    [
      () => ({
        apis: {
          a: { ...pets(), include: ['/pets', 'pets'], routes: ['GET -> tool'], headers: { X: 'a\nb' } },
          b: { ...pets(), middleware: [{ redact: { secrets: ['abc'] } }] },
        },
        servers: { c: { url: 'https://host:port/mcp' } },
        middleware: [{ redact: { secrets: ['abc'] } }],
      }),
      2,
      'has 6 errors:',
    ],
    [
      () => ({ apis: { a: { spec: 'missing.yaml' } }, modules: { b: { path: 'missing.ts' } } }),
      1,
      '2 errors.\n  a: The file does not exist.\n    in: ',
    ],
    [() => ({ apis: { a: { spec: 'missing.yaml' } }, modules: { b: { path: 'missing.ts' } } }), 1, '  b: The module'],
    [
      () => ({
        apis: {
          a: { ...pets(), auth: { shop_keys: 'x' } },
          b: { ...pets(), transforms: [{ hideArguments: { nope: [] } }] },
        },
      }),
      2,
      'has 2 errors:\n  apis.a.auth.shop_keys is',
    ],
  ];
  test.each(wrong.map(([config, code, says]) => [says, code, config] as const))(
    '%s, with %i',
    async (says, want, config) => {
      const file = write(
        'wrong.openapi-mcp.config.yaml',
        typeof config === 'string' ? config : JSON.stringify(config()),
      );
      const { code, stdout, stderr } = await inFolder(['run', file]);
      expect(stderr).toContain(says);
      expect({ code, stdout }).toEqual({ code: want, stdout: '' });
    },
  );

  test('a program that throws is reported with its line', async () => {
    const file = write(
      'throws/openapi-mcp.config.ts',
      '\nconst port: number = Number(undefined);\nthrow new Error("no");\n',
    );
    const { code, stderr } = await inFolder(['run', file]);
    expect(code).toBe(1);
    expect(stderr).toContain('openapi-mcp.config.ts failed at throws/openapi-mcp.config.ts:3: no');
  });

  test('a file that cannot be read', async () => {
    const { code, stderr } = await inFolder(['run', 'openapi-mcp.config.json']);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be read (ENOENT)');
  });
});

test('audit lines are written to the file in the config', async () => {
  write(
    'audited/openapi-mcp.config.yaml',
    'modules: { own: { path: ../own.ts } }\nmiddleware: [{ auditLog: { file: audit.jsonl } }]\n',
  );
  await clientOf(['audited'], (client) => client.callTool('own_greet'));
  const lines = readFileSync(join(folder, 'audited/audit.jsonl'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'begin', target: 'own_greet' },
    { event: 'end', target: 'own_greet', ended: 'ok' },
  ]);
});
