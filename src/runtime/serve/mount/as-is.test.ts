import { McpServer } from '@modelcontextprotocol/server';
import { expect, test } from 'vitest';

test('@modelcontextprotocol/server keeps its handlers in McpServer.server._requestHandlers', () => {
  const server = new McpServer({ name: 'main', version: '1' });
  server.registerTool('own', {}, () => ({ content: [] }));
  const { _requestHandlers } = server.server as unknown as { readonly _requestHandlers: unknown };
  expect(_requestHandlers, 'McpServer.server._requestHandlers').toBeInstanceOf(Map);
  expect([...(_requestHandlers as Map<string, unknown>).keys()]).toContain('tools/list');
});
