import { McpServer } from '@modelcontextprotocol/server';
import { fromOpenApi, mountInto } from 'openapi-mcp';
import { z } from 'zod';

const server = new McpServer({ name: 'desk', version: '1.0.0' });
server.registerTool('greet', { inputSchema: z.object({ name: z.string() }) }, ({ name }) => ({
  content: [{ type: 'text', text: `Hello, ${name}.` }],
}));

const shop = new URL('../../test-specs/petstore.yaml', import.meta.url);
const pets = await fromOpenApi(shop, { baseUrl: process.env.PET_SHOP_URL });
// Mount before connect(), which sends the capabilities to the client.
const mount = await mountInto(server, pets, { prefix: 'pets_', onError: (error) => console.error(error.message) });

export { mount, server as default };
