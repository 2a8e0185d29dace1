import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { fromOpenApi } from 'openapi-mcp';
import { mountV1 } from 'openapi-mcp/mount-v1';
import { z } from 'zod';

// With `logging` declared, log messages of the mounted provider reach the client.
const server = new McpServer({ name: 'desk', version: '1.0.0' }, { capabilities: { logging: {} } });
server.registerTool('greet', { inputSchema: { name: z.string() } }, ({ name }) => ({
  content: [{ type: 'text', text: `Hello, ${name}.` }],
}));

const shop = new URL('../../test-specs/petstore.yaml', import.meta.url);
const pets = await fromOpenApi(shop, { baseUrl: process.env.PET_SHOP_URL });
const mount = await mountV1(server, pets, { prefix: 'pets_', onError: (error) => console.error(error.message) });

export { mount, server as default };
