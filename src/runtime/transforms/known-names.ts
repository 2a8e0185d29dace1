import { OptionError } from '../options/option-error.ts';
import { toolNamed } from '../origin-meta.ts';
import type { ListContext, Provider, Tool } from '../provider.ts';
import { suggestion } from '../text/nearest.ts';
import { deadline, untilAborted } from '../until-aborted.ts';

/**
 * The complete list, to look names up in. `undefined` if it takes more than five seconds:
 * a server that is down must not keep the others from starting.
 */
export async function listNow<Item>(
  list: (context: ListContext) => Promise<readonly Item[]>,
): Promise<readonly Item[] | undefined> {
  const { signal, stop } = deadline(MOST_WAIT_MS, new AbortController().signal, () => new Error('The list timed out.'));
  try {
    return await untilAborted(list({ whole: true, unrestricted: true }), signal);
  } catch {
    // Those who request the list to serve it get the error.
    return undefined;
  } finally {
    stop();
  }
}
const MOST_WAIT_MS = 5_000;

/**
 * @param what describes the unknown name: `Unknown tool "x".`
 * @throws OptionError for the first unknown name, with a suggestion
 */
export function checkKnown(names: readonly string[], known: readonly string[], what: (name: string) => string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new OptionError(`${what(unknown)} ${suggestion(unknown, known)}`);
}

/** Settings by tool name, with the tools. */
export interface ByTool<Value> {
  /** In the order of the names; empty if the tools cannot be listed at the moment. */
  readonly tools: readonly Tool[];
  /** By listed name, even if an operationId was given. */
  readonly values: Readonly<Record<string, Value>>;
}

/** @throws OptionError if the tool does not exist */
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

/** @throws OptionError if the tool has no such argument */
export function checkArguments({ name: tool, inputSchema }: Tool, names: readonly string[]): void {
  const known = Object.keys(inputSchema.properties ?? {});
  checkKnown(names, known, (name) => `The tool "${tool}" has no argument "${name}".`);
}

export const nameOf = ({ name }: { readonly name: string }): string => name;
