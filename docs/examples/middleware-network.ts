import { cache, circuitBreaker, createServer, fromOpenApi, retry, withMiddleware } from 'openapi-mcp';

const pets = await fromOpenApi(new URL('../../test-specs/petstore.yaml', import.meta.url), {
  baseUrl: process.env.PET_SHOP_URL,
});
const server = createServer({ name: 'desk', version: '1.0.0' });

// Round this mount only. The first one is the outermost: what is cached needs neither a retry nor the API.
server.mount(
  'pets',
  withMiddleware(
    pets,
    // Answers of reads, for each caller apart, as long as `Cache-Control` allows and at most a minute.
    cache({ ttlMs: 60_000 }),
    // Reads and idempotent calls that failed for a passing reason; waits as long as `Retry-After` says.
    retry({ attempts: 3, firstWaitMs: 20 }),
    // After five failures in a row calls fail at once, until one that is let through to try succeeds.
    circuitBreaker({ failures: 5, openMs: 30_000 }),
  ),
);

export default server;
