import { createServer, type Middleware, ToolError } from 'openapi-mcp';

const openingHours: Middleware = async function openingHours(call, next) {
  // Lists, reads and prompts also pass through here: check `method`.
  if (call.method !== 'tools/call') return next(call);
  if (call.params.name === 'order' && new Date().getDay() === 0) throw new ToolError('Closed on Sundays.');
  // Seen by every middleware and by the handler of this request.
  call.state.set('channel', 'mcp');
  const result = await next({
    ...call,
    params: { ...call.params, arguments: { amount: 1, ...call.params.arguments } },
  });
  return { ...result, content: [...result.content, { type: 'text', text: 'Thank you.' }] };
};

const server = createServer({ name: 'bakery', version: '1.0.0' });
server.use(openingHours);
server.tool(
  'order',
  { input: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] } as const },
  ({ amount }, context) => `${amount} loaves by ${context.state.get('channel')}`,
);

export default server;
