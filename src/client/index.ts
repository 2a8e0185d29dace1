// An MCP client, for the command line and for tests.
// In: where a server is. Out: a connection to it, in the newest protocol era that both speak.
// Promise: lists come whole, results come as the server gave them, and every failure says which server it was.
export { type CallOptions, type CallToolOptions, type McpClient, ToolCallFailed } from './client.ts';
export { ConnectError, type ConnectOptions, connect } from './connect.ts';
export type { ClientTarget, CommandTarget, MemoryTarget, UrlTarget } from './target.ts';
