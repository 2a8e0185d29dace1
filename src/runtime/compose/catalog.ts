import type { ListContext } from '../provider.ts';
import { callerKey, type SteadyChild } from './steady-child.ts';

export type OnDuplicate = 'error' | 'replace' | 'ignore';

/** Two children offer the same name. */
export interface Collision {
  readonly message: string;
}

/** The lists of all children as one, with who owns what. */
export interface Merged<Item> {
  /** Shared and frozen: the same array while the children's lists are the same. */
  readonly items: readonly Item[];
  readonly owners: ReadonlyMap<string, SteadyChild | Collision>;
  readonly collisions: readonly Collision[];
}

/** Merges lists, and does so again only when one of them is another one. */
export class Catalog<Item> {
  readonly #kind: string;
  readonly #keyOf: (item: Item) => string;
  readonly #onDuplicate: OnDuplicate;
  /** By caller: lists may vary by authorization. */
  readonly #kept = new Map<string, { readonly lists: readonly (readonly Item[])[]; readonly merged: Merged<Item> }>();
  /** Callers for whom nothing has changed since their lists were merged. */
  readonly #current = new Set<string>();

  constructor(kind: string, keyOf: (item: Item) => string, onDuplicate: OnDuplicate) {
    this.#kind = kind;
    this.#keyOf = keyOf;
    this.#onDuplicate = onDuplicate;
  }

  /** By the lists last merged for this caller; `undefined` also where those may be out of date. */
  owner(key: string, context: ListContext): SteadyChild | Collision | undefined {
    const caller = callerKey(context);
    return this.#current.has(caller) ? this.#kept.get(caller)?.merged.owners.get(key) : undefined;
  }

  merge(children: readonly SteadyChild[], lists: readonly (readonly Item[])[], context: ListContext): Merged<Item> {
    const caller = callerKey(context);
    const kept = this.#kept.get(caller);
    if (!kept && this.#kept.size >= MAX_KEPT) {
      this.#kept.clear();
      this.#current.clear();
    }
    this.#current.add(caller);
    if (kept && equal(kept.lists, lists)) return kept.merged;
    // Most callers see the same lists: they share the same merged one.
    const shared = [...this.#kept.values()].find((other) => equal(other.lists, lists));
    const merged = shared?.merged ?? this.#merge(children, lists);
    this.#kept.set(caller, { lists, merged });
    return merged;
  }

  /** A child has changed: who owns what can no longer be told from the last lists. */
  expire(): void {
    this.#current.clear();
  }

  #merge(children: readonly SteadyChild[], lists: readonly (readonly Item[])[]): Merged<Item> {
    const owners = new Map<string, SteadyChild | Collision>();
    const items = new Map<string, Item>();
    const collisions: Collision[] = [];
    children.forEach((child, index) => {
      for (const item of lists[index] ?? []) {
        const key = this.#keyOf(item);
        const other = owners.get(key);
        if (other && this.#onDuplicate === 'ignore') continue;
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
    const who =
      one === other ? `"${one.label}" offers two of them` : `both "${one.label}" and "${other.label}" offer one`;
    return {
      message: `The ${this.#kind} "${key}" is not unique: ${who}. Mount them under different namespaces, or rename one.`,
    };
  }
}

/** Callers whose merged lists are kept. */
const MAX_KEPT = 256;

function equal<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
