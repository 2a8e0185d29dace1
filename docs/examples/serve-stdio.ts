import { createServer } from 'openapi-mcp';

const server = createServer({
  name: 'hello',
  version: '1.0.0',
  onError: (error) => process.stderr.write(`${error.message}\n`),
});
server.tool('hello', { description: 'Says hello.' }, () => 'Hello.');

// stdout is reserved for the protocol. The server exits when its client disconnects.
await server.run({ transport: 'stdio' });
