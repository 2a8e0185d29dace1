import { createServer } from 'openapi-mcp';

const server = createServer({ name: 'hello', version: '1.0.0', onError: (error) => console.error(error.message) });
server.tool('hello', { description: 'Says hello.' }, (_, context) => `Hello, ${context.caller?.id ?? 'whoever'}.`);

// Host and Origin are checked. Listening on an address other than loopback requires a token.
const { url, close } = await server.run({
  transport: 'http',
  port: Number(process.env.PORT ?? 8000),
  token: process.env.OPENAPI_MCP_TOKEN,
});
console.error(`Serving ${url}`);
// `close()` waits for calls in flight.
process.once('SIGTERM', () => close());

export { close, url };
