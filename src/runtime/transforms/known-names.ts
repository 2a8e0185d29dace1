import { suggestion } from '../api/nearest.ts';
import { OptionError } from '../options/option-error.ts';
import { toolNamed } from '../origin-meta.ts';
import type { ListContext, Provider, Tool } from '../provider.ts';
import { deadline, untilAborted } from '../until-aborted.ts';

/**
 * A whole list, as a caller without a name is shown it, to look names up in. `undefined` where it cannot be had in five
 * seconds: a server that is down must not keep the others from starting.
 */
export async function listNow<Item>(
  list: (context: ListContext) => Promise<readonly Item[]>,
): Promise<readonly Item[] | undefined> {
  const { signal, stop } = deadline(MOST_WAIT_MS, new AbortController().signal, () => new Error('The list timed out.'));
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
 * @throws OptionError that names the first one that is not known, and the one that was probably meant.
 */
export function checkKnown(names: readonly string[], known: readonly string[], what: (name: string) => string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new OptionError(`${what(unknown)} ${suggestion(unknown, known)}`);
}

/** What a program gives by the names of tools, with the tools themselves. */
export interface ByTool<Value> {
  /** In the order of the names; none where the tools cannot be listed now. */
  readonly tools: readonly Tool[];
  /** By the names that are listed, also where an operationId was given. */
  readonly values: Readonly<Record<string, Value>>;
}

/** @throws OptionError where there is no such tool. */
export async function byTool<Value>(
  provider: Provider,
  given: Readonly<Record<string, Value>>,
): Promise<ByTool<Value>> {
  const entries = Object.entries(given);
  const listed = entries.length === 0 ? undefined : await listNow((context) => provider.listTools(context));
  if (!listed) return { tools: [], values: given };
  const found = entries.map(([name, value]) => {
    const tool = toolNamed(listed, name);
    if (!tool) throw new OptionError(`Unknown tool "${name}". ${suggestion(name, listed.map(nameOf))}`);
    return [tool, value] as const;
  });
  return {
    tools: found.map(([tool]) => tool),
    values: Object.fromEntries(found.map(([{ name }, value]) => [name, value])),
  };
}

/** @throws OptionError where the tool has no such argument. */
export function checkArguments({ name: tool, inputSchema }: Tool, names: readonly string[]): void {
  const known = Object.keys(inputSchema.properties ?? {});
  checkKnown(names, known, (name) => `The tool "${tool}" has no argument "${name}".`);
}

export const nameOf = ({ name }: { readonly name: string }): string => name;
