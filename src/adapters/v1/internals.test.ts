import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { McpServer as NextServer } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import { at, internalsOf, kindOf, RELIED_ON } from './internals.ts';

const newServer = (options = {}) => new McpServer({ name: 'main', version: '1' }, options);

describe('what mountV1 relies on in @modelcontextprotocol/sdk', () => {
  test.each(RELIED_ON)('McpServer.%s is a %s', (path, kind) => {
    expect(kindOf(at(newServer(), path)), `McpServer.${path}`).toBe(kind);
  });

  test('server._requestHandlers contains the handlers: replacing an entry replaces the response', () => {
    const server = newServer();
    const { handlers, declare } = internalsOf(server);
    expect(handlers.has('tools/list')).toBe(false);
    declare.tools();
    expect([...handlers.keys()]).toEqual(expect.arrayContaining(['tools/list', 'tools/call']));
    declare.resources();
    expect([...handlers.keys()]).toEqual(
      expect.arrayContaining(['resources/list', 'resources/templates/list', 'resources/read']),
    );
    declare.prompts();
    expect([...handlers.keys()]).toEqual(expect.arrayContaining(['prompts/list', 'prompts/get']));
    declare.completions();
    expect([...handlers.keys()]).toContain('completion/complete');
    const chained = handlers.get('tools/list');
    // Again does nothing: it would throw away what was chained.
    for (const again of Object.values(declare)) again();
    server.registerTool('own', {}, () => ({ content: [] }));
    expect(handlers.get('tools/list')).toBe(chained);
  });

  test('_registered… hold what is registered, by name or URI', () => {
    const server = newServer();
    server.registerTool('a', {}, () => ({ content: [] }));
    server.registerResource('r', 'api://x/r', {}, () => ({ contents: [] }));
    server.registerPrompt('p', {}, () => ({ messages: [] }));
    const { registered } = internalsOf(server);
    expect(Object.keys(registered.tools)).toEqual(['a']);
    expect(Object.keys(registered.resources)).toEqual(['api://x/r']);
    expect(Object.keys(registered.prompts)).toEqual(['p']);
  });

  test('server.getCapabilities and server.isMessageIgnored tell whether a log message is requested', () => {
    expect(internalsOf(newServer()).logs('error', undefined)).toBe(false);
    expect(internalsOf(newServer({ capabilities: { logging: {} } })).logs('debug', undefined)).toBe(true);
  });
});

test.each([
  ['a server of the next SDK', new NextServer({ name: 'main', version: '1' }), 'Use mountInto() of openapi-mcp.'],
  ['a bare server', newServer().server, 'this one lacks server._requestHandlers, server.getCapabilities'],
  ['something else', {}, 'McpServer of @modelcontextprotocol/sdk 1.x'],
])('%s is rejected', (_name, server, message) => {
  expect(() => internalsOf(server as McpServer)).toThrow(message);
});
