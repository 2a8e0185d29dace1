interface Mounted<Item> {
  readonly item: Item;
  readonly registration: { remove(): void };
}

/** Keeps registrations elsewhere in step with a list: what is new is registered, what has gone or changed is removed. */
export class MountedList<Item> {
  readonly #list: () => Promise<readonly Item[]>;
  readonly #keyOf: (item: Item) => string;
  readonly #register: (item: Item) => { remove(): void };
  readonly #mounted = new Map<string, Mounted<Item>>();
  #last: Promise<void> = Promise.resolve();
  #cleared = false;

  constructor(
    list: () => Promise<readonly Item[]>,
    keyOf: (item: Item) => string,
    register: (item: Item) => { remove(): void },
  ) {
    this.#list = list;
    this.#keyOf = keyOf;
    this.#register = register;
  }

  /** One update after the other, so that the latest list wins. */
  update(): Promise<void> {
    const update = this.#last.then(() => this.#update());
    this.#last = update.catch(() => {});
    return update;
  }

  clear(): void {
    this.#cleared = true;
    for (const { registration } of this.#mounted.values()) registration.remove();
    this.#mounted.clear();
  }

  async #update(): Promise<void> {
    const items = await this.#list();
    if (this.#cleared) return;
    const wanted = new Map(items.map((item) => [this.#keyOf(item), item]));
    for (const [key, { item, registration }] of this.#mounted) {
      if (same(wanted.get(key), item)) continue;
      registration.remove();
      this.#mounted.delete(key);
    }
    for (const [key, item] of wanted) {
      if (!this.#mounted.has(key)) this.#mounted.set(key, { item, registration: this.#register(item) });
    }
  }
}

/** Lists are data: what prints the same is the same. */
const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);
