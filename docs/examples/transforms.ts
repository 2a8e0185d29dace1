import {
  createServer,
  describe,
  filter,
  fixArguments,
  fromOpenApi,
  hideArguments,
  namespace,
  promptsAsTools,
  readOnly,
  rename,
  resourcesAsTools,
} from 'openapi-mcp';
import reviews from './prompt.ts';

const shop = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});
const server = createServer({ name: 'desk', version: '1.0.0' });

// Only tools that cannot change anything.
server.mount('look', readOnly(shop));

// A subset, with new names and descriptions, and with arguments that are hidden from the model.
let pets = filter(shop, {
  include: [{ kind: 'tool', name: '*Pet*' }],
  exclude: [{ annotations: { destructiveHint: true } }],
});
pets = await fixArguments(pets, { listPets: { species: ['cat'] } });
pets = await hideArguments(pets, { listPets: ['limit'] });
pets = await describe(pets, { tools: { listPets: { title: 'Cats', description: 'The cats of the shop.' } } });
pets = await rename(pets, { tools: { listPets: 'list_cats' } });
server.mount('cats', pets);

// For clients that support only tools.
server.mount('files', await resourcesAsTools(filter(shop, { exclude: [{ kind: 'tool' }] })));
server.mount('ask', await promptsAsTools(reviews));

// The same prefix as `mount`, without a server.
export const prefixed = namespace(shop, 'shop');

export default server;
