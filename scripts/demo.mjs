// End-to-end demo: a local pet shop API, the real command line in front of it, and an MCP client that lists the tools
// and calls one. Needs no network. `npm run demo` builds first.
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { CLI, DOCUMENT, startPetstore } from './petstore.mjs';
import { print } from './print.mjs';

const api = await startPetstore();
const client = new Client({ name: 'demo', version: '1.0.0' });
try {
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [CLI, 'run', DOCUMENT, '--no-cache', '--base-url', api.url, '--quiet'],
      env: { ...process.env, API_KEY_SHOP_KEY: 'demo' },
      stderr: 'inherit',
    }),
  );
  await show(client, api);
} finally {
  await client.close();
  await api.close();
}

async function show(client, api) {
  const { tools } = await client.listTools();
  print(`$ openapi-mcp run test-specs/petstore.yaml\n\nThe client sees ${tools.length} tools:\n`);
  const longest = Math.max(...tools.map((tool) => tool.name.length));
  for (const { name, title, description } of tools) print(`  ${name.padEnd(longest)}  ${title ?? description}`);

  const call = { name: 'getPet', arguments: { petId: 7 } };
  const { content, isError } = await client.callTool(call);
  const { method, url } = api.requests.at(-1) ?? {};
  print(`\nIt calls ${call.name} with ${JSON.stringify(call.arguments)}`);
  print(`The API is sent ${method} ${url}`);
  for (const block of content) print(`The client gets ${block.type === 'text' ? block.text : `(${block.type})`}`);
  if (isError || method !== 'GET' || url !== '/pets/7') process.exitCode = 1;
}
