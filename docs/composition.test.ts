import { describe, expect, test, vi } from 'vitest';
import { clientOf, textsOf } from './client.test.fixture.ts';
import { json, petApi } from './pet-api.test.fixture.ts';

const requests = await petApi((_, response) => json(response, [{ id: 1, name: 'Ada', species: 'cat' }]));

describe('examples/composition.ts', async () => {
  const { default: server } = await import('./examples/composition.ts');
  const client = await clientOf(server);

  test('lists everything that is up, under its namespace', async () => {
    const names = (await client.listTools()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['math_add', 'pets_listPets', 'hello_hello']));
  });

  test('calls a mounted server, an API and a remote server', async () => {
    expect(textsOf(await client.callTool('math_add', { a: 1, b: 2 }))).toEqual(['3']);
    expect(textsOf(await client.callTool('hello_hello'))).toEqual(['Hello.']);
    const pets = await client.callTool('pets_listPets', { limit: 1 });
    expect(pets.structuredContent).toEqual({ result: [{ id: 1, name: 'Ada', species: 'cat' }] });
    expect(requests.at(-1)).toBe('GET /pets?limit=1');
  });

  test('reads credentials under a prefix, and names the variable that is missing', async () => {
    const refused = await client.callTool('pets_addPet', { name: 'Bo', species: 'dog' });
    expect(textsOf(refused)[0]).toContain('PETS_API_KEY_SHOP_KEY');
    await server.close();
  });
});

describe('examples/openapi.ts', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { default: provider } = await import('./examples/openapi.ts');

  test('serves only the selected operations', async () => {
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/^Pet shop: \d+ operations, \d+ problems$/));
    const client = await clientOf(provider);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(['listPets', 'addPet', 'changePet', 'setPhoto']);
    const { contents } = await client.readResource('api://pet-shop/pets/1');
    expect(contents).toMatchObject([{ mimeType: 'application/json' }]);
    expect(requests.at(-1)).toBe('GET /pets/1');
  });
});

describe('examples/mount-later.ts', async () => {
  const { default: server } = await import('./examples/mount-later.ts');

  test('notifies clients of mounts and removals', async () => {
    const changes: string[] = [];
    const client = await clientOf(server, { onChange: (change) => changes.push(change) });
    const names = async () => (await client.listTools()).map(({ name }) => name);
    expect(await names()).toEqual(['learn_arithmetic']);
    await client.callTool('learn_arithmetic');
    expect(await names()).toContain('math_add');
    await client.callTool('forget_arithmetic');
    expect(await names()).not.toContain('math_add');
    await expect.poll(() => changes).toContain('tools');
  });
});
