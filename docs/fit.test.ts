import { callContext, type Provider } from 'openapi-mcp';
import { expect, test } from 'vitest';
import { json, petApi } from './pet-api.test.fixture.ts';

await petApi((_, response) => json(response, [{ id: 1, name: 'Ada', species: 'cat' }]));
// examples/fit.ts
const { found, fitted, mode } = await import('./examples/fit.ts');

const namesOf = async (provider: Provider) => (await provider.listTools({})).map(({ name }) => name);

test('searchTools() finds tools, and calls them by name', async () => {
  expect(await namesOf(found)).toEqual(['search_tools', 'describe_tools', 'call_tool', 'listPets']);
  const hits = await found.callTool({ name: 'search_tools', arguments: { query: 'all cats' } }, callContext());
  expect(JSON.stringify(hits.content)).toContain('listPets(');
  const pets = await found.callTool({ name: 'call_tool', arguments: { name: 'listPets' } }, callContext());
  expect(JSON.stringify(pets.content)).toContain('Ada');
});

test('fitTools() lists one tool with all signatures', async () => {
  expect(mode).toBe('signature');
  const [tool, ...others] = await fitted.listTools({});
  expect(others).toEqual([]);
  expect(tool?.description).toContain('getPet(petId');
});
