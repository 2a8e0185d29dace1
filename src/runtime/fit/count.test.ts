import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openApi } from '../../proxy.ts';
import type { Tool } from '../provider.ts';
import { compactTool } from './compact-tool.ts';
import { estimateTokens, exactCounter, listTokens, modelTokens, wireTokens } from './count.ts';

const SPECS = join(import.meta.dirname, '../../../test-specs');
const documents = [...readdirSync(SPECS).filter((name) => /\.(yaml|json)$/.test(name)), 'github/openapi.json'];

async function toolsOf(name: string): Promise<readonly Tool[]> {
  const { provider } = await openApi(join(SPECS, name), { cache: false, environment: {} });
  const tools = await provider.listTools({});
  await provider.close();
  return tools;
}

describe('the estimate', () => {
  test.each([
    { given: '', want: 0 },
    { given: ' ', want: 0 },
    { given: 'pet', want: 1 },
    { given: 'pet store', want: 2 },
    { given: 'petId', want: 2 },
    { given: '123456', want: 3 },
    { given: '","', want: 2 },
  ])('of "$given" is $want', ({ given, want }) => {
    expect(estimateTokens(given)).toBe(want);
  });

  test('is within 5 % of o200k for all lists of test-specs together, and within 15 % for each', async () => {
    const exact = await exactCounter();
    const totals = { model: [0, 0], wire: [0, 0], compact: [0, 0] };
    const add = (kind: keyof typeof totals, estimated: number, counted: number) => {
      totals[kind] = [(totals[kind][0] ?? 0) + estimated, (totals[kind][1] ?? 0) + counted];
      if (counted >= 300) expect(Math.abs(estimated / counted - 1)).toBeLessThan(0.15);
    };
    for (const name of documents) {
      const tools = await toolsOf(name);
      const compacted = tools.map((tool) => compactTool(tool));
      add('model', listTokens(tools).model, listTokens(tools, exact).model);
      add('wire', listTokens(tools).wire, listTokens(tools, exact).wire);
      add('compact', listTokens(compacted).model, listTokens(compacted, exact).model);
    }
    for (const [estimated = 0, counted = 0] of Object.values(totals)) {
      expect(Math.abs(estimated / counted - 1)).toBeLessThan(0.05);
    }
  });

  test('takes time in proportion to the length', () => {
    const started = performance.now();
    estimateTokens('petId":{"'.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe('the tokens of a tool', () => {
  const tool: Tool = {
    name: 'getPet',
    title: 'Get a pet',
    description: 'Returns a pet.',
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object', properties: { name: { type: 'string' } } },
  };
  const length = (text: string) => text.length;

  test('for a model are those of name, description and input schema', () => {
    const want = '{"name":"getPet","description":"Returns a pet.","inputSchema":{"type":"object"}}';
    expect(modelTokens(tool, length)).toBe(want.length);
    expect(modelTokens({ name: 'a', inputSchema: { type: 'object' } }, length)).toBe(
      '{"name":"a","inputSchema":{"type":"object"}}'.length,
    );
  });

  test('on the wire are those of the complete entry', () => {
    expect(wireTokens(tool, length)).toBe(JSON.stringify(tool).length);
  });

  test('of a list are those of its JSON', () => {
    expect(listTokens([], length)).toEqual({ model: 2, wire: 2 });
    expect(listTokens([tool, tool], length).wire).toBe(JSON.stringify([tool, tool]).length);
  });
});

test('the exact counter counts the names of special tokens as text', async () => {
  const exact = await exactCounter();
  expect(exact('hello world')).toBe(2);
  expect(exact('<|endoftext|>')).toBeGreaterThan(1);
});
