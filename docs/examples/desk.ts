import { createServer, image } from 'openapi-mcp';
import { z } from 'zod';

const server = createServer({ name: 'desk', version: '1.0.0' });

server.tool(
  'add',
  {
    description: 'Add two numbers.',
    input: z.object({ a: z.number(), b: z.number().describe('is added to a') }),
    output: z.object({ sum: z.number() }),
    annotations: { readOnlyHint: true },
  },
  ({ a, b }) => ({ sum: a + b }),
);

server.tool(
  'clear',
  { description: 'Clear the desk.', input: z.object({ keep: z.array(z.string()).optional() }) },
  async ({ keep = [] }, { elicit }) => {
    const answer = await elicit?.({
      message: 'Clear the desk?',
      requestedSchema: { type: 'object', properties: { sure: { type: 'boolean' } }, required: ['sure'] },
    });
    const isSure = answer?.action === 'accept' && answer.content.sure === true;
    return isSure ? `Cleared, except ${keep.join(', ') || 'nothing'}.` : 'Left as it was.';
  },
);

server.tool('dot', { description: 'A black dot.' }, () => image(Buffer.from(DOT, 'base64'), 'image/png'));

server.prompt(
  'tidy',
  { description: 'How to tidy up.', arguments: { room: { required: true, description: 'Which room.' } } },
  ({ room }) => `How do I tidy the ${room} in an hour?`,
);

const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

export default server;
