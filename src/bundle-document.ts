import { applyAll } from './compile.ts';
import { type DocumentSource, parseDocument } from './parse/index.ts';
import { isObject, type JsonObject } from './parse/json.ts';
import { type ProxyOptions, parseOptions } from './proxy.ts';
import { openSenders } from './runtime/node/senders.ts';

/**
 * A document as one object that can be served from anywhere: overlays applied, other files bundled, servers absolute.
 *
 * @throws DocumentError if it cannot be used at all
 */
export async function bundleDocument(source: DocumentSource, options: ProxyOptions = {}): Promise<JsonObject> {
  const senders = openSenders(options);
  try {
    const reading = parseOptions(options, senders);
    const overlays = options.overlays ?? [];
    const amend =
      overlays.length === 0
        ? undefined
        : (root: unknown, pointers: WeakMap<object, string>) => applyAll({ root, pointers }, overlays, reading, []);
    const { root, url } = await parseDocument(source, { ...reading, amend });
    return url === undefined ? root : withAbsoluteServers(root, url);
  } finally {
    await senders.close();
  }
}

/** Relative servers are relative to the URL of the document (OpenAPI 3.1.1 §4.8.5), which a copy of it does not have. */
function withAbsoluteServers(root: JsonObject, url: string): JsonObject {
  // Without servers there is one, with the URL "/" (OpenAPI 3.1.1 §4.8.1).
  const servers = Array.isArray(root.servers) && root.servers.length > 0 ? root.servers : [{ url: '/' }];
  const paths = isObject(root.paths)
    ? { paths: Object.fromEntries(Object.entries(root.paths).map(([path, item]) => [path, resolvedItem(item, url)])) }
    : {};
  return { ...root, servers: servers.map((server) => resolvedServer(server, url)), ...paths };
}

function resolvedItem(item: unknown, url: string): unknown {
  if (!isObject(item)) return item;
  const operations = Object.entries(item).map(([name, value]) => [
    name,
    name === 'servers' ? resolvedList(value, url) : resolvedOperation(value, url),
  ]);
  return Object.fromEntries(operations);
}

const resolvedOperation = (value: unknown, url: string): unknown =>
  isObject(value) && 'servers' in value ? { ...value, servers: resolvedList(value.servers, url) } : value;

const resolvedList = (servers: unknown, url: string): unknown =>
  Array.isArray(servers) ? servers.map((server) => resolvedServer(server, url)) : servers;

function resolvedServer(server: unknown, url: string): unknown {
  if (!isObject(server) || typeof server.url !== 'string') return server;
  // A variable may stand for the scheme or the host: only what is clearly relative is resolved.
  if (!/^(?:\/|\.|[^:{]*$)/.test(server.url) || !URL.canParse(server.url, url)) return server;
  const { href } = new URL(server.url, url);
  return { ...server, url: href.replaceAll('%7B', '{').replaceAll('%7D', '}') };
}
