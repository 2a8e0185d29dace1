import { fromOpenApi, keepResults, memoryResultStore, offerDryRun, shapeResults } from 'openapi-mcp';

// `answerSchemas: 'all'`: names of fields are checked for every operation, also for those that list no output schema.
const pets = await fromOpenApi('test-specs/petstore.yaml', {
  baseUrl: process.env.PET_SHOP_URL,
  answerSchemas: 'all',
});

// Every tool also takes `fields` and `query`; results of listPets have two fields unless a call asks for others.
const shaped = shapeResults(offerDryRun(pets), { fields: { listPets: ['id', 'name'] } });

// Outermost: it limits what all other parts return.
export default keepResults(shaped, { maxTokens: 10_000, store: memoryResultStore({ idleMs: 300_000 }) });
