// What the owner of an emitted project builds a server with: own tools, other providers, middleware, mounting.
// In: the provider of the project. Out: a server around it.
// Promise: apart from `emitted.ts`, so that a project that serves its API alone starts without it.
export type { AuthAdditions, AuthHandler, AuthRequest, AuthResponse } from './api/auth/auth-handler.ts';
export { composite } from './compose/composite.ts';
export { type CodeModeOptions, codeMode } from './fit/code/code-mode.ts';
export { type FitOptions, type Fitted, fitTools } from './fit/modes.ts';
export { type PageResultsOptions, pageResults } from './fit/paging/page-results.ts';
export { type SearchToolsOptions, searchTools } from './fit/search/search-tools.ts';
export type { Call, Method, Middleware, Next, RequestContext } from './middleware/middleware.ts';
export { timeout } from './middleware/timeout.ts';
export { withMiddleware } from './middleware/with-middleware.ts';
export { type QuickJsSandboxOptions, quickJsSandbox } from './node/quickjs-sandbox.ts';
export * from './provider.ts';
export { type Connection, serveConnection } from './serve/connection.ts';
export { createHttpHandler, type HttpHandler, type HttpHandlerOptions } from './serve/http/http-handler.ts';
export { type Mount, type MountOptions, mountInto } from './serve/mount/mount-into.ts';
export { serveHttp, serveStdio } from './serve-lazily.ts';
export { audio, file, image, resourceLink, text } from './server/content.ts';
export type { Context } from './server/context.ts';
export type { ResourceContext } from './server/resource.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';
export { ToolError } from './tool-error.ts';
