import type { GraphEdge } from '../api-types.ts';
import { groupedBy } from './grouped-by.ts';

export interface Placed {
  readonly id: string;
  readonly column: number;
  /** From 0; not always a whole number. */
  readonly row: number;
}

/** Places nodes in columns, each to the right of those that it depends on, with few crossings. */
export function layOut(ids: readonly string[], edges: readonly GraphEdge[]): readonly Placed[] {
  const columns = columnsOf(ids, edges);
  const count = Math.max(0, ...[...columns.values()].map((column) => column + 1));
  const byColumn = Array.from({ length: count }, (_, column) => ids.filter((id) => columns.get(id) === column));
  const rows = new Map<string, number>();
  for (const column of byColumn) for (const [row, id] of column.entries()) rows.set(id, row);
  for (let pass = 0; pass < PASSES; pass++) {
    for (const column of pass % 2 === 0 ? byColumn.toReversed() : byColumn) settle(column, edges, rows);
  }
  const top = Math.min(...rows.values());
  return ids.map((id) => ({ id, column: columns.get(id) ?? 0, row: (rows.get(id) ?? 0) - top }));
}

const PASSES = 6;

/** Longest paths. Edges that close a cycle are left out. */
function columnsOf(ids: readonly string[], edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const before = groupedBy(edges, ({ to }) => to);
  const columns = new Map<string, number>();
  const open = new Set<string>();
  const visit = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    if (open.has(id)) return -1;
    open.add(id);
    const column = 1 + Math.max(-1, ...(before.get(id) ?? []).map(({ from }) => visit(from)));
    open.delete(id);
    columns.set(id, column);
    return column;
  };
  for (const id of ids) visit(id);
  return columns;
}

/** Each node next to the middle of its neighbours, as far as those above it in the column leave room. */
function settle(column: readonly string[], edges: readonly GraphEdge[], rows: Map<string, number>): void {
  const middle = (id: string): number => {
    const near = edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
    if (near.length === 0) return rows.get(id) ?? 0;
    return near.reduce((sum, each) => sum + (rows.get(each) ?? 0), 0) / near.length;
  };
  const wanted = column.map((id) => ({ id, row: middle(id) })).sort((a, b) => a.row - b.row);
  let next = Number.NEGATIVE_INFINITY;
  const placed = wanted.map(({ row }) => {
    const at = Math.max(next, row);
    next = at + 1;
    return at;
  });
  // As much above the wanted rows as below them.
  const shift = wanted.reduce((sum, { row }, index) => sum + row - (placed[index] ?? row), 0) / wanted.length;
  for (const [index, { id }] of wanted.entries()) rows.set(id, (placed[index] ?? 0) + shift);
}

/** The edges of a node: what it needs, and what needs it. */
export const edgesOf = (id: string, edges: readonly GraphEdge[]): readonly GraphEdge[] =>
  edges.filter(({ from, to }) => from === id || to === id);
