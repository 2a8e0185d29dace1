import { valueAt } from '../../api/paging/next-page.ts';
import { parseKeepingNumbers, writeKeepingNumbers } from '../../api/read/kept-numbers.ts';
import { isTooDeep } from '../../api/shape/nesting.ts';
import { isRecord } from '../../is-record.ts';
import { noteText } from '../../note.ts';
import type { PageReport } from '../../page-meta.ts';
import type { ContentBlock, ToolResult } from '../../provider.ts';

/** A page whose list was found in its result. */
export interface PageList {
  readonly result: ToolResult;
  /** The block with the JSON of the response. */
  readonly block: ContentBlock;
  readonly text: string;
  readonly value: unknown;
  readonly path: readonly string[];
  /** Numbers have the digits of the API: see `kept-numbers.ts`. */
  readonly items: readonly unknown[];
  /** The same list in the structured content. */
  readonly structured: readonly unknown[] | undefined;
}

/** The list in a result; `undefined` if it has none, such as a text, or a response that a hook has changed. */
export function pageList(result: ToolResult, { items: path }: PageReport): PageList | undefined {
  const block = result.content.find((each) => each.type === 'text' && noteText(each) === undefined);
  if (path === undefined || block?.type !== 'text' || !/^\s*[[{]/.test(block.text) || isTooDeep(block.text))
    return undefined;
  let value: unknown;
  try {
    value = parseKeepingNumbers(block.text);
  } catch {
    return undefined;
  }
  const items = valueAt(value, path);
  if (!Array.isArray(items)) return undefined;
  const structured = valueAt(unwrapped(result.structuredContent, path), path);
  return {
    result,
    block,
    text: block.text,
    value,
    path,
    items,
    structured: Array.isArray(structured) ? structured : undefined,
  };
}

/** The result of a page with another list instead of its own. */
export function withList(
  { result, block, value, path }: PageList,
  items: readonly unknown[],
  structured: readonly unknown[] | undefined,
): ToolResult {
  const text: ContentBlock = { type: 'text', text: writeKeepingNumbers(replaced(value, path, items)) };
  const content = result.content.map((each) => (each === block ? text : each));
  const { structuredContent, ...rest } = result;
  if (structured === undefined) return { ...rest, content };
  const bare = replaced(unwrapped(structuredContent, path), path, structured);
  return { ...rest, content, structuredContent: path.length === 0 ? { result: bare } : bare };
}

/** A response that is a list is the `result` of its structured content. */
const unwrapped = (structured: unknown, path: readonly string[]): unknown =>
  path.length === 0 && isRecord(structured) ? structured.result : structured;

function replaced(value: unknown, path: readonly string[], items: readonly unknown[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || !isRecord(value)) return items;
  // Spreading keeps an own `__proto__`, which an assignment would not.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === name ? replaced(inner, rest, items) : inner]),
  );
}
