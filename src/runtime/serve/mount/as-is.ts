import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import type { Completion, CompletionResult } from '../../provider.ts';
import { remembered } from '../../remembered.ts';

/** The lists of a server: the key of each in its result, and where the SDK registers the items. */
const LISTS = {
  'tools/list': { member: 'tools', key: 'name' },
  'resources/list': { member: 'resources', key: 'uri' },
  'resources/templates/list': { member: 'resourceTemplates', key: 'name' },
  'prompts/list': { member: 'prompts', key: 'name' },
} as const;
type ListMethod = keyof typeof LISTS;

type Item = Readonly<Record<string, unknown>>;
interface Request {
  readonly params?: Item;
}
type Handler = (request: Request, ctx: ServerContext) => Promise<Item>;

export type Completer = (
  asked: Pick<Completion, 'argument' | 'given'>,
  ctx: ServerContext,
) => Promise<CompletionResult>;

/** One for each server. */
export const asIs = remembered((server: McpServer) => new AsIs(server));

/**
 * Returns lists and completions exactly as the provider does, byte for byte. The SDK would build its own version:
 * members in another order, `type` first in a schema, completions without their total. It has no public way to change
 * that, so its stored handlers are replaced. If a release stores them elsewhere, the SDK's versions are returned again
 * and tests in `mount-into.test.ts` fail; nothing else changes.
 */
export class AsIs {
  readonly #handlers: Map<string, Handler> | undefined;
  readonly #replaced = new Set<string>();
  readonly #lists: Readonly<Record<ListMethod, Map<string, Item>>> = {
    'tools/list': new Map(),
    'resources/list': new Map(),
    'resources/templates/list': new Map(),
    'prompts/list': new Map(),
  };
  readonly #completers = new Map<string, Completer>();

  constructor({ server }: McpServer) {
    const { _requestHandlers: handlers } = server as unknown as { readonly _requestHandlers?: unknown };
    // Its fields are named as in the SDK.
    this.#handlers = handlers instanceof Map ? (handlers as Map<string, Handler>) : undefined;
  }

  /** @param key the registered key of the item. Call it after registration: only then the list has a handler. */
  list(method: ListMethod, key: string, item: object): Entry {
    const items = this.#lists[method];
    this.#replace(method, (previous) => async (request, ctx) => {
      const result = await previous(request, ctx);
      const { member, key } = LISTS[method];
      const listed = result[member];
      if (items.size === 0 || !Array.isArray(listed)) return result;
      return { ...result, [member]: listed.map((item: Item) => items.get(String(item[key])) ?? item) };
    });
    return entryOf(items, key, { ...item });
  }

  /** @param ref the full name of a prompt, or the template of resources. Call it after registration. */
  complete(ref: Completion['ref'], completer: Completer): Entry {
    this.#replace('completion/complete', (previous) => async (request, ctx) => {
      const asked = askedOf(request);
      const own = asked && this.#completers.get(keyOf(asked.ref));
      if (!own) return previous(request, ctx);
      const result = await own(asked, ctx);
      // At most 100 (MCP, completion).
      return { completion: { ...result, values: result.values.slice(0, 100) } };
    });
    return entryOf(this.#completers, keyOf(ref), completer);
  }

  /** Runs once, as soon as there is a handler. */
  #replace(method: string, link: (previous: Handler) => Handler): void {
    const previous = this.#handlers?.get(method);
    if (!previous || this.#replaced.has(method)) return;
    this.#replaced.add(method);
    this.#handlers?.set(method, link(previous));
  }
}

interface Entry {
  remove(): void;
}

function entryOf<Value>(entries: Map<string, Value>, key: string, value: Value): Entry {
  entries.set(key, value);
  return {
    remove() {
      if (entries.get(key) === value) entries.delete(key);
    },
  };
}

const keyOf = (ref: Completion['ref']) => JSON.stringify(ref.type === 'prompt' ? [ref.name] : [ref.type, ref.uri]);

/** The request if it is valid; the SDK reports what is wrong with others. */
function askedOf({ params }: Request): Completion | undefined {
  const { ref, argument, context } = (params ?? {}) as Readonly<Record<string, Item | undefined>>;
  const { name, value } = argument ?? {};
  const given = context?.arguments ?? {};
  if (typeof name !== 'string' || typeof value !== 'string' || !isTexts(given)) return undefined;
  const about = { argument: { name, value }, given };
  if (ref?.type === 'ref/prompt' && typeof ref.name === 'string') {
    return { ...about, ref: { type: 'prompt', name: ref.name } };
  }
  if (ref?.type === 'ref/resource' && typeof ref.uri === 'string') {
    return { ...about, ref: { type: 'resource', uri: ref.uri } };
  }
  return undefined;
}

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
