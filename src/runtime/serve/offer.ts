import type { ServerCapabilities } from '@modelcontextprotocol/server';
import type { ListChange, ListContext, Provider } from '../provider.ts';
import { within } from '../until-aborted.ts';
import { TASKS_EXTENSION } from './tasks/extension.ts';

type Offered = 'listResources' | 'listResourceTemplates' | 'listPrompts';

/** How long a handshake waits to learn what is available. */
const PATIENCE_MS = 1_000;

/**
 * The capabilities that a provider is served with: always tools and logging; resources and prompts if there are any, if
 * the provider has announced a change of them, or if they may still appear, from a server that is starting or down.
 */
export class Offer {
  readonly #provider: Provider;
  readonly #announced: ReadonlySet<ListChange>;
  /** Lists that have delayed a handshake and are still pending: no other handshake waits for them. */
  readonly #toCome = new Set<Offered>();

  constructor(provider: Provider, announced: ReadonlySet<ListChange>) {
    this.#provider = provider;
    this.#announced = announced;
  }

  /**
   * @param delivers false if a change could not be sent: the one-request instances of 2025 clients over HTTP
   * @param hasTasks whether the protocol of the client has the extension
   */
  async capabilities(
    context: ListContext,
    { delivers, hasTasks }: { readonly delivers: boolean; readonly hasTasks: boolean },
  ): Promise<ServerCapabilities> {
    const [resources, templates, prompts] = await Promise.all([
      this.#announced.has('resources') || this.#hasAny('listResources', context),
      this.#hasAny('listResourceTemplates', context),
      this.#announced.has('prompts') || this.#hasAny('listPrompts', context),
    ]);
    const listChanged = delivers;
    const subscribe = delivers && this.#provider.onResourceUpdate !== undefined;
    return {
      tools: { listChanged },
      logging: {},
      ...((resources || templates) && { resources: { listChanged, ...(subscribe && { subscribe }) } }),
      ...(prompts && { prompts: { listChanged } }),
      ...((templates || prompts) && { completions: {} }),
      ...(hasTasks && { extensions: { [TASKS_EXTENSION]: {} } }),
    };
  }

  /** A list that fails or is incomplete is offered, because its items may still appear. */
  async #hasAny(name: Offered, context: ListContext): Promise<boolean> {
    if (this.#toCome.has(name)) return true;
    const list: Promise<readonly unknown[]> = this.#provider[name]({ ...context, whole: true });
    const some = list.then(
      ({ length }) => length > 0,
      () => true,
    );
    const known = await within(some, PATIENCE_MS);
    if (known) return known.value;
    this.#toCome.add(name);
    some.then(() => this.#toCome.delete(name));
    return true;
  }
}
