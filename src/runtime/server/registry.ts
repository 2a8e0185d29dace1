import type { OnDuplicate } from '../compose/catalog.ts';

/** The return value of a registration, to undo it while the server runs. */
export interface Registration {
  /** Removes it from the server; does nothing the second time. */
  remove(): void;
}

/** The hand-written items of one kind, by name, with the list that clients see. */
export class Registry<Listed, Part extends { readonly listed: Listed }> {
  readonly #parts = new Map<string, Part>();
  readonly #options: { readonly kind: string; readonly onDuplicate: OnDuplicate; readonly onChange: () => void };
  #list: readonly Listed[] | undefined;

  constructor(options: { readonly kind: string; readonly onDuplicate: OnDuplicate; readonly onChange: () => void }) {
    this.#options = options;
  }

  /** Shared and frozen until an item is added or removed. */
  get list(): readonly Listed[] {
    this.#list ??= Object.freeze([...this.#parts.values()].map((part) => part.listed));
    return this.#list;
  }

  get(name: string): Part | undefined {
    return this.#parts.get(name);
  }

  add(name: string, part: Part): Registration {
    const { kind, onDuplicate } = this.#options;
    const other = this.#parts.get(name);
    if (other && onDuplicate === 'ignore') return { remove: () => {} };
    if (other && onDuplicate === 'error') {
      throw new Error(
        `The ${kind} "${name}" is defined twice${which(other, part)}. Rename one, or choose with onDuplicate: 'replace' or 'ignore'.`,
      );
    }
    this.#parts.set(name, part);
    this.#changed();
    return {
      remove: () => {
        if (this.#parts.get(name) !== part) return;
        this.#parts.delete(name);
        this.#changed();
      },
    };
  }

  #changed(): void {
    this.#list = undefined;
    this.#options.onChange();
  }
}

/** For two items with the same name, their titles or descriptions identify them, if they have some. */
function which(one: Listing, other: Listing): string {
  const [first, second] = new Set([one, other].flatMap(wordsOf));
  if (first === undefined) return '';
  return second === undefined ? `, once as ${first}` : `: ${first} and ${second}`;
}

function wordsOf({ listed }: Listing): readonly string[] {
  const { title, description } = listed as { readonly title?: string; readonly description?: string };
  const words = title ?? description;
  return words ? [`“${words.length > 60 ? `${words.slice(0, 60)}…` : words}”`] : [];
}

interface Listing {
  readonly listed: unknown;
}
