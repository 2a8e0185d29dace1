import { createServer } from 'openapi-mcp';

const server = createServer({
  name: 'hello',
  version: '1.0.0',
  onError: (error) => process.stderr.write(`${error.message}\n`),
});
server.tool('hello', { description: 'Says hello.' }, () => 'Hello.');

// stdout belongs to the protocol. The server ends when its client goes away.
await server.run({ transport: 'stdio' });
