// The interop grid: clients of the field × transports × the ways in which a document is served; and servers written
// elsewhere, directly and mounted. Each cell lists, calls, reads and gets an error. Prints the grid and fails on a cell.
// Usage: node scripts/interop.mjs [folder]. Requires a build. The folder has `inspector`, `server-everything`,
// `server-filesystem` and `server-memory` of @modelcontextprotocol installed; what is absent is left out, with a line.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client as ClientV2, StreamableHTTPClientTransport as HttpV2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { connect } from '../dist/client/index.js';
import { buildProject } from './emitted-project.mjs';
import { CLI, DOCUMENT, fromRoot, startPetstore } from './petstore.mjs';
import { print } from './print.mjs';
import { printed } from './printed.mjs';

/** The program that runs MCP Inspector. */
const INSPECTOR_NODE = process.env.INSPECTOR_NODE ?? process.execPath;
const INFO = { name: 'interop', version: '1.0.0' };
const installed = process.argv[2] === undefined ? undefined : resolve(process.argv[2], 'node_modules');
const ends = [];
const faults = [];

const api = await startPetstore();
const folder = mkdtempSync(join(tmpdir(), 'interop-'));
const env = {
  PATH: process.env.PATH,
  HOME: folder,
  XDG_CACHE_HOME: folder,
  API_KEY_SHOP_KEY: 'k',
};
try {
  await grid(await servers(), clients());
  await foreignServers();
} finally {
  for (const end of ends.reverse()) await end();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
}
if (faults.length > 0) {
  for (const fault of faults) print(fault);
  process.exitCode = 1;
}

/** Each way of serving the document, as a command, and a URL where it can be served over HTTP. */
async function servers() {
  const run = [CLI, 'run', DOCUMENT, '--no-cache', '--base-url', api.url];
  const project = join(folder, 'project');
  // Emitted servers call the servers of their document.
  const local = join(folder, 'petstore.yaml');
  const yaml = readFileSync(DOCUMENT, 'utf8');
  writeFileSync(local, yaml.replace(/^servers:[\s\S]*?(?=^\w)/m, `servers: [{ url: '${api.url}' }]\n`));
  const generated = spawnSync(process.execPath, [CLI, 'generate', local, '-o', project], { encoding: 'utf8' });
  if (generated.status !== 0) throw new Error(generated.stderr);
  buildProject(project, { check: false });
  const emitted = [join(project, 'dist/index.js')];
  const spec = { spec: DOCUMENT, baseUrl: api.url };
  writeFileSync(join(folder, 'openapi-mcp.config.json'), JSON.stringify({ apis: { pets: spec, more: spec } }));
  const composite = [CLI, 'run', folder, '--no-cache'];
  const http = (args) => [...args, '--transport', 'http', '--port', '0'];
  return {
    run: { command: [...run, '--quiet'], url: await served(http(run)), prefix: '' },
    emitted: { command: emitted, url: await served(http(emitted)), prefix: '' },
    composite: { command: [...composite, '--quiet'], url: await served(http(composite)), prefix: 'pets_' },
    'mounted in v1': { command: [mounting('mount-v1', '@modelcontextprotocol/sdk/server/stdio.js')], prefix: 'pets_' },
    'mounted in v2': { command: [mounting('mount-into', '@modelcontextprotocol/server/stdio')], prefix: 'pets_' },
  };
}

/** A program that serves an example of the documentation over stdio. */
function mounting(example, transport) {
  const path = join(folder, `${example}.mjs`);
  const module = transport.endsWith('.js') ? 'sdk' : 'server';
  if (!existsSync(join(folder, 'node_modules'))) symlinkSync(fromRoot('node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'examples'), { recursive: true });
  const mount = module === 'sdk' ? 'mountV1' : 'mountInto';
  const server = module === 'sdk' ? '@modelcontextprotocol/sdk/server/mcp.js' : '@modelcontextprotocol/server';
  const from = fromRoot(module === 'sdk' ? 'dist/adapters/mount-v1.js' : 'dist/index.js');
  writeFileSync(
    path,
    `import { McpServer } from '${server}';
import { StdioServerTransport } from '${transport}';
import { fromOpenApi } from '${fromRoot('dist/index.js')}';
import { ${mount} } from '${from}';
const server = new McpServer({ name: 'desk', version: '1.0.0' });
const pets = await fromOpenApi('${DOCUMENT}', { baseUrl: '${api.url}', cache: false });
await ${mount}(server, pets, { prefix: 'pets_', onError: (error) => console.error(error.message) });
await server.connect(new StdioServerTransport());
`,
  );
  return path;
}

/** The address of a server that is started over HTTP. */
async function served(args) {
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  ends.push(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'exit');
  });
  return printed(child, /Serving (\S+)/);
}

/** How each client does what a cell tries. */
function clients() {
  const stdio = ({ command }) => ({
    command: process.execPath,
    args: command,
    env,
    stderr: 'ignore',
  });
  const sdk = (make, Stdio, Http) => async (server, transport) => {
    const client = make();
    await client.connect(transport === 'stdio' ? new Stdio(stdio(server)) : new Http(new URL(server.url)));
    return {
      list: async () => (await client.listTools()).tools,
      call: (name, args) => client.callTool({ name, arguments: args }),
      read: async (uri) => (await client.readResource({ uri })).contents,
      close: () => client.close(),
    };
  };
  const ours = (mode) => async (server, transport) => {
    const client = await connect(transport === 'stdio' ? stdio(server) : server.url, { mode });
    return {
      list: () => client.listTools(),
      call: (name, args) => client.callTool(name, args),
      read: async (uri) => (await client.readResource(uri)).contents,
      close: () => client.close(),
    };
  };
  const v2 = (mode) => () => new ClientV2(INFO, { versionNegotiation: { mode } });
  const found = {
    'SDK v1': sdk(() => new ClientV1(INFO), StdioV1, HttpV1),
    'SDK v2, 2025': sdk(v2('legacy'), StdioV2, HttpV2),
    'SDK v2, 2026': sdk(v2('auto'), StdioV2, HttpV2),
    'ours, 2025': ours('legacy'),
    'ours, 2026': ours('auto'),
  };
  const inspector = installed && join(installed, '@modelcontextprotocol/inspector/clients/launcher/build/index.js');
  if (!inspector || !existsSync(inspector)) print('MCP Inspector: not installed, left out');
  else if (!newEnough())
    print('MCP Inspector: left out, it requires Node 22.19 or newer: name one with INSPECTOR_NODE');
  else found['MCP Inspector'] = inspectorClient(inspector);
  if (spawnSync('python3', ['-c', 'import mcp']).status === 0)
    print('Python: mcp is installed, but there is no driver here');
  else print('Python mcp and FastMCP: not installed, left out');
  return found;
}

function newEnough() {
  const { stdout } = spawnSync(INSPECTOR_NODE, ['--print', 'process.versions.node'], { encoding: 'utf8' });
  const [major, minor] = stdout.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

/** Its command line: a process for each request. */
function inspectorClient(script) {
  return async (server, transport) => {
    // Not synchronous: the API that the tools call is in this process.
    const ask = async (...words) => {
      const target =
        transport === 'stdio' ? [process.execPath, ...server.command] : [server.url, '--transport', 'http'];
      const child = spawn(INSPECTOR_NODE, [script, '--cli', ...target, ...words], { env, timeout: 20_000 });
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      if (stdout === '') throw new Error(stderr || 'no answer within 20 s');
      return JSON.parse(stdout);
    };
    return {
      list: async () => (await ask('--method', 'tools/list')).tools,
      call: async (name, args) => {
        const given = Object.entries(args).flatMap(([key, value]) => ['--tool-arg', `${key}=${value}`]);
        return ask('--method', 'tools/call', '--tool-name', name, ...given);
      },
      read: async (uri) => (await ask('--method', 'resources/read', '--uri', uri)).contents,
      close: async () => {},
    };
  };
}

async function grid(ways, kinds) {
  const columns = Object.entries(ways).flatMap(([way, server]) =>
    (server.url === undefined ? ['stdio'] : ['stdio', 'http']).map((transport) => ({ way, server, transport })),
  );
  print(['', ...columns.map(({ way, transport }) => `${way} ${transport}`)].join(' | '));
  let [passed, total] = [0, 0];
  for (const [kind, open] of Object.entries(kinds)) {
    const row = [kind];
    for (const { way, server, transport } of columns) {
      total += 1;
      try {
        await cell(await open(server, transport), server.prefix);
        row.push('ok');
        passed += 1;
      } catch (error) {
        row.push('FAIL');
        faults.push(`${kind}, ${way} over ${transport}: ${error instanceof Error ? error.message : error}`);
      }
    }
    print(row.join(' | '));
  }
  print(`${passed} of ${total} cells`);
}

/** A list, a call, a call that fails, and a read. */
async function cell(client, prefix) {
  try {
    const names = (await client.list()).map(({ name }) => name);
    assert(names.includes(`${prefix}listPets`), `listed ${names.join(', ')}`);
    const pet = await client.call(`${prefix}getPet`, { petId: 7 });
    assert(!pet.isError && JSON.stringify(pet).includes('Ada'), `answered ${JSON.stringify(pet)}`);
    const wrong = await client.call(`${prefix}getPet`, { petId: 0 });
    assert(wrong.isError === true, `answered ${JSON.stringify(wrong)}`);
    const namespace = prefix === '' ? '' : prefix.replace('_', '.');
    const [read] = await client
      .read(`api://${namespace}pet-shop/pets/7`)
      .catch(() => client.read('api://pet-shop/pets/7'));
    assert(String(read?.text).includes('Ada'), `read ${JSON.stringify(read)}`);
  } finally {
    await client.close();
  }
}

/** Servers of the protocol's authors, called by our client: directly, and mounted in `run`. */
async function foreignServers() {
  const scripts = {
    everything: { args: ['server-everything/dist/index.js'], tool: 'echo', given: { message: 'hi' }, says: 'hi' },
    filesystem: {
      args: ['server-filesystem/dist/index.js', folder],
      tool: 'list_allowed_directories',
      given: {},
      says: folder,
    },
    memory: { args: ['server-memory/dist/index.js'], tool: 'read_graph', given: {}, says: 'entities' },
  };
  for (const [name, { args, tool, given, says }] of Object.entries(scripts)) {
    const [script, ...rest] = args;
    const path = installed && join(installed, '@modelcontextprotocol', script);
    if (!path || !existsSync(path)) {
      print(`server ${name}: not installed, left out`);
      continue;
    }
    const direct = { command: process.execPath, args: [path, ...rest], stderr: 'ignore' };
    const config = join(folder, `${name}.openapi-mcp.config.json`);
    writeFileSync(config, JSON.stringify({ servers: { other: { command: process.execPath, args: direct.args } } }));
    const mounted = { command: process.execPath, args: [CLI, 'run', config, '--quiet'], stderr: 'ignore' };
    for (const [way, target, prefix] of [
      ['directly', direct, ''],
      ['mounted', mounted, 'other_'],
    ]) {
      for (const mode of ['legacy', 'auto']) {
        const where = `server ${name}, ${way}, ${mode === 'auto' ? '2026' : '2025'} if it can`;
        try {
          const client = await connect({ ...target, env }, { mode });
          try {
            const result = await client.callTool(prefix + tool, given);
            assert(JSON.stringify(result).includes(says), `answered ${JSON.stringify(result)}`);
          } finally {
            await client.close();
          }
          print(`${where}: ok`);
        } catch (error) {
          print(`${where}: FAIL`);
          faults.push(`${where}: ${error instanceof Error ? error.message : error}`);
        }
      }
    }
  }
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}
