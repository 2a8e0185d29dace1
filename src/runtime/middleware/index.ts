// Middleware, which wraps the calls of a provider. In: a call and `next`. Out: its result. Promise: knows nothing of
// OpenAPI, transports or other middleware; without any, there is no wrapper.

export type { Clock } from '../clock.ts';
export { type AuditEntry, type AuditLogOptions, auditLog } from './audit-log.ts';
export { type CacheOptions, cache } from './cache.ts';
export type { CacheStore } from './cache-store.ts';
export { type CircuitBreakerOptions, circuitBreaker } from './circuit-breaker.ts';
export { type ConcurrencyOptions, concurrency } from './concurrency.ts';
export { type ConfirmOptions, confirm } from './confirm.ts';
export { type LoggingOptions, logging } from './logging.ts';
export { type MaskErrorsOptions, maskErrors } from './mask-errors.ts';
export { type MemoryStoreOptions, memoryStore } from './memory-store.ts';
export type { Answer, Call, Method, Middleware, Next, RequestContext } from './middleware.ts';
export type { Observation } from './observe.ts';
export { type RateLimiter, type RateLimitOptions, rateLimit } from './rate-limit.ts';
export { redact } from './redact.ts';
export type { RedactionOptions } from './redaction.ts';
export { responseLimit } from './response-limit.ts';
export { type RetryOptions, retry } from './retry.ts';
export { timeout } from './timeout.ts';
export { type TimingOptions, timing } from './timing.ts';
export { type TokenBucketOptions, tokenBucket } from './token-bucket.ts';
export { withMiddleware } from './with-middleware.ts';
