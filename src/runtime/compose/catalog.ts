import { callerKey } from '../caller-key.ts';
import { isFullSchemaTemplate } from '../full-schema.ts';
import type { ListContext } from '../provider.ts';
import type { SteadyChild } from './steady-child.ts';

export const ON_DUPLICATE = { choices: ['error', 'replace', 'ignore'], default: 'error' } as const;
export type OnDuplicate = (typeof ON_DUPLICATE.choices)[number];

/** Two children have the same name. */
export interface Collision {
  readonly message: string;
}

/** The merged lists of all children, and the owner of each item. */
export interface Merged<Item> {
  /** Shared and frozen: the same array as long as the children's lists are the same. */
  readonly items: readonly Item[];
  readonly owners: ReadonlyMap<string, SteadyChild | Collision>;
  readonly collisions: readonly Collision[];
}

/** The lists of the children. */
export interface Listing<Item> {
  readonly children: readonly SteadyChild[];
  /** One per child. */
  readonly lists: readonly (readonly Item[])[];
  readonly edition: number | undefined;
}

interface Kept<Item> {
  readonly lists: Listing<Item>['lists'];
  readonly merged: Merged<Item>;
  readonly edition: number | undefined;
}

/** Merges lists, and again only if one of them has changed. Per caller, because lists may depend on authorization. */
export class Catalog<Item extends object> {
  readonly #kind: string;
  readonly #keyOf: (item: Item) => string;
  readonly #onDuplicate: OnDuplicate;
  readonly #kept = new Map<string, Kept<Item>>();
  /** Incremented by each change that a child announces. */
  #edition = 0;

  constructor(kind: string, keyOf: (item: Item) => string, onDuplicate: OnDuplicate) {
    this.#kind = kind;
    this.#keyOf = keyOf;
    this.#onDuplicate = onDuplicate;
  }

  get edition(): number {
    return this.#edition;
  }

  /** The last merged lists of this caller, if no child has announced a change since. */
  current(context: ListContext): Merged<Item> | undefined {
    const kept = this.#kept.get(callerKey(context));
    return kept?.edition === this.#edition ? kept.merged : undefined;
  }

  /**
   * @param edition the edition when the children were asked; `undefined` if one of them did not respond, so that they
   *   are asked again the next time
   */
  merge({ children, lists, edition }: Listing<Item>, context: ListContext): Merged<Item> {
    const caller = keptKey(context);
    const merged = this.#known(caller, lists) ?? this.#merge(children, lists);
    if (this.#kept.size >= MAX_KEPT && !this.#kept.has(caller)) this.#kept.clear();
    this.#kept.set(caller, { lists, merged, edition });
    return merged;
  }

  /** A child has changed. */
  expire(): void {
    this.#edition += 1;
  }

  /** Most callers see the same lists, so they share one merged list. */
  #known(caller: string, lists: Listing<Item>['lists']): Merged<Item> | undefined {
    const own = this.#kept.get(caller);
    if (own && equal(own.lists, lists)) return own.merged;
    for (const other of this.#kept.values()) if (equal(other.lists, lists)) return other.merged;
    return undefined;
  }

  #merge(children: readonly SteadyChild[], lists: readonly (readonly Item[])[]): Merged<Item> {
    const owners = new Map<string, SteadyChild | Collision>();
    const items = new Map<string, Item>();
    const collisions: Collision[] = [];
    children.forEach((child, index) => {
      for (const item of lists[index] ?? []) {
        const key = this.#keyOf(item);
        const other = owners.get(key);
        // Parts of one API share the template; a URI is read from whichever child has the tool.
        if (other && (this.#onDuplicate === 'ignore' || isFullSchemaTemplate(item))) continue;
        if (other && this.#onDuplicate === 'error') {
          const collision = 'message' in other ? other : this.#collision(key, other, child);
          if (collision !== other) collisions.push(collision);
          owners.set(key, collision);
          continue;
        }
        owners.set(key, child);
        items.set(key, item);
      }
    });
    return { items: Object.freeze([...items.values()]), owners, collisions };
  }

  #collision(key: string, one: SteadyChild, other: SteadyChild): Collision {
    const who = one === other ? `"${one.label}" has two` : `both "${one.label}" and "${other.label}" have one`;
    return {
      message: `The ${this.#kind} "${key}" is not unique: ${who}. Mount them under different namespaces, or rename one.`,
    };
  }
}

/** While children are still starting, the lists are only a part of what the caller sees later. */
const keptKey = (context: ListContext): string => (context.ready ? `ready ${callerKey(context)}` : callerKey(context));

/** Maximum number of callers with cached lists. */
const MAX_KEPT = 256;

function equal<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
