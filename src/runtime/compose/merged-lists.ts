import { readFailed } from '../errors.ts';
import type { ListChange, ListContext } from '../provider.ts';
import { deadline, untilAborted } from '../until-aborted.ts';
import { Catalog, type Merged, type OnDuplicate } from './catalog.ts';
import { callerKey, type ListName, type Lists, READY_MS, type SteadyChild } from './steady-child.ts';

export interface MergedListsOptions {
  readonly onDuplicate: OnDuplicate;
  /** In the order of their mounting. */
  readonly children: () => readonly SteadyChild[];
  /** Says which children could not be asked. */
  readonly absent: () => string;
}

export interface AtHand<Item> {
  /** The whole list; where a child that is still starting keeps that back, what the others have. */
  readonly now: Merged<Item>;
  readonly whole: Promise<Merged<Item>>;
}

/** The lists of all children, each as one. */
export class MergedLists {
  readonly #options: MergedListsOptions;
  readonly #catalogs: { readonly [Name in ListName]: Catalog<Lists[Name]> };
  /** Being put together, by list, edition and caller: many calls wait for one. */
  readonly #merging = new Map<string, Promise<Merged<unknown>>>();
  /** Of those, the ones that are known to take their time. */
  readonly #late = new WeakSet<Promise<unknown>>();

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
    // Under a key with its name, there is only what was made of this list.
    if (known) return known as Promise<Merged<Lists[Name]>>;
    const merging = this.#merge(name, context);
    this.#merging.set(key, merging);
    const ended = () => void this.#merging.delete(key);
    merging.then(ended, ended);
    return merging;
  }

  /** Leaves out what children that are still starting have. */
  async ready<Name extends ListName>(name: Name, context: ListContext): Promise<Merged<Lists[Name]>> {
    const catalog: Catalog<Lists[Name]> = this.#catalogs[name];
    const known = catalog.current(context);
    if (known) return known;
    const children = this.#options.children();
    const lists = await Promise.all(children.map((child) => child.ready(name, context)));
    return catalog.merge({ children, lists, edition: undefined }, { ...context, ready: true });
  }

  /** For a look-up: only what is not in `now` is worth waiting for. */
  async atHand<Name extends ListName>(name: Name, context: ListContext): Promise<AtHand<Lists[Name]>> {
    const catalog: Catalog<Lists[Name]> = this.#catalogs[name];
    const known = catalog.current(context);
    if (known) return { now: known, whole: Promise.resolve(known) };
    const whole = this.whole(name, context);
    if (await this.#isSoon(whole)) return { now: await whole, whole };
    // Nobody may wait for it any more.
    whole.catch(() => {});
    return { now: await this.ready(name, context), whole };
  }

  async #merge<Name extends ListName>(name: Name, context: ListContext): Promise<Merged<Lists[Name]>> {
    const catalog: Catalog<Lists[Name]> = this.#catalogs[name];
    const known = catalog.current(context);
    if (known) return known;
    const { edition } = catalog;
    const children = this.#options.children();
    const lists = await Promise.all(children.map((child) => child.list(name, context)));
    const complete = children.every((child) => child.isWell(name));
    if (context.whole && !complete) throw readFailed(`The list is incomplete:${this.#options.absent()}`);
    return catalog.merge({ children, lists, edition: complete ? edition : undefined }, context);
  }

  /** Whether it is there within the time that a list takes which nobody keeps back. */
  async #isSoon(whole: Promise<unknown>): Promise<boolean> {
    if (this.#late.has(whole)) return false;
    const { signal, stop } = deadline(READY_MS, NEVER, () => new Error('The list is late.'));
    try {
      await untilAborted(whole, signal);
      return true;
    } catch (error) {
      if (!signal.aborted) throw error;
      this.#late.add(whole);
      return false;
    } finally {
      stop();
    }
  }
}

const NEVER = new AbortController().signal;

const LISTS_OF: Readonly<Record<ListChange, readonly ListName[]>> = {
  tools: ['listTools'],
  resources: ['listResources', 'listResourceTemplates'],
  prompts: ['listPrompts'],
};
