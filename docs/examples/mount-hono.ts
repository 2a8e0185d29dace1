import { Hono } from 'hono';
import { createServer } from 'openapi-mcp';
import { mcpHandler } from 'openapi-mcp/hono';

const server = createServer({ name: 'desk', version: '1.0.0' });
server.tool('whoami', {}, (_, context) => context.caller?.id ?? 'nobody');

type Variables = { auth: { token: string; clientId: string; scopes: string[] } };
const app = new Hono<{ Variables: Variables }>();
// The app already authenticates its users, so the server needs no token of its own.
app.use('/mcp', async (context, next) => {
  const user = { 'Bearer key-of-ann': 'ann', 'Bearer key-of-bob': 'bob' }[context.req.header('Authorization') ?? ''];
  if (user === undefined) return context.text('Who are you?', 401);
  context.set('auth', { token: '', clientId: user, scopes: [] });
  return next();
});
app.all('/mcp', mcpHandler(server, { insecure: true }));

export default app;
