import { openApi } from 'openapi-mcp';

const document = new URL('../../test-specs/petstore.yaml', import.meta.url);
const { provider, model, problems } = await openApi(document, {
  include: ['tag:pets'],
  exclude: ['DELETE /**'],
  routes: ['GET /pets/{petId} => resource'],
  baseUrl: process.env.PET_SHOP_URL,
  profile: 'openai',
  timeoutMs: 10_000,
});
console.error(`${model.title}: ${model.operations.length} operations, ${problems.length} problems`);

export default provider;
