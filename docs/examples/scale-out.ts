import { createServer } from 'openapi-mcp';
import { redisStore } from 'openapi-mcp/redis';

const server = createServer({ name: 'notes', version: '1.0.0' });
server.tool('add_note', { description: 'Adds a note.' }, async (_, { shared }) => {
  // Every process can read it for a minute.
  await shared?.set('latest', new Date().toISOString(), { ttlMs: 60_000 });
  return 'added';
});

const { REDIS_URL = 'redis://localhost:6379', OPENAPI_MCP_STORE_KEY: key } = process.env;
const store = await redisStore(REDIS_URL, { name: 'notes', ...(key && { key }) });
export const running = await server.run({ transport: 'http', port: Number(process.env.PORT ?? 8000), store });
