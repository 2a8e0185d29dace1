import fastify from 'fastify';
import { fromOpenApi } from 'openapi-mcp';
import { mcpPlugin } from 'openapi-mcp/fastify';

const shop = new URL('../../test-specs/petstore.yaml', import.meta.url);
const pets = await fromOpenApi(shop, { baseUrl: process.env.PET_SHOP_URL });

// Otherwise closing waits for idle client connections.
const app = fastify({ forceCloseConnections: true });
await app.register(mcpPlugin(pets, { token: process.env.OPENAPI_MCP_TOKEN }), { prefix: '/mcp' });
app.addHook('onClose', () => pets.close());
app.get('/', async () => 'The shop is open.');

await app.listen({ port: Number(process.env.PORT ?? 8000), host: '127.0.0.1' });
// `app.close()` waits for calls in flight.
process.once('SIGTERM', () => app.close());

export default app;
