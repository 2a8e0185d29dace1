import { createServer } from 'openapi-mcp';

const { OPENAPI_MCP_TOKEN: token = 'change-me' } = process.env;
const server = createServer({ name: 'edge', version: '1.0.0', http: { token, allowedHosts: ['edge.example.com'] } });
server.tool('where', { description: 'Where this runs.' }, () => 'At the edge.');

// Takes a web-standard Request and returns a Response: Workers, Deno, Bun, Hono.
export default { fetch: server.fetch };
