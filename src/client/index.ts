// An MCP client: `openapi-mcp/client`. In: one target, or several. Out: connections to them, in the newest protocol era
// that both sides support. Promise: lists are complete, results are unchanged, no call is sent twice, and every error
// names its server.

export type { DevicePrompt } from '../login/device-flow.ts';
export type {
  ClientAuth,
  LoginAuth,
  NeededLogin,
  RemoteAuth,
  TokenAuth,
} from '../runtime/compose/remote/auth/auth-options.ts';
export { NotAuthorized } from '../runtime/compose/remote/auth/not-authorized.ts';
export {
  memoryTokenStore,
  type TokenChange,
  type TokenKey,
  type TokenRecord,
  type TokenStore,
  TokenStoreError,
} from '../runtime/secrets/token-store.ts';
export type { CallOptions, CallToolOptions, McpClient, TypedResult } from './client.ts';
export type { Listed, McpClients, ReadOptions } from './clients.ts';
export type { ClientConfig } from './config.ts';
export { type ConnectOptions, connect } from './connect.ts';
export { type ConnectAllOptions, connectAll } from './connect-all.ts';
export type { ConnectionState, Reconnect } from './connection.ts';
export { ConnectError, ConnectionLost, ResultMismatch, ToolCallFailed } from './errors.ts';
export { type LoggedIn, type LogInOptions, login, logout } from './login.ts';
export type { ClientTarget, CommandTarget, MemoryTarget, ProviderTarget, UrlTarget } from './target.ts';
export { type OpenTokenStoreOptions, openTokenStore } from './token-store.ts';
