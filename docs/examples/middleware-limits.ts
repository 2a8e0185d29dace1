import { concurrency, createServer, rateLimit, responseLimit, timeout, tokenBucket } from 'openapi-mcp';

const server = createServer({ name: 'library', version: '1.0.0' });

server.use(
  // In memory; a limiter of rate-limiter-flexible (Redis, Postgres …) fits in its place.
  rateLimit({ perCaller: tokenBucket({ size: 5, perSecond: 1 }), global: tokenBucket({ size: 100, perSecond: 50 }) }),
  // Four calls run, ten wait, more are told to try again.
  concurrency({ limit: 4, maxQueue: 10 }),
  // The call is aborted, also at the API, and the model is told.
  timeout({ ms: 200 }),
  // Of an answer that is too large the model gets the beginning, and is told what was cut.
  responseLimit({ maxBytes: 2_000 }),
);
server.tool('read_book', {}, () => 'Call me Ishmael. '.repeat(1_000));
server.tool('think', {}, (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)));

export default server;
