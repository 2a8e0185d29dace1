import { callContext } from 'openapi-mcp';
import { expect, test } from 'vitest';
import { clientOf, textsOf } from './client.test.fixture.ts';
import { json, petApi } from './pet-api.test.fixture.ts';

const requests = await petApi((_, response) => json(response, [{ id: 1, name: 'Ada', species: 'cat' }]));
// examples/transforms.ts
const { default: server, prefixed } = await import('./examples/transforms.ts');
const client = await clientOf(server);
const tools = await client.listTools();
const namesUnder = (prefix: string) => tools.map(({ name }) => name).filter((name) => name.startsWith(prefix));

test('readOnly keeps tools that cannot change anything', async () => {
  expect(namesUnder('look_')).toEqual(['look_listPets', 'look_getPet', 'look_getOrder']);
  await expect(client.callTool('look_removePet', { petId: 1 })).rejects.toThrow('Unknown tool');
});

test('filter, rename, describe, fixArguments and hideArguments change what clients see', async () => {
  expect(namesUnder('cats_')).toEqual(['cats_list_cats', 'cats_getPet']);
  const cats = tools.find(({ name }) => name === 'cats_list_cats');
  expect(cats).toMatchObject({ title: 'Cats', description: 'The cats of the shop.' });
  expect(Object.keys(cats?.inputSchema.properties ?? {})).toEqual([]);
  await client.callTool('cats_list_cats');
  expect(requests.at(-1)).toBe('GET /pets?species=cat');
});

test('resourcesAsTools and promptsAsTools are for clients that support only tools', async () => {
  const [listed = ''] = textsOf(await client.callTool('files_list_resources'));
  const [resource] = JSON.parse(listed).resources;
  const read = await client.callTool('files_read_resource', { uri: resource.uri });
  expect(JSON.stringify(read)).toContain('Ada');
  const prompt = await client.callTool('ask_get_prompt', { name: 'code_review', arguments: { code: 'a = 1' } });
  expect(JSON.stringify(prompt)).toContain('a = 1');
});

test('namespace adds the same prefix as a mount', async () => {
  const result = await prefixed.callTool({ name: 'shop_listPets', arguments: {} }, callContext());
  expect(result.isError).not.toBe(true);
});
