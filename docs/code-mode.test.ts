import { callContext } from 'openapi-mcp';
import { afterAll, expect, test } from 'vitest';
import { json, petApi } from './pet-api.test.fixture.ts';

await petApi((_, response) => json(response, [{ id: 1, name: 'Ada', species: 'cat' }]));
// examples/code-mode.ts
const { server } = await import('./examples/code-mode.ts');
afterAll(() => server.close());

test('codeMode() runs JavaScript that calls the API', async () => {
  expect((await server.listTools({})).map(({ name }) => name)).toEqual(['search_docs', 'execute']);
  const code = 'return (await api.listPets()).map(({ name }) => name)';
  const result = await server.callTool({ name: 'execute', arguments: { code } }, callContext());
  expect(result.content).toEqual([{ type: 'text', text: '["Ada"]' }]);
});
