import { createServer } from 'openapi-mcp';
import { z } from 'zod';

const server = createServer({ name: 'calculator', version: '1.0.0' });

server.tool(
  'add',
  {
    description: 'Add two numbers.',
    input: z.object({ a: z.number(), b: z.number().describe('is added to a') }),
    annotations: { readOnlyHint: true },
  },
  ({ a, b }) => a + b,
);

// Handlers may be async. The return value becomes the result.
server.tool(
  'fetch_status',
  { description: 'The HTTP status of a page.', input: z.object({ url: z.url() }) },
  async ({ url }, context) => {
    const response = await fetch(url, { signal: context.signal });
    return { status: response.status, type: response.headers.get('content-type') };
  },
);

export default server;
