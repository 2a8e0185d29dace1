// Written by hand: one server made of two generated ones and of a document that is served as it is.
import { createServer, fromOpenApi } from 'openapi-mcp';
import { createPetShop } from '../petstore/dist/pet-shop.js';
import { createVault } from '../security-schemes/dist/vault.js';

const server = createServer({
  name: 'composite',
  version: '1.0.0',
  instructions: 'Pets and what is said of them; a vault for what nobody else should know.',
  onError: (error) => process.stderr.write(`${error.message}\n`),
});

// With several APIs each finds its credentials under a prefix of its own: PETS_API_KEY_SHOP_KEY.
const { PET_SHOP_URL } = process.env;
server.mount('pets', createPetShop({ credentialPrefix: 'PETS', ...(PET_SHOP_URL && { baseUrl: PET_SHOP_URL }) }));
server.mount('vault', createVault({ credentialPrefix: 'VAULT' }));
server.mount('shapes', await fromOpenApi(new URL('../../test-specs/schema-shapes.yaml', import.meta.url)));

server.tool('about', { description: 'What this server is made of.' }, () => 'Two generated servers and one live proxy.');

await server.run({ transport: 'stdio' });
