/** How many values a JSON value consists of, itself included. It may nest as deep as it likes. */
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
