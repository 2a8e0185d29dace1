import { createServer, fromMcp, fromOpenApi, timeout } from 'openapi-mcp';

const server = createServer({ name: 'desk', version: '1.0.0' });
server.mount('pets', await fromOpenApi('test-specs/petstore.yaml', { baseUrl: 'http://localhost:3000' }));
server.mount('files', fromMcp({ command: 'files-mcp' }));
server.tool('now', { description: 'The time.' }, () => new Date().toISOString());
server.use(timeout({ ms: 10_000 }));
await server.run({ transport: 'stdio' });
