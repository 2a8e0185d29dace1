import { connect } from 'openapi-mcp/client';
import { expect, test } from 'vitest';
import { noRedis, testRedis } from '../src/redis/redis.test.fixture.ts';

test.skipIf(noRedis !== undefined)('scale-out.ts serves with a store in Redis', async () => {
  const redis = await testRedis();
  process.env.REDIS_URL = redis.url;
  process.env.PORT = '0';
  try {
    const { running } = await import('./examples/scale-out.ts');
    const client = await connect({ url: running.url });
    const { content } = await client.callTool('add_note', {});
    expect(content).toMatchObject([{ text: 'added' }]);
    await client.close();
    await running.close();
  } finally {
    delete process.env.REDIS_URL;
    delete process.env.PORT;
    await redis.stop();
  }
});
