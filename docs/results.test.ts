import { callContext, type Provider, type ToolResult } from 'openapi-mcp';
import { expect, test } from 'vitest';
import { json, petApi } from './pet-api.test.fixture.ts';

const PETS = Array.from({ length: 2_000 }, (_, id) => ({ id, name: `Pet ${id}`, species: 'cat', friends: [] }));
await petApi((_, response) => json(response, PETS));
// examples/results.ts
const { default: server } = await import('./examples/results.ts');

const call = (provider: Provider, name: string, args: Record<string, unknown> = {}) =>
  provider.callTool({ name, arguments: args }, callContext());
const textOf = ({ content }: ToolResult) => (content[0]?.type === 'text' ? content[0].text : '');
const handleOf = ({ content }: ToolResult) =>
  content.flatMap((block) => (block.type === 'resource_link' ? [block.uri.replace('result://', '')] : []))[0];

test('a long list has the fields of the options, is cut, and its rest is read', async () => {
  const result = await call(server, 'listPets');
  const shown = JSON.parse(textOf(result));
  expect(shown).toEqual(PETS.slice(0, shown.length).map(({ id, name }) => ({ id, name })));
  const rest = await call(server, 'read_result', { handle: handleOf(result), from: 1_998 });
  expect(JSON.parse(textOf(rest))).toEqual(PETS.slice(1_998).map(({ id, name }) => ({ id, name })));
});

test('a call can ask for less, and a tool that changes something for its request', async () => {
  expect(textOf(await call(server, 'listPets', { query: '[?id==`7`].name' }))).toBe('["Pet 7"]');
  const wrong = await call(server, 'listPets', { fields: ['nam'] });
  expect(textOf(wrong)).toContain('"nam" is not in the response. Did you mean "name"? Nothing was sent.');
  const dry = await call(server, 'addPet', { name: 'Rex', species: 'dog', dry_run: true });
  expect(textOf(dry)).toMatch(/^(Nothing was sent\.|MISSING_CREDENTIAL)/);
});
