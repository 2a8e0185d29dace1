import { concurrency, createServer, rateLimit, responseLimit, timeout, tokenBucket } from 'openapi-mcp';

const server = createServer({ name: 'library', version: '1.0.0' });

server.use(
  // In memory; a rate-limiter-flexible limiter (Redis, Postgres …) works as well.
  rateLimit({ perCaller: tokenBucket({ size: 5, perSecond: 1 }), global: tokenBucket({ size: 100, perSecond: 50 }) }),
  // Four calls run, ten wait, any more fail with "try again".
  concurrency({ limit: 4, maxQueue: 10 }),
  // Aborts the call and its API request, and returns an error to the model.
  timeout({ ms: 200 }),
  // Cuts a result that is too large, and says how much was cut.
  responseLimit({ maxBytes: 2_000 }),
);
server.tool('read_book', {}, () => 'Call me Ishmael. '.repeat(1_000));
server.tool('think', {}, (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)));

export default server;
