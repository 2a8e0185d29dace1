import { expect, test } from 'vitest';
import { createToolBytes } from './tool-bytes.ts';

const leaf = { type: 'string', description: 'é' };
const tools = [
  { name: 'a', inputSchema: { type: 'object', $defs: { leaf, yes: true } }, outputSchema: { $defs: { leaf } } },
  { name: 'b', inputSchema: { type: 'object' } },
  { name: 'c', inputSchema: { type: 'object', $defs: {} } },
];

test('bytes are those of the JSON', () => {
  const bytes = createToolBytes();
  for (const tool of tools) expect(bytes.tool(tool)).toBe(Buffer.byteLength(JSON.stringify(tool)));
  expect(bytes.list(tools)).toBe(Buffer.byteLength(JSON.stringify({ tools })));
  expect(bytes.list([])).toBe(Buffer.byteLength(JSON.stringify({ tools: [] })));
});

test('a definition that many tools share is written out once', () => {
  let reads = 0;
  const counted = {
    get type() {
      reads++;
      return 'string';
    },
  };
  const many = Array.from({ length: 100 }, () => ({ inputSchema: { $defs: { counted } } }));
  createToolBytes().list(many);
  expect(reads).toBe(1);
});
