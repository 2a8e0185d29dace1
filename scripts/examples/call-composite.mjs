// Starts generated-examples/composite as an MCP client would, and asks it for what each of its parts offers.
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { startMockApi } from '../../dist/runtime/testing/mock-api.js';
import { model } from '../../generated-examples/petstore/dist/pet-shop.js';

const api = await startMockApi(model);
const client = new Client({ name: 'examples', version: '1.0.0' });
try {
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [fileURLToPath(new URL('../../generated-examples/composite/index.js', import.meta.url))],
      env: { ...process.env, PET_SHOP_URL: api.url },
      stderr: 'inherit',
    }),
  );
  const { tools } = await client.listTools();
  for (const namespace of ['pets', 'vault', 'shapes'])
    if (!tools.some(({ name }) => name.startsWith(`${namespace}_`))) throw new Error(`No tool of "${namespace}".`);
  const result = await client.callTool({ name: 'pets_getPet', arguments: { petId: 7 } });
  if (result.isError || api.requests.at(-1)?.url !== '/pets/7') throw new Error(JSON.stringify(result));
} finally {
  await client.close();
  await api.close();
}
