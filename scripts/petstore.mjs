// What several scripts serve: the document of a pet shop, and a mock of its API. Requires a build.
import { fileURLToPath } from 'node:url';
import { openApi } from '../dist/proxy.js';
import { startMockApi } from '../dist/runtime/testing/mock-api.js';

export const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
export const CLI = fromRoot('dist/bin/openapi-mcp.js');
export const DOCUMENT = fromRoot('test-specs/petstore.yaml');

export async function startPetstore() {
  const { model, provider } = await openApi(DOCUMENT, { cache: false, answerSchemas: 'all' });
  await provider.close();
  return startMockApi(model);
}
