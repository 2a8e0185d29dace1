// Middleware: what stands round the calls of a provider.
// In: a call and `next`. Out: its answer.
// Promise: knows nothing of OpenAPI, transports or other middleware; without any, there is no wrapper.
export type { Answer, Call, Method, Middleware, Next, RequestContext } from './middleware.ts';
export { timeout } from './timeout.ts';
export { withMiddleware } from './with-middleware.ts';
