import { fromOpenApi, keepResults, pageResults } from 'openapi-mcp';

const rows = await fromOpenApi('test-specs/pagination.yaml', {
  baseUrl: process.env.PET_SHOP_URL,
  // Where the document does not say how pages are reached, or not correctly.
  pagination: { top: { kind: 'page', argument: 'limit' }, byLink: false },
});

// Large collections are cut for the model, and kept.
export default keepResults(pageResults(rows, { maxItems: 1_000 }), { maxTokens: 5_000 });
