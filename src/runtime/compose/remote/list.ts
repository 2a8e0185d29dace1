const NOTHING: readonly never[] = Object.freeze([]);

/**
 * One list of a remote server: loaded when it is first asked for, kept until the server says that it has changed, and
 * kept as it was where the server cannot be asked.
 */
export class RemoteList<Item> {
  readonly #options: { readonly load: () => Promise<readonly Item[]>; readonly onChange: () => void };
  #known: readonly Item[] | undefined;
  #isCurrent = false;
  /** It was asked for, and could not be had. */
  #isOwed = false;
  #loading: Promise<readonly Item[]> | undefined;

  /** @param options.onChange told when a list that was loaded again, unasked, is another one. */
  constructor(options: { readonly load: () => Promise<readonly Item[]>; readonly onChange: () => void }) {
    this.#options = options;
  }

  /** @throws whatever loading throws, where nothing is known yet. */
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

  /** What is known now. What is not is loaded meanwhile. */
  ready(): readonly Item[] {
    if (!this.#isCurrent) this.#load().catch(() => {});
    return this.#known ?? NOTHING;
  }

  /** Whether the last known list has such an item. */
  has(isIt: (item: Item) => boolean): boolean {
    return this.#known?.some(isIt) ?? false;
  }

  /** The server says that the list has changed: it is loaded when it is next asked for. */
  expire(): void {
    this.#isCurrent = false;
    // One that is on its way may be of before the change.
    this.#loading = undefined;
  }

  /** Loads it again where it has been asked for, because nobody can say whether it has changed. */
  refresh(): void {
    if (!this.#known && !this.#isOwed) return;
    const before = this.#known;
    this.expire();
    this.#load().then(
      (list) => {
        if (list !== before) this.#options.onChange();
      },
      () => {
        // The last known list stays; the next one who asks tries again.
      },
    );
  }

  #load(): Promise<readonly Item[]> {
    if (this.#loading) return this.#loading;
    const loading = this.#options.load().then((list) => {
      // Equal lists stay the same array, which is how everybody else knows that nothing has changed.
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
