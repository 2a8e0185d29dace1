/**
 * A value as JSON. An integer that a double cannot hold is a `bigint`, which `JSON.stringify` does not support: it is
 * written with all its digits.
 */
export function jsonText(value: unknown): string {
  return holdsBigInt(value) ? written(value) : JSON.stringify(value);
}

function holdsBigInt(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'bigint') return true;
    if (typeof next !== 'object' || next === null) continue;
    for (const part of Array.isArray(next) ? next : Object.values(next)) open.push(part);
  }
  return false;
}

function written(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  // As in JSON.stringify: `undefined` is null in a list, and omitted in an object.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${written(member)}`).join()}}`;
}
