import { stdout } from './free-stdout.ts';

/** Columns that are aligned to the right. */
const NUMBERS: ReadonlySet<string> = new Set(['bytes', 'model', 'wire']);

/**
 * Rows as aligned text, heading first; nothing without rows. With a `width` (in characters; default: that of the
 * terminal) the last column is cut to fit; without one nothing is cut, so other programs can parse it.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width = stdout.isTTY ? stdout.columns : undefined,
): string[] {
  if (rows.length === 0) return [];
  const all = [headings, ...rows.map((row) => row.map(String))];
  const padded = headings.map((heading, index) => {
    const most = Math.max(...all.map((row) => (row[index] ?? '').length));
    return (cell: string) => (NUMBERS.has(heading) ? cell.padStart(most) : cell.padEnd(most));
  });
  return all.map((row) => shorten(row.map((cell, index) => padded[index]?.(cell) ?? cell).join('  '), width));
}

export const resourceTable = (resources: readonly { readonly name: string; readonly uri: string }[]): string[] =>
  table(
    ['name', 'URI'],
    resources.map(({ name, uri }) => [name, uri]),
  );

function shorten(line: string, width = Number.POSITIVE_INFINITY): string {
  const text = line.trimEnd();
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
