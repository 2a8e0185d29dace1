import { codeMode, fromOpenApi, quickJsSandbox } from 'openapi-mcp';

// `search` prepares the document for search_docs, and results of which `fields` can be checked.
const pets = await fromOpenApi('test-specs/petstore.yaml', { baseUrl: process.env.PET_SHOP_URL, search: true });

// Two tools: search_docs and execute.
export const server = codeMode(pets, { sandbox: await quickJsSandbox(), maxCalls: 20 });
