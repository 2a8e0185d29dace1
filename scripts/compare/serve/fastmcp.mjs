// Copied next to the packages of fastmcp by ../peers.mjs. Usage: serve.mjs <document> <headers as JSON>
import { fromOpenAPI } from 'fastmcp/openapi';

const [spec, headers] = process.argv.slice(2);
const server = await fromOpenAPI({ spec, headers: JSON.parse(headers), maxTools: 10_000 });
await server.start({ transportType: 'stdio' });
