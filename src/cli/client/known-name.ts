import { nearest } from '../../runtime/api/nearest.ts';
import { CommandError, EXIT } from '../report.ts';

/**
 * The item that has the name.
 *
 * @param kind in the reader's words: `tool`.
 * @param down servers that could not be listed, of which it may be.
 * @throws CommandError with the name that was probably meant, or the server that is down.
 */
export function known<Item extends { readonly name: string }>(
  name: string,
  items: readonly Item[],
  { kind, help, down }: { kind: string; help: string; down: readonly string[] },
): Item {
  const found = items.find((item) => item.name === name);
  if (found) return found;
  const close = nearest(
    name,
    items.map((item) => item.name),
  );
  const owners = down.filter((server) => name.startsWith(`${server}_`));
  const possible = owners.length > 0 || close !== undefined ? owners : down;
  if (possible.length > 0) {
    const servers = possible.map((server) => `"${server}"`).join(', ');
    const message = `There is no ${kind} "${name}" in what could be listed, and ${servers} could not be.`;
    throw new CommandError(EXIT.network, message, 'Check that it runs, and that its address and credential are right.');
  }
  const meant = close === undefined ? '' : ` Did you mean "${close}"?`;
  throw new CommandError(EXIT.document, `There is no ${kind} "${name}".${meant}`, help);
}
