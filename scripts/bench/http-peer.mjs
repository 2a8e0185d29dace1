// A minimal client over Streamable HTTP: one request per message, so that only the server is measured. It speaks the
// protocol of 2025 with a session, or that of 2026-07-28 without one.
import { spawn } from 'node:child_process';
import { Agent, request as send } from 'undici';
import { printed } from '../printed.mjs';
import { processorTime } from './process-time.mjs';

const CLIENT = { name: 'bench', version: '1.0.0' };

/** Starts `node <args>` with additional variables; it prints its URL. `era`: `2025` or `2026`. */
export async function startHttpPeer(args, environment, era) {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  const url = await printed(child, /Serving (http:\S+)/);
  const dispatcher = new Agent({ connections: 32, pipelining: 1 });
  let [id, session] = [0, undefined];

  const post = async (message, headers) => {
    const response = await send(url, {
      dispatcher,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(session !== undefined && { 'mcp-session-id': session, 'mcp-protocol-version': '2025-06-18' }),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
    session ??= era === '2025' ? response.headers['mcp-session-id'] : undefined;
    const text = await response.body.text();
    if (response.statusCode >= 400) throw new Error(`${response.statusCode}: ${text}`);
    return text;
  };
  const request = async (method, params = {}) => {
    id += 1;
    const text = await post(...(era === '2025' ? [{ id, method, params }] : modern(id, method, params)));
    const { result, error } = JSON.parse(text.startsWith('{') ? text : lastEvent(text));
    if (error) throw new Error(JSON.stringify(error));
    return result;
  };
  return {
    pid: child.pid,
    request,
    cpu: () => processorTime(child.pid),
    async initialize() {
      if (era !== '2025') return;
      await request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: CLIENT });
      await post({ method: 'notifications/initialized' });
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await dispatcher.close();
      child.kill();
      await ended;
    },
  };
}

/** A request of 2026-07-28: who asks is in `_meta`, and what is asked is also in the headers. */
function modern(id, method, params) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': CLIENT,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method };
  if (params.name !== undefined) headers['mcp-name'] = params.name;
  return [{ id, method, params: { ...params, _meta } }, headers];
}

/** The response is the last event of its stream. */
const lastEvent = (text) => text.slice(text.lastIndexOf('data: ') + 6).split('\n', 1)[0];
