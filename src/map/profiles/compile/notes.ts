import { escapedText } from '../../../model/index.ts';

/** The description text for one schema. */
export class Notes {
  readonly #said = new Set<string>();
  losses = 0;
  lose(text: string): void {
    this.#said.add(text);
    this.losses += 1;
  }
  /** Returns the texts so far and forgets them, so that they are not repeated elsewhere. */
  take(): Notes {
    const taken = new Notes();
    for (const text of this.#said) taken.#said.add(text);
    this.#said.clear();
    return taken;
  }
  toString(): string {
    return escapedText([...this.#said].join('; '));
  }
}

/** The texts come last and are complete; a long description is shortened for them. */
export function describe<T extends { readonly description?: string }>(
  shown: T,
  notes: Notes,
  limit = Number.POSITIVE_INFINITY,
): T {
  const said = `${notes}`;
  const description = shown.description ?? '';
  if (!said && description.length <= limit) return shown;
  const tail = shorten(said && (description ? ` (${said})` : capital(said)), limit);
  return { ...shown, description: shorten(description, limit - tail.length) + tail };
}

const shorten = (text: string, limit: number): string =>
  text.length <= limit ? text : limit < 1 ? '' : `${text.slice(0, limit - 1)}…`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
