// The API of the wire cases: answers every request with `{}` and keeps what arrived, byte by byte.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

export async function startRecorder() {
  let requests = [];
  const server = createServer(async (request, response) => {
    const [path, ...query] = request.url.split('?');
    const body = await buffer(request);
    requests.push({ method: request.method, path, query: query.join('?'), headers: request.headers, body });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The requests since the last call of this function. */
    take() {
      const taken = requests;
      requests = [];
      return taken;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
