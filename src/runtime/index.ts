// The runtime: everything for emitted and hand-written servers. In: an API, another MCP server, or hand-written tools,
// resources and prompts. Out: a `Provider`, mounted and served. Promise: every name here is stable, and importing it
// loads no Node modules.
export type { AuthAdditions, AuthHandler, AuthRequest, AuthResponse } from './api/auth/auth-handler.ts';
export type { AskedCredential } from './api/auth/caller-credential.ts';
export type { CallersOwn } from './api/auth/given-caller-credentials.ts';
export { createApiProvider } from './api/provider.ts';
export type { ApiProviderOptions } from './api/provider-options.ts';
export type { SchemaCheck, SchemaCompiler, SchemaFault } from './api/schema/schema-check.ts';
export { callContext } from './call-context.ts';
export { fromClientConfig } from './compose/client-config.ts';
export { type CompositeOptions, composite } from './compose/composite.ts';
export { namespace } from './compose/namespace.ts';
export { fromMcp, type RemoteOptions, type RemoteTarget } from './compose/remote.ts';
export * from './fit/index.ts';
export * from './middleware/index.ts';
export { type QuickJsSandboxOptions, quickJsSandbox } from './node/quickjs-sandbox.ts';
export * from './provider.ts';
export type { AuthOptions, StaticKey, VerifierOptions } from './serve/auth/auth-options.ts';
export type { TokenVerifier, VerifiedToken } from './serve/auth/token-verifier.ts';
export { type Connection, serveConnection } from './serve/connection.ts';
export { createHttpHandler, type HttpHandler, type HttpHandlerOptions } from './serve/http/http-handler.ts';
export type { HttpServer, HttpServerOptions } from './serve/http/node-http.ts';
export { type Mount, type MountOptions, mountInto } from './serve/mount/mount-into.ts';
export type { EventStore, SessionEvents } from './serve/sessions/event-store.ts';
export type { SessionOptions } from './serve/sessions/session-options.ts';
export type { StdioOptions } from './serve/stdio/serve-stdio.ts';
export { serveHttp, serveStdio } from './serve-lazily.ts';
export { audio, file, image, resourceLink, text } from './server/content.ts';
export type { Context } from './server/context.ts';
export type { Lifespan } from './server/lifespan.ts';
export type { Registration } from './server/registry.ts';
export type { ResourceContext } from './server/resource.ts';
export type { Schema } from './server/schema.ts';
export type { StandardSchema } from './server/standard-schema.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';
export { ToolError } from './tool-error.ts';
export * from './transforms/index.ts';
