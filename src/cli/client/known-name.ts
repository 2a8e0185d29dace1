import { nearest } from '../../runtime/api/nearest.ts';
import { CommandError, EXIT } from '../report.ts';

/**
 * The item that has the name.
 *
 * @param kind in the reader's words: `tool`.
 * @throws CommandError with the name that was probably meant.
 */
export function known<Item extends { readonly name: string }>(
  name: string,
  items: readonly Item[],
  { kind, help }: { kind: string; help: string },
): Item {
  const found = items.find((item) => item.name === name);
  if (found) return found;
  const close = nearest(
    name,
    items.map((item) => item.name),
  );
  const meant = close === undefined ? '' : ` Did you mean "${close}"?`;
  throw new CommandError(EXIT.document, `There is no ${kind} "${name}".${meant}`, help);
}
