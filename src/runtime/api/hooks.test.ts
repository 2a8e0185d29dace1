import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import { callContext } from '../call-context.ts';
import { openEmitted } from '../node/open-emitted.ts';
import { type MockApi, startMockApi } from '../testing/mock-api.ts';
import type { ClientCall } from './client.ts';
import type { HooksById } from './hooks.ts';

const PETSTORE = fileURLToPath(new URL('../../../test-specs/petstore.yaml', import.meta.url));

let model: Awaited<ReturnType<typeof openApi>>['model'];
let api: MockApi;
beforeAll(async () => {
  const opened = await openApi(PETSTORE, { cache: false });
  await opened.provider.close();
  model = opened.model;
  api = await startMockApi(model);
});
afterAll(() => api.close());

type Client = Readonly<Record<string, Readonly<Record<string, ClientCall>>>>;

const open = (hooks: HooksById = {}) =>
  openEmitted<Client>(
    {
      model,
      defaults: { baseUrl: api.url },
      hooks,
      groups: { pets: { getPet: { id: 'getPet' }, listPets: { id: 'listPets' } } },
    },
    { environment: {} },
  );

const call = async (hooks: HooksById, name: string, args: Record<string, unknown>) => {
  const result = await open(hooks).callTool({ name, arguments: args }, callContext());
  return { result, sent: api.requests.at(-1)?.url };
};

test('a hook renames, describes and hides tools', async () => {
  const provider = open({ getPet: { name: 'fetchPet', description: 'Fetches.' }, listPets: { hidden: true } });
  const tools = await provider.listTools({});
  expect(tools.find(({ name }) => name === 'fetchPet')).toMatchObject({ description: 'Fetches.' });
  expect(tools.some(({ name }) => name === 'getPet' || name === 'listPets')).toBe(false);
  expect((await provider.listResources({})).length).toBe(0);
});

test('a fixed argument is sent, and neither listed nor required', async () => {
  const hooks: HooksById = { getPet: { fixed: { petId: 9 } } };
  const tool = (await open(hooks).listTools({})).find(({ name }) => name === 'getPet');
  expect(tool?.inputSchema.properties).toEqual({});
  expect((await call(hooks, 'getPet', {})).sent).toBe('/pets/9');
});

test('before changes the arguments, which are validated after it', async () => {
  const hooks: HooksById = { getPet: { before: (args) => ({ petId: Number(args.petId) + 1 }) } };
  expect((await call(hooks, 'getPet', { petId: 1 })).sent).toBe('/pets/2');
  const wrong: HooksById = { getPet: { before: () => ({ petId: 'x' }) } };
  expect((await call(wrong, 'getPet', { petId: 1 })).result.isError).toBe(true);
});

test('shape converts the response to the result, and after receives the finished result', async () => {
  const hooks: HooksById = {
    getPet: { shape: () => ({ short: true }), after: (result) => ({ ...result, _meta: { seen: true } }) },
  };
  const { result } = await call(hooks, 'getPet', { petId: 1 });
  expect(result.content[0]).toMatchObject({ type: 'text', text: '{"short":true}' });
  expect(result._meta).toEqual({ seen: true });
});

test('a hook that throws fails the call and says why', async () => {
  const { result } = await call(
    {
      getPet: {
        before: () => {
          throw new Error('not on Sundays');
        },
      },
    },
    'getPet',
    { petId: 1 },
  );
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain('not on Sundays');
});

test('the client calls with the same request and gives the value', async () => {
  expect(await open().api.pets?.getPet?.({ petId: 3 })).toMatchObject({ id: 7, name: 'Ada' });
  expect(api.requests.at(-1)?.url).toBe('/pets/3');
  await expect(open().api.pets?.getPet?.({ petId: 'x' })).rejects.toThrow('petId');
});
