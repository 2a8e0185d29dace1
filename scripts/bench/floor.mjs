// A minimal server, as a baseline: the SDK's server, one tool per operation with its parameter names, one fetch per
// call. No references, no schemas, no validation. Usage: floor.mjs <document.json> <base URL> [http], where `http` serves
// clients of 2025 in sessions, and those of 2026-07-28 without.
import { readFileSync } from 'node:fs';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const [file, baseUrl, transport = 'stdio'] = process.argv.slice(2);
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const document = JSON.parse(readFileSync(file, 'utf8'));

const operations = new Map();
for (const [path, item] of Object.entries(document.paths ?? {})) {
  for (const method of METHODS) if (item[method]) addOperation(path, method, item[method], item.parameters ?? []);
}
const tools = [...operations.values()].map(({ tool }) => tool);

if (transport === 'http') await serveHttp();
else serveStdio(makeServer);

function makeServer() {
  const mcp = new McpServer({ name: 'floor', version: '1.0.0' }, { capabilities: { tools: {} } });
  mcp.server.setRequestHandler('tools/list', () => ({ tools }));
  mcp.server.setRequestHandler('tools/call', ({ params }) => call(operations.get(params.name), params.arguments ?? {}));
  return mcp;
}

/** As the SDK's examples do it. What only HTTP needs is not loaded for stdio. */
async function serveHttp() {
  const { randomUUID } = await import('node:crypto');
  const { createServer } = await import('node:http');
  const { NodeStreamableHTTPServerTransport, toNodeHandler } = await import('@modelcontextprotocol/node');
  const sessions = new Map();
  const modern = toNodeHandler(createMcpHandler(makeServer, { legacy: 'reject' }));
  const server = createServer(async (request, response) => {
    if (request.headers['mcp-protocol-version'] === '2026-07-28') return modern(request, response);
    let transport = sessions.get(request.headers['mcp-session-id']);
    if (transport === undefined) {
      transport = new NodeStreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => sessions.set(id, transport),
      });
      await makeServer().connect(transport);
    }
    return transport.handleRequest(request, response);
  });
  server.listen(0, '127.0.0.1', () => {
    process.stderr.write(`Serving http://127.0.0.1:${server.address().port}/mcp\n`);
  });
}

function addOperation(path, method, operation, shared) {
  const parameters = [...shared, ...(operation.parameters ?? [])].map(resolve).filter((one) => one?.name);
  // The benchmark finds tools by description, because each server chooses its own names.
  operations.set(`tool_${operations.size}`, {
    method: method.toUpperCase(),
    path,
    query: parameters.filter((one) => one.in === 'query').map((one) => one.name),
    tool: {
      name: `tool_${operations.size}`,
      description: `${method.toUpperCase()} ${path}`,
      inputSchema: { type: 'object', properties: Object.fromEntries(parameters.map((one) => [one.name, {}])) },
    },
  });
}

function resolve(value) {
  if (!value?.$ref?.startsWith('#/')) return value;
  const keys = value.$ref.slice(2).split('/');
  return keys.reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

async function call({ method, path, query }, values) {
  const filled = path.replace(/\{([^}]+)\}/g, (_, name) => encodeURIComponent(values[name]));
  const pairs = query.filter((name) => name in values).map((name) => `${name}=${encodeURIComponent(values[name])}`);
  const response = await fetch(baseUrl + filled + (pairs.length ? `?${pairs.join('&')}` : ''), { method });
  return { content: [{ type: 'text', text: await response.text() }] };
}
