import { afterAll, bench, describe } from 'vitest';
import { createServer } from '../server.ts';

// What a big server costs: one tool of 3,000, from 20 mounts, against the only tool of a server, over HTTP. The two
// should be within 15 % of each other, because lists are shared tables.

const small = createServer({ name: 'small', version: '1' });
small.tool('tool', {}, () => 'done');

const big = createServer({ name: 'big', version: '1' });
for (let mount = 0; mount < 20; mount++) {
  const api = createServer({ name: `api ${mount}`, version: '1' });
  for (let tool = 0; tool < 150; tool++) api.tool(`tool${tool}`, {}, () => 'done');
  big.mount(`api${mount}`, api);
}

const runs = await Promise.all([small, big].map((server) => server.run({ transport: 'http', port: 0 })));
const [smallUrl = '', bigUrl = ''] = runs.map(({ url }) => url);
afterAll(() => Promise.all([small.close(), big.close()]));

const STEADY = { time: 3000, warmupIterations: 500 };

describe('a call over HTTP', () => {
  bench('of the only tool', () => call(smallUrl, 'tool'), STEADY);
  bench('of one tool of 3,000', () => call(bigUrl, 'api7_tool9'), STEADY);
});

async function call(url: string, name: string): Promise<void> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'tools/call',
      'Mcp-Name': name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {}, _meta } }),
  });
  const text = await response.text();
  if (!text.includes('"done"')) throw new Error(`The call failed: ${text}`);
}
