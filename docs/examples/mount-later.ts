import { createServer } from 'openapi-mcp';
import calculator from './tool.ts';

const server = createServer({ name: 'desk', version: '1.0.0' });

// You can mount at any time: clients are notified that the list has changed.
server.tool('learn_arithmetic', {}, () => {
  const mount = server.mount('math', calculator);
  server.tool('forget_arithmetic', {}, () => mount.remove());
  return 'Look again.';
});

export default server;
