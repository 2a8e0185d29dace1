import type { McpServer } from '@modelcontextprotocol/server';

/** The lists of a server: where each stands in its result, and what its SDK registers the items under. */
const LISTS = {
  'tools/list': { member: 'tools', key: 'name' },
  'resources/list': { member: 'resources', key: 'uri' },
  'resources/templates/list': { member: 'resourceTemplates', key: 'name' },
  'prompts/list': { member: 'prompts', key: 'name' },
} as const;
type ListMethod = keyof typeof LISTS;

type Item = Readonly<Record<string, unknown>>;
type Handler = (request: unknown, context: unknown) => Promise<Item>;

const shownBy = new WeakMap<McpServer, ListedAsIs>();

/** The one of a server. */
export function listedAsIs(server: McpServer): ListedAsIs {
  const known = shownBy.get(server);
  if (known) return known;
  const shown = new ListedAsIs(server);
  shownBy.set(server, shown);
  return shown;
}

/**
 * Shows registered items byte for byte as they are given. The SDK prints its own version of each: members in another
 * order, `type` first in a schema. It has no public way to say otherwise, so the handler of the list is replaced where
 * the SDK keeps it. Should a release keep it elsewhere, items are shown in the SDK's words again, and a test of
 * `mount-into.test.ts` fails; nothing else changes.
 */
export class ListedAsIs {
  readonly #handlers: Map<string, Handler> | undefined;
  readonly #items = new Map<ListMethod, Map<string, Item>>();

  constructor({ server }: McpServer) {
    const { _requestHandlers: handlers } = server as unknown as { readonly _requestHandlers?: unknown };
    // What is in it is called as the SDK calls it.
    this.#handlers = handlers instanceof Map ? (handlers as Map<string, Handler>) : undefined;
  }

  /** @param key what the item is registered under. Call it when it is registered: only then the list has a handler. */
  add(method: ListMethod, key: string, item: object): { remove(): void } {
    const items = this.#items.get(method) ?? this.#begin(method);
    const shown = { ...item };
    items.set(key, shown);
    return {
      remove() {
        if (items.get(key) === shown) items.delete(key);
      },
    };
  }

  #begin(method: ListMethod): Map<string, Item> {
    const items = new Map<string, Item>();
    this.#items.set(method, items);
    const previous = this.#handlers?.get(method);
    if (!previous) return items;
    const { member, key } = LISTS[method];
    this.#handlers?.set(method, async (request, context) => {
      const result = await previous(request, context);
      const listed = result[member];
      if (items.size === 0 || !Array.isArray(listed)) return result;
      return { ...result, [member]: listed.map((item: Item) => items.get(String(item[key])) ?? item) };
    });
    return items;
  }
}
