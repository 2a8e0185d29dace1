import { bench, describe } from 'vitest';
import { callContext } from '../call-context.ts';
import { createServer } from '../server.ts';
import type { Middleware } from './middleware.ts';
import { withMiddleware } from './with-middleware.ts';

/** What a chain costs a call in memory: arguments checked, handler run, result made. */
const server = createServer({ name: 's', version: '1' });
server.tool(
  'search',
  {
    input: { type: 'object', properties: { q: { type: 'string' }, limit: { type: 'integer' } }, required: ['q'] },
    annotations: { readOnlyHint: true },
  },
  ({ q, limit }) => ({ q, limit, found: Array.from({ length: 20 }, (_, id) => ({ id, name: `pet ${id}` })) }),
);
const none: Middleware = async (call, next) => next(call);

const context = callContext();
const call = { name: 'search', arguments: { q: 'cats', limit: 20 } };

describe('one call in memory', () => {
  const bare = withMiddleware(server);
  const five = withMiddleware(server, none, none, none, none, none);

  bench('no middleware', async () => {
    await bare.callTool(call, context);
  });

  bench('five that do nothing', async () => {
    await five.callTool(call, context);
  });
});
