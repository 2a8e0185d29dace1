import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { asError } from '../../runtime/errors.ts';
import type { ListChange } from '../../runtime/provider.ts';
import { remembered } from '../../runtime/remembered.ts';
import { listContext } from '../../runtime/serve/call/caller.ts';
import { type Handler, type Internals, internalsOf, type Result } from './internals.ts';
import { type CallMethod, LISTS, type ListMethod, METHODS, type Params } from './methods.ts';
import type { MountedProvider } from './mounted-provider.ts';

type Capability = ListChange | 'completions';

/** The handler chain of a server. Mounts are added and removed in any order; the handlers are replaced once. */
export const chainOf = remembered((server: McpServer) => new Chain(internalsOf(server), () => server.isConnected()));

/** Wraps the handlers of a v1 server: requests that no mount owns go to the original handler unchanged. */
export class Chain {
  readonly internals: Internals;
  readonly mounted = new Map<MountedProvider, (error: Error) => void>();
  readonly #isConnected: () => boolean;
  readonly #chained = new Set<Capability>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(internals: Internals, isConnected: () => boolean) {
    this.internals = internals;
    this.#isConnected = isConnected;
  }

  /** Runs mounts sequentially. */
  inTurn(mount: () => Promise<void>): Promise<void> {
    const turn = this.#lastTurn.then(mount);
    this.#lastTurn = turn.catch(() => {});
    return turn;
  }

  /** Whether clients know about it. */
  offered(capability: Capability): boolean {
    return this.#chained.has(capability);
  }

  /** Whether the capability can still be offered: before the server is connected, or if it was declared. */
  canOffer(capability: Capability): boolean {
    return !this.#isConnected() || this.#isDeclared(capability);
  }

  /**
   * Declares a capability, and chains its handlers.
   *
   * @throws Error if the server is already connected without it
   */
  offer(capability: Capability): void {
    if (this.#chained.has(capability)) return;
    if (!this.canOffer(capability)) throw notDeclared(capability);
    if (!this.#isDeclared(capability)) this.internals.declare[capability]();
    const { lists, calls } = METHODS[capability];
    for (const method of lists) this.#chain(method, (previous) => this.#lister(method, previous));
    for (const method of calls) this.#chain(method, (previous) => this.#caller(method, previous));
    this.#chained.add(capability);
  }

  #isDeclared(capability: Capability): boolean {
    const { lists, calls } = METHODS[capability];
    return [...lists, ...calls].every((method) => this.internals.handlers.has(method));
  }

  #chain(method: string, link: (previous: Handler) => Handler): void {
    const { handlers } = this.internals;
    const previous = handlers.get(method);
    // `declare` sets all of them.
    if (previous) handlers.set(method, link(previous));
  }

  #lister(method: ListMethod, previous: Handler): Handler {
    const { member, key } = LISTS[method];
    return async (request, extra) => {
      const result = await previous(request, extra);
      // For a server with pages, mounted items are on its last page.
      if (this.mounted.size === 0 || result.nextCursor !== undefined) return result;
      // The result of a list contains it.
      const own = result[member] as readonly Result[];
      const taken = new Set(own.map((item) => item[key]));
      const all: unknown[] = [...own];
      for (const [mounted, onError] of this.mounted) {
        const items = await mounted.list(method, listContext(extra.authInfo)).catch((error) => {
          onError(asError(error));
          return [];
        });
        for (const item of items) {
          // Each kind of item has the key of its list.
          const name = (item as unknown as Result)[key];
          if (!taken.has(name)) all.push(item);
          taken.add(name);
        }
      }
      return { ...result, [member]: all };
    };
  }

  #caller(method: CallMethod, previous: Handler): Handler {
    return async (request, extra) => {
      const { params = {} } = request;
      if (this.#isOwn(method, params)) return previous(request, extra);
      for (const [mounted, onError] of this.mounted) {
        const answer = await mounted.answerer(method, params, extra).catch((error) => {
          // A provider whose lists fail does not hide the others.
          onError(asError(error));
          return undefined;
        });
        if (answer) return answer(params, extra);
      }
      return previous(request, extra);
    };
  }

  /** Whether the server itself has registered the called item. */
  #isOwn(method: CallMethod, { name, uri }: Params): boolean {
    const { tools, prompts, resources, templates } = this.internals.registered;
    switch (method) {
      case 'tools/call':
        return Object.hasOwn(tools, String(name));
      case 'prompts/get':
        return Object.hasOwn(prompts, String(name));
      case 'resources/read': {
        if (typeof uri !== 'string' || !URL.canParse(uri)) return false;
        const { href } = new URL(uri);
        if (Object.hasOwn(resources, href)) return true;
        return Object.values(templates).some(({ resourceTemplate }) => resourceTemplate.uriTemplate.match(href));
      }
      case 'completion/complete':
        return false;
    }
  }
}

function notDeclared(capability: Capability): Error {
  return new Error(
    `The server is already connected without the capability "${capability}", so clients would not ask for it. Mount before connect().`,
  );
}
