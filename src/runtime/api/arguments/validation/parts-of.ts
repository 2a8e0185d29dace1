/** Up to so many parts, all errors of a value are found. */
export const FEW_PARTS = 1_000;

/** The number of values in a JSON value, including itself. Works at any depth. */
export function partsOf(value: unknown): number {
  const open: unknown[] = [value];
  let parts = 0;
  while (open.length > 0) {
    const next = open.pop();
    parts++;
    if (typeof next !== 'object' || next === null) continue;
    for (const part of Array.isArray(next) ? next : Object.values(next)) open.push(part);
  }
  return parts;
}
