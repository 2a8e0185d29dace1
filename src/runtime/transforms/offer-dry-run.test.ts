import { expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import { callContext } from '../call-context.ts';
import { confirm, withMiddleware } from '../middleware/index.ts';
import type { Provider, ToolResult } from '../provider.ts';
import { createServer } from '../server.ts';
import { offerDryRun } from './offer-dry-run.ts';

const operation = (operationId: string, names: readonly string[] = []) => ({
  operationId,
  security: [{ key: [] }],
  parameters: names.map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
  responses: {},
});
/** Nothing is sent: the host does not exist. */
const DOCUMENT = {
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: 'https://shop.invalid' }],
  components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
  paths: {
    '/pets': { get: operation('listPets'), post: operation('addPet', ['name']) },
    '/orders': { delete: operation('dropOrders', ['dry_run']) },
  },
};
const open = async () => (await openApi(DOCUMENT, { auth: { key: 'very-secret' }, environment: {} })).provider;
const call = (provider: Provider, name: string, args: Record<string, unknown>) =>
  provider.callTool({ name, arguments: args }, callContext());
const textOf = ({ content }: ToolResult) => (content[0]?.type === 'text' ? content[0].text : '');
const argumentsOf = async (provider: Provider) =>
  Object.fromEntries(
    (await provider.listTools({})).map((tool) => [tool.name, Object.keys(tool.inputSchema.properties ?? {})]),
  );

test('operations that may change something offer it; a name that is taken is kept', async () => {
  const server = createServer({ name: 'all', version: '1' });
  server.mount(await open());
  server.tool('own', {}, () => 'done');
  const provider = offerDryRun(server);
  expect(await argumentsOf(provider)).toEqual({
    listPets: [],
    addPet: ['name', 'dry_run'],
    dropOrders: ['dry_run', 'show_request'],
    own: [],
  });
  expect(await provider.listTools({})).toBe(await provider.listTools({}));
});

test('a dry run shows the request without secrets, and sends nothing', async () => {
  const result = await call(offerDryRun(await open()), 'addPet', { name: 'Rex', dry_run: true });
  expect(textOf(result)).toMatch(
    /^Nothing was sent\. The request would be:\ncurl -X POST 'https:\/\/shop\.invalid\/pets\?name=Rex'/,
  );
  expect(textOf(result)).toContain("-H 'X-Key: [credential]'");
});

test('the argument never reaches the API, and its own does', async () => {
  const provider = offerDryRun(await open());
  expect(textOf(await call(provider, 'dropOrders', { dry_run: 'x', show_request: true }))).toContain(
    '/orders?dry_run=x',
  );
  const real = await call(provider, 'addPet', { name: 'Rex', dry_run: false });
  expect(textOf(real)).toContain('HOST_NOT_FOUND');
});

test.each([
  [{ dry_run: 'yes' }, 'dry_run: must be boolean'],
  [{ dry_run: true, nam: 'Rex' }, 'nam: is not a known argument'],
])('%j is an error, and nothing is sent', async (args, says) => {
  const result = await call(offerDryRun(await open()), 'addPet', args);
  expect(result.isError).toBe(true);
  expect(textOf(result)).toContain(says);
});

test('a dry run needs no confirmation', async () => {
  const provider = offerDryRun(withMiddleware(await open(), confirm()));
  expect(textOf(await call(provider, 'addPet', { dry_run: true }))).toContain('Nothing was sent.');
  expect(textOf(await call(provider, 'addPet', {}))).toContain('requires the confirmation of a person');
});
