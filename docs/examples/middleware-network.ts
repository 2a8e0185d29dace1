import { cache, circuitBreaker, createServer, fromOpenApi, retry, withMiddleware } from 'openapi-mcp';

const pets = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});
const server = createServer({ name: 'desk', version: '1.0.0' });

// For this mount only. The first one is the outermost: a cached result needs neither a retry nor the API.
server.mount(
  'pets',
  withMiddleware(
    pets,
    // Caches read-only results per caller, for as long as `Cache-Control` allows and at most a minute.
    cache({ ttlMs: 60_000 }),
    // Retries reads and idempotent calls after transient failures; honours `Retry-After`.
    retry({ attempts: 3, firstWaitMs: 20 }),
    // After five consecutive failures, calls fail immediately until a trial call succeeds.
    circuitBreaker({ failures: 5, openMs: 30_000 }),
  ),
);

export default server;
