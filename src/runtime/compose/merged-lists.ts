import { callerKey } from '../caller-key.ts';
import { readFailed } from '../errors.ts';
import type { ListChange, ListContext } from '../provider.ts';
import { within } from '../until-aborted.ts';
import { Catalog, type Merged, type OnDuplicate } from './catalog.ts';
import { type ListName, type Lists, READY_MS, type SteadyChild } from './steady-child.ts';

export interface MergedListsOptions {
  readonly onDuplicate: OnDuplicate;
  /** In mount order. */
  readonly children: () => readonly SteadyChild[];
  /** Names the children that could not be listed. */
  readonly absent: () => string;
}

/** Returns the lists to search in. */
export type ListOf = <Name extends ListName>(name: Name) => Promise<Merged<Lists[Name]>>;

/** The merged lists of all children. */
export class MergedLists {
  readonly #options: MergedListsOptions;
  readonly #catalogs: { readonly [Name in ListName]: Catalog<Lists[Name]> };
  /** Merges in progress, by list, edition and caller: many calls wait for the same one. */
  readonly #merging = new Map<string, Promise<Merged<unknown>>>();
  /** Those of them that are waiting for a child that is still starting. */
  readonly #late = new Set<Promise<unknown>>();
  /** Called whenever another child has been listed. */
  #waiting: (() => void)[] = [];

  constructor(options: MergedListsOptions) {
    const { onDuplicate } = options;
    this.#options = options;
    this.#catalogs = {
      listTools: new Catalog('tool', (tool) => tool.name, onDuplicate),
      listResources: new Catalog('resource', (resource) => resource.uri, onDuplicate),
      listResourceTemplates: new Catalog('resource template', (template) => template.uriTemplate, onDuplicate),
      listPrompts: new Catalog('prompt', (prompt) => prompt.name, onDuplicate),
    };
  }

  expire(change: ListChange): void {
    for (const name of LISTS_OF[change]) this.#catalogs[name].expire();
  }

  /** Waits for children that are still starting. */
  whole<Name extends ListName>(name: Name, context: ListContext): Promise<Merged<Lists[Name]>> {
    const { edition } = this.#catalogs[name];
    const key = `${name} ${edition} ${context.whole ?? ''} ${callerKey(context)}`;
    const known = this.#merging.get(key);
    // The key contains the list's name, so the value was made from that list.
    if (known) return known as Promise<Merged<Lists[Name]>>;
    const merging = this.#merge(name, context);
    this.#merging.set(key, merging);
    const ended = () => {
      this.#merging.delete(key);
      this.#late.delete(merging);
    };
    merging.then(ended, ended);
    return merging;
  }

  /** Leaves out items of children that are still starting. */
  async ready<Name extends ListName>(name: Name, context: ListContext): Promise<Merged<Lists[Name]>> {
    const catalog: Catalog<Lists[Name]> = this.#catalogs[name];
    const known = catalog.current(context);
    if (known) return known;
    const children = this.#options.children();
    const lists = await Promise.all(children.map((child) => child.ready(name, context)));
    return catalog.merge({ children, lists, edition: undefined }, { ...context, ready: true });
  }

  /**
   * Searches the complete lists. While a child is still starting, searches those of the others as they arrive, so that
   * only a search for the starting child's items waits for it.
   */
  async search<T>(
    names: readonly ListName[],
    context: ListContext,
    find: (list: ListOf) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const whole = find((name) => this.whole(name, context));
    if (names.every((name) => this.#catalogs[name].current(context))) return whole;
    if (this.#late.size === 0 && (await within(whole, READY_MS))) return whole;
    for (const merging of this.#merging.values()) this.#late.add(merging);
    const settled = whole.then(
      () => true,
      () => true,
    );
    for (let ended = false; !ended; ) {
      // Before asking the others, so that a child that is ready in the meantime is not missed.
      const oneMore = this.#oneMore();
      const found = await find((name) => this.ready(name, context));
      if (found !== undefined) return found;
      ended = await Promise.race([settled, oneMore]);
    }
    return whole;
  }

  #oneMore(): Promise<false> {
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(false));
    });
  }

  async #merge<Name extends ListName>(name: Name, context: ListContext): Promise<Merged<Lists[Name]>> {
    const catalog: Catalog<Lists[Name]> = this.#catalogs[name];
    const known = catalog.current(context);
    if (known) return known;
    const { edition } = catalog;
    const children = this.#options.children();
    const lists = await Promise.all(
      children.map(async (child) => {
        const list = await child.list(name, context);
        for (const wake of this.#waiting.splice(0)) wake();
        return list;
      }),
    );
    const complete = children.every((child) => child.isWell(name));
    if (context.whole && !complete) throw readFailed(`The list is incomplete:${this.#options.absent()}`);
    return catalog.merge({ children, lists, edition: complete ? edition : undefined }, context);
  }
}

const LISTS_OF: Readonly<Record<ListChange, readonly ListName[]>> = {
  tools: ['listTools'],
  resources: ['listResources', 'listResourceTemplates'],
  prompts: ['listPrompts'],
};
