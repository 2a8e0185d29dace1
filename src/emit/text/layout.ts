import { textWidth } from './text-width.ts';

/**
 * Text with possible line breaks, after Wadler's "A prettier printer". Groups break by the rules of the formatter, so
 * emitted code is already formatted.
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly kind: 'indent'; readonly inner: Layout }
  /** On one line if it fits; `broken`: never. */
  | { readonly kind: 'group'; readonly inner: Layout; readonly broken: boolean }
  /** A line break, unless its group is on one line: then a space (`line`) or nothing (`soft`). `hard` always breaks. */
  | { readonly kind: 'line' | 'soft' | 'hard' }
  | { readonly kind: 'ifBroken'; readonly broken: string; readonly flat: string };

export const LINE = { kind: 'line' } as const;
export const SOFT = { kind: 'soft' } as const;
export const HARD = { kind: 'hard' } as const;

export const indent = (...inner: readonly Layout[]): Layout => ({ kind: 'indent', inner });
export const ifBroken = (broken: string, flat = ''): Layout => ({ kind: 'ifBroken', broken, flat });

/** A group breaks if anything in it must break. */
export function group(...inner: readonly Layout[]): Layout {
  return { kind: 'group', inner, broken: mustBreak(inner) };
}

export function brokenGroup(...inner: readonly Layout[]): Layout {
  return { kind: 'group', inner, broken: true };
}

export function joined(layouts: readonly Layout[], separator: Layout): Layout {
  return layouts.flatMap((layout, index) => (index === 0 ? [layout] : [separator, layout]));
}

export function mustBreak(layout: Layout): boolean {
  if (typeof layout === 'string') return false;
  if (isList(layout)) return layout.some(mustBreak);
  if (layout.kind === 'group') return layout.broken;
  return layout.kind === 'hard' || (layout.kind === 'indent' && mustBreak(layout.inner));
}

/** @param column the column where the text starts, after whatever precedes it on its line */
export function render(layout: Layout, { width, column }: { readonly width: number; readonly column: number }): string {
  let text = '';
  let at = column;
  const todo: Task[] = [{ layout, depth: 0, flat: false }];
  for (let task = todo.pop(); task; task = todo.pop()) {
    const { layout: next, depth, flat } = task;
    if (typeof next === 'string') {
      text += next;
      at += textWidth(next);
    } else if (isList(next)) {
      for (let index = next.length - 1; index >= 0; index--) todo.push({ ...task, layout: next[index] ?? '' });
    } else if (next.kind === 'indent') {
      todo.push({ layout: next.inner, depth: depth + 1, flat });
    } else if (next.kind === 'group') {
      const fits = flat || (!next.broken && fitsIn(width - at, { ...task, layout: next.inner, flat: true }, todo));
      todo.push({ layout: next.inner, depth, flat: fits });
    } else if (next.kind === 'ifBroken') {
      todo.push({ ...task, layout: flat ? next.flat : next.broken });
    } else if (flat && next.kind !== 'hard') {
      if (next.kind === 'line') {
        text += ' ';
        at += 1;
      }
    } else {
      text += `\n${'  '.repeat(depth)}`;
      at = 2 * depth;
    }
  }
  return text;
}

interface Task {
  readonly layout: Layout;
  readonly depth: number;
  readonly flat: boolean;
}

/** Whether everything up to the next possible line break fits. */
function fitsIn(room: number, first: Task, rest: readonly Task[]): boolean {
  let left = room;
  let restAt = rest.length;
  const todo: Task[] = [first];
  for (;;) {
    let task = todo.pop();
    if (!task) {
      restAt -= 1;
      task = rest[restAt];
      if (!task) return left >= 0;
    }
    const { layout: next, flat } = task;
    if (typeof next === 'string') {
      left -= textWidth(next);
      if (left < 0) return false;
    } else if (isList(next)) {
      for (let index = next.length - 1; index >= 0; index--) todo.push({ ...task, layout: next[index] ?? '' });
    } else if (next.kind === 'indent') {
      todo.push({ ...task, layout: next.inner });
    } else if (next.kind === 'group') {
      todo.push({ ...task, layout: next.inner, flat: flat && !next.broken });
    } else if (next.kind === 'ifBroken') {
      todo.push({ ...task, layout: flat ? next.flat : next.broken });
    } else {
      if (!flat || next.kind === 'hard') return left >= 0;
      if (next.kind === 'line') left -= 1;
      if (left < 0) return false;
    }
  }
}

const isList = (layout: Layout): layout is readonly Layout[] => Array.isArray(layout);
