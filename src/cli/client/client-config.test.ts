import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readClientConfig } from './client-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'openapi-mcp-client-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const variable = (text: string) => `\${${text}}`;
const CONFIG = JSON.stringify({
  mcpServers: {
    a: { command: `run-${variable('WHAT:-it')}` },
    b: { command: variable('MISSING'), disabled: true },
  },
});
const read = (name: string, text = CONFIG) => {
  writeFileSync(join(folder, name), text);
  return readClientConfig(join(folder, name), {});
};

test.each([
  'mcp.json',
  '.mcp.json',
  'cline_mcp_settings.json',
  'claude_desktop_config.json',
  '.claude.json',
  'settings.json',
])('%s is the configuration of a client, with its variables', (name) => {
  expect(read(name)).toEqual({
    mcpServers: { a: { command: 'run-it' }, b: { command: variable('MISSING'), disabled: true } },
  });
});

test.each(['petstore.json', 'api.mcpx.json', 'openapi.yaml', 'claudette.json'])(
  '%s is never treated as one, because a configuration starts programs',
  (name) => {
    expect(read(name)).toBeUndefined();
  },
);

test('an object without servers is not a configuration', () => {
  expect(read('mcp.json', '{"openapi": "3.1.0", "servers": []}')).toBeUndefined();
  expect(read('mcp.json', '{')).toBeUndefined();
});
