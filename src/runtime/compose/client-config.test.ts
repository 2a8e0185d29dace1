import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { callContext } from '../call-context.ts';
import type { Provider } from '../provider.ts';
import { fromClientConfig } from './client-config.ts';

const CHILD = fileURLToPath(new URL('./fixtures/child-server.mjs', import.meta.url));

let provider: Provider | undefined;
afterEach(() => provider?.close());

describe('the configuration of a client', () => {
  test('is one provider, with each server under its name', async () => {
    const child = { command: process.execPath, args: [CHILD] };
    provider = fromClientConfig({
      mcpServers: {
        'My Files (home)': { ...child, env: { COLOUR: 'blue', LEVEL: 3 }, type: 'stdio' },
        off: { command: 'nothing', disabled: true },
      },
    });
    const names = (await provider.listTools({})).map(({ name }) => name);
    expect(names).toContain('my-files-home_echo');
    expect(names.every((name) => name.startsWith('my-files-home_'))).toBe(true);
    const result = await provider.callTool({ name: 'my-files-home_env', arguments: { name: 'LEVEL' } }, callContext());
    expect(result).toMatchObject({ content: [{ text: '3' }] });
  });

  test('may be that of VS Code, and name servers by URL', () => {
    provider = fromClientConfig({
      servers: {
        web: { type: 'http', url: 'https://example.com/mcp', headers: { Authorization: 'Bearer x' } },
        old: { type: 'sse', url: 'https://example.com/sse' },
      },
    });
    expect(provider.info).toEqual({ name: 'mcp-servers', version: '1' });
  });

  test.each([
    { config: {}, want: 'The configuration has neither "mcpServers" nor "servers".' },
    { config: { mcpServers: { a: 'x' } }, want: 'The MCP server "a" is not an object.' },
    { config: { mcpServers: { a: {} } }, want: 'The MCP server "a" has neither a "command" nor a "url".' },
    { config: { mcpServers: { a: { command: 'x', args: 'y' } } }, want: '"args" of the MCP server "a" must be a list' },
    {
      config: { mcpServers: { a: { command: 'x', env: ['y'] } } },
      want: '"env" of the MCP server "a" must be an object',
    },
    { config: { mcpServers: { a: { url: 'nowhere' } } }, want: '"nowhere" is not the URL of an MCP server' },
    {
      config: { mcpServers: { '1': { command: 'x' } } },
      want: 'The MCP server "1" needs a name that contains a letter',
    },
    {
      config: { mcpServers: { 'a b': { command: 'x' }, 'a-b': { command: 'x' } } },
      want: 'The MCP servers "a b" and "a-b" both have the namespace "a-b".',
    },
  ])('that says $config is rejected', ({ config, want }) => {
    expect(() => fromClientConfig(config)).toThrow(want);
  });
});
