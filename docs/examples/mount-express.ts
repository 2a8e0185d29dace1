import express from 'express';
import { fromOpenApi } from 'openapi-mcp';
import { mcpHandler } from 'openapi-mcp/express';

const shop = new URL('../../test-specs/petstore.yaml', import.meta.url);
const pets = await fromOpenApi(shop, { baseUrl: process.env.PET_SHOP_URL });
const mcp = mcpHandler(pets, {
  // Required unless `insecure: true`.
  token: process.env.OPENAPI_MCP_TOKEN,
  // The host names that other machines use for the app.
  allowedHosts: ['shop.example'],
  onError: (error) => console.error(error.message),
});

const app = express();
app.use(express.json({ limit: '4mb' }));
app.use('/mcp', mcp);
app.get('/', (_request, response) => void response.send('The shop is open.'));

const listener = app.listen(Number(process.env.PORT ?? 8000), '127.0.0.1');

async function close() {
  // Waits for calls in flight.
  await mcp.close();
  listener.close();
  await pets.close();
}
process.once('SIGTERM', close);

export { close, listener };
