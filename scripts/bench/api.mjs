// The API behind the benchmark: responds to every request with the JSON text in its argument. Prints its URL first.
import { createServer } from 'node:http';

const body = process.argv[2] ?? '{}';
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
