import { createServer, image, ToolError } from 'openapi-mcp';
import { z } from 'zod';

const server = createServer({
  name: 'shop',
  version: '1.0.0',
  // Opened before the first call, closed after the last one.
  lifespan: {
    open: () => ({ orders: [] as string[] }),
    close: ({ orders }) => console.error(`${orders.length} orders today`),
  },
  timeoutMs: 30_000,
});

server.resource('shop://prices', { name: 'prices' }, () => ({ tea: 3, cake: 4 }));

server.tool(
  'order',
  { description: 'Order something.', input: z.object({ item: z.string() }), output: z.object({ position: z.int() }) },
  async ({ item }, context) => {
    const [prices] = (await context.readResource('shop://prices')).contents;
    // The model sees the message of a ToolError. With `maskErrors`, it sees only that something failed for other
    // errors.
    if (!prices || !('text' in prices) || !(item in JSON.parse(prices.text))) throw new ToolError(`No ${item} here.`);
    if (context.canElicit) {
      const answer = await context.elicit({
        message: `Order ${item} for ${JSON.parse(prices.text)[item]}?`,
        // The answer is validated and has this type. To pass a JSON Schema, use `requestedSchema`.
        schema: z.object({ gift: z.boolean().optional().describe('It is a gift') }),
      });
      if (answer.action !== 'accept') throw new ToolError('The order was not confirmed.');
    }
    context.progress({ progress: 1, total: 2, message: 'in the kitchen' });
    context.log.info({ ordered: item, by: context.caller?.id });
    // Stops early when the client cancels or the 30 seconds are over.
    context.signal.throwIfAborted();
    return { position: context.lifespan.orders.push(item) };
  },
);

server.tool('order_twice', { input: z.object({ item: z.string() }) }, async ({ item }, context) => {
  await context.callTool('order', { item });
  return context.callTool('order', { item });
});

// Handlers may return plain values, content blocks, images, files and links, alone or in a list.
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);
server.tool('photo', { description: 'What tea looks like.' }, () => ['Tea, from afar:', image(pixel, 'image/png')]);

export default server;
