// Written by hand: two generated servers, a document that is served as it is, another MCP server and two tools, as one.
import { createServer, fromMcp, fromOpenApi } from 'openapi-mcp';
import { createPetShop } from '../petstore/dist/pet-shop.js';
import { createVault } from '../security-schemes/dist/vault.js';

const server = createServer({
  name: 'composite',
  version: '1.0.0',
  instructions: 'Pets and what is said of them; a vault for what nobody else should know.',
  onError: (error) => process.stderr.write(`${error.message}\n`),
});

// With several APIs each finds its credentials under a prefix of its own: PETS_API_KEY_SHOP_KEY.
server.mount('pets', createPetShop({ credentialPrefix: 'PETS', baseUrl: process.env.PET_SHOP_URL }));
server.mount('vault', createVault({ credentialPrefix: 'VAULT' }));
server.mount('shapes', await fromOpenApi(new URL('../../test-specs/schema-shapes.yaml', import.meta.url)));
server.mount('files', fromMcp(process.env.FILES_MCP_URL ?? 'http://127.0.0.1:8100/mcp'));

server.tool('about', { description: 'What this server is made of.' }, () => 'Two generated, one live, one remote.');
server.tool('adopt', { description: 'The pet to take home.' }, (_, { callTool }) => callTool('pets_getPet', { petId: 7 }));

// Every request needs the token: `Authorization: Bearer …`.
const { PORT = '8000', OPENAPI_MCP_TOKEN: token } = process.env;
const { url } = await server.run({ transport: 'http', port: Number(PORT), token });
process.stderr.write(`Serving ${url}\n`);
