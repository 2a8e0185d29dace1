/** One column: a heading, and how to get its text. */
export interface Column {
  readonly heading: string;
  readonly align?: 'right';
}

/**
 * Rows as aligned text, heading first. With a `width` (of a terminal, in characters) the last column is cut to fit;
 * without one nothing is cut, so other programs can parse it.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width?: number): string[] {
  const all = [columns.map((column) => column.heading), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)));
  return all.map((row) =>
    shorten(row.map((cell, index) => pad(cell, widths[index] ?? 0, columns[index])).join('  '), width),
  );
}

const pad = (cell: string, width: number, column: Column | undefined): string =>
  column?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);

function shorten(line: string, width = Number.POSITIVE_INFINITY): string {
  const text = line.trimEnd();
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
