import { suggestion } from '../api/nearest.ts';
import type { ListContext, Provider, Tool } from '../provider.ts';
import { deadline, untilAborted } from '../until-aborted.ts';

/**
 * A whole list, as a caller without a name is shown it, to look names up in. `undefined` where it cannot be had in five
 * seconds: a server that is down must not keep the others from starting.
 */
export async function listNow<Item>(
  list: (context: ListContext) => Promise<readonly Item[]>,
): Promise<readonly Item[] | undefined> {
  const { signal, stop } = deadline(MOST_WAIT_MS, new AbortController().signal, () => new Error('The list is late.'));
  try {
    return await untilAborted(list({ whole: true }), signal);
  } catch {
    // Whoever asks for the list to serve it is told why.
    return undefined;
  } finally {
    stop();
  }
}
const MOST_WAIT_MS = 5_000;

/**
 * @param what says what there is not: `There is no tool "x".`
 * @throws TypeError that names the first one that is not known, and the one that was probably meant.
 */
export function checkKnown(names: readonly string[], known: readonly string[], what: (name: string) => string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`${what(unknown)} ${suggestion(unknown, known)}`);
}

/**
 * The tools that have these names, in their order; none where the tools cannot be listed now.
 *
 * @throws TypeError where there is no such tool.
 */
export async function toolsNamed(provider: Provider, names: readonly string[]): Promise<readonly Tool[]> {
  if (names.length === 0) return [];
  const tools = await listNow((context) => provider.listTools(context));
  if (!tools) return [];
  checkKnown(names, tools.map(nameOf), (name) => `There is no tool "${name}".`);
  return names.flatMap((name) => tools.filter((tool) => tool.name === name));
}

/** @throws TypeError where the tool has no such argument. */
export function checkArguments({ name: tool, inputSchema }: Tool, names: readonly string[]): void {
  const known = Object.keys(inputSchema.properties ?? {});
  checkKnown(names, known, (name) => `The tool "${tool}" has no argument "${name}".`);
}

export const nameOf = ({ name }: { readonly name: string }): string => name;
