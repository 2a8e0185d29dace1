import { messageOf } from '../../errors.ts';

interface Mounted<Item> {
  readonly item: Item;
  readonly registration: Registration;
}

export interface Registration {
  remove(): void;
}

export interface MountedListOptions<Item> {
  /** The owner of the list, for messages. */
  readonly owner: string;
  /** Returns the current items. */
  list(): Promise<readonly Item[]>;
  keyOf(item: Item): string;
  register(item: Item): Registration;
  /** Runs a batch of registrations and removals. */
  together(act: () => void): void;
}

/** Keeps registrations in sync with a list: registers new items, removes those that are gone or changed. */
export class MountedList<Item> {
  readonly #options: MountedListOptions<Item>;
  readonly #mounted = new Map<string, Mounted<Item>>();
  #last: Promise<void> = Promise.resolve();
  #cleared = false;

  constructor(options: MountedListOptions<Item>) {
    this.#options = options;
  }

  /**
   * Updates run sequentially, so the latest list wins.
   *
   * @throws Error that names each item that could not be registered; the others are
   */
  update(): Promise<void> {
    const update = this.#last.then(() => this.#update());
    this.#last = update.catch(() => {});
    return update;
  }

  clear(): void {
    this.#cleared = true;
    this.#options.together(() => {
      for (const { registration } of this.#mounted.values()) registration.remove();
    });
    this.#mounted.clear();
  }

  async #update(): Promise<void> {
    const items = await this.#options.list();
    if (!this.#cleared) this.#options.together(() => this.#follow(items));
  }

  #follow(items: readonly Item[]): void {
    const { owner, keyOf, register } = this.#options;
    const wanted = new Map(items.map((item) => [keyOf(item), item]));
    for (const [key, { item, registration }] of this.#mounted) {
      if (same(wanted.get(key), item)) continue;
      registration.remove();
      this.#mounted.delete(key);
    }
    const faults: string[] = [];
    for (const [key, item] of wanted) {
      if (this.#mounted.has(key)) continue;
      try {
        this.#mounted.set(key, { item, registration: register(item) });
      } catch (error) {
        // A taken name does not keep the others out.
        faults.push(`"${key}" of "${owner}" cannot be mounted: ${messageOf(error)}.`);
      }
    }
    if (faults.length > 0) throw new Error(faults.join('\n'));
  }
}

/** Lists are data: equal JSON means equal items. */
const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);
