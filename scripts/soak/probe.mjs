// Loaded into a server under load (--import, with --expose-gc): sends its heap after a garbage collection to whoever
// connects to <SOAK_PROBES>/<pid>.
import { createServer } from 'node:net';

const { SOAK_PROBES: folder } = process.env;
const server = createServer((socket) => {
  socket.on('error', () => {});
  // Twice: what the first one finalises, the second one frees.
  globalThis.gc();
  globalThis.gc();
  socket.end(String(process.memoryUsage().heapUsed));
});
server.listen(`${folder}/${process.pid}`);
server.unref();
