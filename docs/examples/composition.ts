import { createServer, fromClientConfig, fromMcp, fromOpenApi } from 'openapi-mcp';
import calculator from './tool.ts';

const server = createServer({ name: 'desk', version: '1.0.0' });

// A server of your own: its tool `add` is now `math_add`.
server.mount('math', calculator);

// An OpenAPI document. Its credentials are read from PETS_API_KEY_…, PETS_BEARER_TOKEN_….
const shop = new URL('../../test-specs/petstore.yaml', import.meta.url);
server.mount('pets', await fromOpenApi(shop, { credentialPrefix: 'PETS', baseUrl: process.env.PET_SHOP_URL }));

// Another MCP server, over stdio or HTTP, of either protocol era.
const hello = ['--import', 'jiti/register', new URL('serve-stdio.ts', import.meta.url).pathname];
server.mount('hello', fromMcp({ command: 'node', args: hello }));

// All servers in a client's configuration file, each under its own name: `more_people_…`.
server.mount('more', fromClientConfig({ mcpServers: { people: { url: 'http://127.0.0.1:8000/mcp' } } }));

export default server;
