import { fitTools, fromOpenApi, searchTools } from 'openapi-mcp';

const pets = await fromOpenApi('test-specs/petstore.yaml', { baseUrl: process.env.PET_SHOP_URL });

// Three tools that find and call the others, and one that is always listed.
export const found = await searchTools(pets, { pinned: ['listPets'] });

// `auto` would pick the first mode that fits into the budget.
export const { provider: fitted, mode } = await fitTools(pets, { mode: 'signature', budget: 500 });
