// Starts generated-examples/composite, as a program and as a config file, and lists and calls its parts with every
// available client: those of both versions of the MCP SDK, in both protocol eras, and Python's if it is installed.
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createServer } from '../../dist/index.js';
import { startMockApi } from '../../dist/runtime/testing/mock-api.js';
import { model } from '../../generated-examples/petstore/dist/pet-shop.js';

const TOKEN = 'a-token-of-the-example';
const WANTED = ['pets_getPet', 'vault_', 'shapes_', 'files_read', 'about', 'adopt'];
const info = { name: 'examples', version: '1.0.0' };
const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));

const api = await startMockApi(model);
const files = createServer({ name: 'files', version: '1.0.0' });
files.tool('read', { description: 'Reads a file.' }, () => 'what it says');
const remote = await files.run({ transport: 'http', port: 0 });

const CLI = fromHere('../../dist/bin/openapi-mcp.js');
const composite = fromHere('../../generated-examples/composite');
try {
  const program = await tried('program', [`${composite}/index.js`]);
  const config = await tried('config file', [CLI, 'run', composite, '--no-cache']);
  if (program !== config) throw new Error(`The lists differ.\nprogram: ${program}\nconfig file: ${config}`);
  process.stdout.write('composite: the same lists as a program and as a config file\n');
} finally {
  await Promise.all([remote.close(), api.close()]);
}

/** Starts the composite and probes it with every client. @returns everything that it lists, sorted by name */
async function tried(form, args) {
  const server = spawn(process.execPath, args, {
    env: { ...process.env, PET_SHOP_URL: api.url, FILES_MCP_URL: remote.url, PORT: '0', OPENAPI_MCP_TOKEN: TOKEN },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  try {
    const url = await servingUrl(server);
    const headers = { Authorization: `Bearer ${TOKEN}` };
    let listed = '';
    for (const mode of ['auto', 'legacy']) {
      const client = new Client(info, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
      listed = await allListed(client);
      await probe(client, `${form}, SDK v2, ${client.getNegotiatedProtocolVersion()}`);
    }
    const v1 = new ClientV1(info);
    await v1.connect(new TransportV1(new URL(url), { requestInit: { headers } }));
    await probe(v1, `${form}, SDK v1`);
    const { status } = await fetch(url, { method: 'POST' });
    if (status !== 401) throw new Error(`Without the token it answers ${status}.`);
    await probeWithPython(url, form);
    return listed;
  } finally {
    server.kill();
  }
}

async function allListed(client) {
  const { tools } = await client.listTools();
  const { resources } = await client.listResources();
  const { resourceTemplates } = await client.listResourceTemplates();
  const texts = [...tools, ...resources, ...resourceTemplates].map((item) => JSON.stringify(item));
  return texts.sort().join('\n');
}

async function servingUrl(server) {
  const lines = createInterface({ input: server.stderr });
  for await (const line of lines) {
    if (line.startsWith('Serving ')) return line.slice('Serving '.length);
    process.stderr.write(`${line}\n`);
  }
  throw new Error('It ended before it served.');
}

async function probe(client, name) {
  const { tools } = await client.listTools();
  check(
    tools.map((tool) => tool.name),
    name,
  );
  const before = api.requests.length;
  for (const [tool, args, text] of [
    ['pets_getPet', { petId: 7 }],
    ['adopt', {}],
    ['files_read', {}, 'what it says'],
    ['about', {}, 'Two generated, one live, one remote.'],
  ]) {
    const result = await client.callTool({ name: tool, arguments: args });
    if (result.isError || (text && result.content[0].text !== text)) throw new Error(JSON.stringify(result));
  }
  const asked = api.requests.slice(before).map((request) => request.url);
  if (asked.join() !== '/pets/7,/pets/7') throw new Error(`${name}: the API was asked for ${asked.join()}.`);
  await client.close();
  process.stdout.write(`composite: lists and calls (${name})\n`);
}

function check(names, client) {
  for (const wanted of WANTED)
    if (!names.some((name) => name.startsWith(wanted))) throw new Error(`${client}: no tool "${wanted}".`);
}

async function probeWithPython(url, form) {
  const execute = promisify(execFile);
  const { PYTHON = 'python3' } = process.env;
  const isThere = await execute(PYTHON, ['-c', 'import mcp']).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    process.stdout.write(`composite: not tried with Python's client ("${PYTHON}" has no package "mcp")\n`);
    return;
  }
  const { stdout } = await execute(PYTHON, [fromHere('call_composite.py'), url, TOKEN]);
  const { tools, version } = JSON.parse(stdout);
  check(tools, "Python's client");
  process.stdout.write(`composite: lists and calls (${form}, Python's mcp ${version})\n`);
}
