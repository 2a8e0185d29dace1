// An MCP client: `openapi-mcp/client`.
// In: where a server is, or several. Out: a connection to it, in the newest protocol era that both speak.
// Promise: lists come whole, results come as the server gave them, no call is sent twice, and every failure says which
// server it was.
export type { CallOptions, CallToolOptions, McpClient, TypedResult } from './client.ts';
export type { Listed, McpClients, ReadOptions } from './clients.ts';
export type { ClientConfig } from './config.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { type ConnectAllOptions, connectAll } from './connect-all.ts';
export type { ConnectionState, Reconnect } from './connection.ts';
export { ConnectError, ConnectionLost, ResultMismatch, ToolCallFailed } from './errors.ts';
export type { ClientTarget, CommandTarget, MemoryTarget, ProviderTarget, UrlTarget } from './target.ts';
