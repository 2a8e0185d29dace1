import { callContext, type ToolResult } from 'openapi-mcp';
import { expect, test } from 'vitest';
import { json, petApi } from './pet-api.test.fixture.ts';

const requests = await petApi(({ url }, response) => {
  const isFirst = !url?.includes('pageToken');
  json(response, { items: [{ id: isFirst ? 'a' : 'b' }], ...(isFirst && { nextPageToken: '2' }) });
});
const { default: provider } = await import('./examples/paging.ts');

const call = (args: object): Promise<ToolResult> =>
  provider.callTool({ name: 'byToken', arguments: { ...args } }, callContext());
const textOf = ({ content }: ToolResult) =>
  content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');

test('a cursor leads to the next page', async () => {
  const first = textOf(await call({}));
  expect(first).toContain('"id":"a"');
  const cursor = /More: the same call with cursor: "([^"]+)"/.exec(first)?.[1];
  expect(textOf(await call({ cursor }))).toBe('{"items":[{"id":"b"}]}');
  expect(requests.at(-1)).toBe('GET /by-token?pageToken=2');
});

test('max_items collects all pages', async () => {
  expect(textOf(await call({ max_items: 100 }))).toBe(
    '{"items":[{"id":"a"},{"id":"b"}]}\nCollected 2 items from 2 pages.',
  );
});

test('the settings of the example are used', async () => {
  const tools = await provider.listTools({});
  const argumentsOf = (name: string) =>
    Object.keys(tools.find((tool) => tool.name === name)?.inputSchema.properties ?? {});
  expect(argumentsOf('top')).toContain('cursor');
  expect(argumentsOf('byLink')).not.toContain('cursor');
});
