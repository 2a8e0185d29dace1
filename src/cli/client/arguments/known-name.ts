import { operationIdOf, toolNamed } from '../../../runtime/origin-meta.ts';
import type { Tool } from '../../../runtime/provider.ts';
import { nearest } from '../../../runtime/text/nearest.ts';
import { CommandError, EXIT } from '../../output/report.ts';

interface Named extends Pick<Tool, 'name' | 'title' | '_meta'> {}

/**
 * Finds the item by name, or the tool by operationId.
 *
 * @param kind in the reader's words: `tool`
 * @param down servers that could not be listed and may have the item
 * @throws CommandError with a suggestion, or the server that is down
 */
export function known<Item extends Named>(
  name: string,
  items: readonly Item[],
  { kind, help, down }: { kind: string; help: string; down: readonly string[] },
): Item {
  const found = toolNamed(items, name);
  if (found) return found;
  const close = meant(name, items);
  const owners = down.filter((server) => name.startsWith(`${server}_`));
  const possible = owners.length > 0 || close !== undefined ? owners : down;
  if (possible.length > 0) {
    const servers = possible.map((server) => `"${server}"`).join(', ');
    const message = `There is no ${kind} "${name}" on the servers that responded, and ${servers} did not respond.`;
    throw new CommandError(
      EXIT.network,
      message,
      'Check that the server is running, and that its address and credential are correct.',
    );
  }
  const hint = close === undefined ? '' : ` Did you mean "${close}"?`;
  throw new CommandError(EXIT.document, `Unknown ${kind} "${name}".${hint}`, help);
}

/** Users who know the API may use its operationId or summary. */
function meant(name: string, items: readonly Named[]): string | undefined {
  const words = items.flatMap((item) =>
    [item.title, operationIdOf(item), item.name].flatMap((word) =>
      word === undefined ? [] : [[word, item.name] as const],
    ),
  );
  const named = new Map(words);
  return named.get(nearest(name, named.keys()) ?? '');
}
