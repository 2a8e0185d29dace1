import { createServer, fromOpenApi } from 'openapi-mcp';
import { openTelemetry } from 'openapi-mcp/opentelemetry';

const server = createServer({ name: 'desk', version: '1.0.0' });
// The first one is the outermost, so it also sees calls that other middleware rejects.
server.use(openTelemetry());

const shop = new URL('../../test-specs/petstore.yaml', import.meta.url);
server.mount('pets', await fromOpenApi(shop, { baseUrl: process.env.PET_SHOP_URL }));

export default server;
