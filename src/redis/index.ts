// A shared store in Redis: what a program may import from `openapi-mcp/redis`. Adding a line here is a promise.
export { type SharedStore, StoreError } from '../runtime/shared-store.ts';
export { type RedisStoreOptions, redisStore } from './redis-store.ts';
