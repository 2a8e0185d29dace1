const NOTHING: readonly never[] = Object.freeze([]);

/**
 * One list of a remote server: loaded on demand, cached until the server announces a change, and kept if the server
 * cannot be reached.
 */
export class RemoteList<Item> {
  readonly #options: { readonly load: () => Promise<readonly Item[]>; readonly onChange: () => void };
  #known: readonly Item[] | undefined;
  #isCurrent = false;
  /** It was requested, but could not be loaded. */
  #isOwed = false;
  #loading: Promise<readonly Item[]> | undefined;

  /** @param options.onChange called if a list that was reloaded in the background has changed */
  constructor(options: { readonly load: () => Promise<readonly Item[]>; readonly onChange: () => void }) {
    this.#options = options;
  }

  /** @throws the error from loading, if nothing is cached */
  async get(): Promise<readonly Item[]> {
    if (this.#known && this.#isCurrent) return this.#known;
    try {
      return await this.#load();
    } catch (error) {
      if (this.#known) return this.#known;
      this.#isOwed = true;
      throw error;
    }
  }

  /** The cached list. If there is none, starts loading it. */
  ready(): readonly Item[] {
    if (!this.#isCurrent) this.#load().catch(() => {});
    return this.#known ?? NOTHING;
  }

  /** Whether the last known list contains such an item. */
  has(isIt: (item: Item) => boolean): boolean {
    return this.#known?.some(isIt) ?? false;
  }

  /** The server has announced a change: reload on the next request. */
  expire(): void {
    this.#isCurrent = false;
    // A response in flight may predate the change.
    this.#loading = undefined;
  }

  /** Reloads the list if it is in use, because a change may have been missed. */
  refresh(): void {
    if (!this.#known && !this.#isOwed) return;
    const before = this.#known;
    this.expire();
    this.#load().then(
      (list) => {
        if (list !== before) this.#options.onChange();
      },
      () => {
        // Keeps the last known list; the next request tries again.
      },
    );
  }

  #load(): Promise<readonly Item[]> {
    if (this.#loading) return this.#loading;
    const loading = this.#options.load().then((list) => {
      // An equal list stays the same array, which tells everyone else that nothing has changed.
      const same = this.#known && JSON.stringify(this.#known) === JSON.stringify(list);
      const kept = same && this.#known ? this.#known : Object.freeze([...list]);
      if (this.#loading === loading) {
        this.#known = kept;
        this.#isCurrent = true;
        this.#isOwed = false;
      }
      return kept;
    });
    this.#loading = loading;
    const ended = () => {
      if (this.#loading === loading) this.#loading = undefined;
    };
    loading.then(ended, ended);
    return loading;
  }
}
