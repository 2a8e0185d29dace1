import { confirm, createServer, fromOpenApi, withMiddleware } from 'openapi-mcp';
import { z } from 'zod';

const server = createServer({ name: 'desk', version: '1.0.0' });

// Your own tool describes what it would do. Its handler runs once that is confirmed.
server.tool(
  'close_shop',
  { input: z.object({ days: z.int() }), confirm: ({ days }) => `Closes the shop for ${days} days.` },
  ({ days }) => `Closed for ${days} days.`,
);

// For a mount: the tools that you name, or without `tools`, all tools annotated as destructive.
const pets = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});
server.mount('pets', withMiddleware(pets, confirm({ tools: [{ name: 'remove*' }] })));

export default server;
