import type { Reader } from './reader.ts';

/** Returns the result for an object of the document, which `make` reads. */
export type ContentCache<Result> = (node: object, make: () => Result) => Result;

/**
 * Caches results by object, for components that many operations refer to, and by content, for what documents repeat instead.
 * The latter only if nothing is reported: each place has its own problems.
 */
export function createContentCache<Result>({ problems }: Pick<Reader, 'problems'>): ContentCache<Result> {
  const byObject = new WeakMap<object, { readonly result: Result }>();
  const byContent = new Map<string, { readonly result: Result }>();
  return (node, make) => {
    const known = byObject.get(node);
    if (known) return known.result;
    const content = JSON.stringify(node);
    const same = byContent.get(content);
    const before = problems.length;
    const found = same ?? { result: make() };
    if (!same && problems.length === before) byContent.set(content, found);
    byObject.set(node, found);
    return found.result;
  };
}
