import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackExtension } from '@anthropic-ai/mcpb';
import { expect, test } from 'vitest';
import { zip } from './zip.ts';

const files = [
  { path: 'manifest.json', content: '{}' },
  { path: 'a.txt', content: 'text, with ü and 漢字' },
  { path: 'folder/empty.bin', content: new Uint8Array() },
  { path: 'folder/large.bin', content: new Uint8Array(300_000).map((_, index) => (index * 7919) % 251) },
  { path: 'späte/名.txt', content: 'a name outside ASCII' },
];

test('another program reads the files, byte by byte', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-zip-'));
  try {
    writeFileSync(join(folder, 'a.mcpb'), zip(files));
    const outputDir = join(folder, 'out');
    expect(await unpackExtension({ mcpbPath: join(folder, 'a.mcpb'), outputDir, silent: true })).toBe(true);
    for (const { path, content } of files) {
      expect(readFileSync(join(outputDir, path)).equals(Buffer.from(content)), path).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the same files make the same bytes', () => {
  expect(zip(files)).toEqual(zip(files));
});
