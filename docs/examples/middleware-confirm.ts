import { confirm, createServer, fromOpenApi, withMiddleware } from 'openapi-mcp';
import { z } from 'zod';

const server = createServer({ name: 'desk', version: '1.0.0' });

// A tool of your own says what it would do, and its handler runs once somebody agrees.
server.tool(
  'close_shop',
  { input: z.object({ days: z.int() }), confirm: ({ days }) => `Closes the shop for ${days} days.` },
  ({ days }) => `Closed for ${days} days.`,
);

// Of a mount: those tools that you name; without `tools` all that say of themselves that they are destructive.
const pets = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});
server.mount('pets', withMiddleware(pets, confirm({ tools: [{ name: 'remove*' }] })));

export default server;
