/** Unchanged lines shown before and after a change. */
const CONTEXT = 3;
/** Beyond this many differing lines, both parts are shown completely: finding the shortest diff would take too long. */
const MOST_EDITS = 1_000;

/** The difference of two texts in the unified format; empty for equal ones. `undefined` means that there is no file. */
export function lineDiff(path: string, before: string | undefined, after: string | undefined): string {
  const edits = editsOf(linesOf(before), linesOf(after));
  const hunks = hunksOf(edits);
  if (hunks.length === 0) return '';
  const head = [
    `--- ${before === undefined ? '/dev/null' : `a/${path}`}`,
    `+++ ${after === undefined ? '/dev/null' : `b/${path}`}`,
  ];
  return `${[...head, ...hunks].join('\n')}\n`;
}

type Edit = { readonly mark: ' ' | '-' | '+'; readonly line: string };

function linesOf(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  return text.replace(/\n$/, '').split('\n');
}

function editsOf(before: readonly string[], after: readonly string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1;
  const same = (line: string): Edit => ({ mark: ' ', line });
  return [
    ...before.slice(0, start).map(same),
    ...shortest(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

/** Myers, "An O(ND) Difference Algorithm and Its Variations", the basic algorithm. */
function shortest(before: readonly string[], after: readonly string[]): Edit[] {
  const whole = () => [
    ...before.map((line): Edit => ({ mark: '-', line })),
    ...after.map((line): Edit => ({ mark: '+', line })),
  ];
  if (before.length === 0 || after.length === 0) return whole();
  const limit = Math.min(before.length + after.length, MOST_EDITS);
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  const at = (diagonal: number) => furthest.get(diagonal) ?? -1;
  for (let depth = 0; depth <= limit; depth++) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const down = diagonal === -depth || (diagonal !== depth && at(diagonal - 1) < at(diagonal + 1));
      let x = down ? at(diagonal + 1) : at(diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(trace, before, after);
    }
    furthest = next;
  }
  return whole();
}

function walkBack(trace: readonly Map<number, number>[], before: readonly string[], after: readonly string[]): Edit[] {
  const edits: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const furthest = trace[depth] ?? new Map<number, number>();
    const at = (diagonal: number) => furthest.get(diagonal) ?? -1;
    const diagonal = x - y;
    const down = diagonal === -depth || (diagonal !== depth && at(diagonal - 1) < at(diagonal + 1));
    const from = down ? diagonal + 1 : diagonal - 1;
    const fromX = at(from);
    const fromY = fromX - from;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      x -= 1;
      y -= 1;
      edits.push({ mark: ' ', line: before[x] ?? '' });
    }
    if (depth === 0) break;
    if (down) edits.push({ mark: '+', line: after[fromY] ?? '' });
    else edits.push({ mark: '-', line: before[fromX] ?? '' });
    x = fromX;
    y = fromY;
  }
  return edits.reverse();
}

function hunksOf(edits: readonly Edit[]): string[] {
  const changed = edits.flatMap(({ mark }, index) => (mark === ' ' ? [] : [index]));
  const ranges: { from: number; to: number }[] = [];
  for (const index of changed) {
    const last = ranges.at(-1);
    if (last && index - CONTEXT <= last.to) last.to = index + CONTEXT + 1;
    else ranges.push({ from: Math.max(0, index - CONTEXT), to: index + CONTEXT + 1 });
  }
  return ranges.map(({ from, to }) => hunk(edits, from, Math.min(to, edits.length)));
}

function hunk(edits: readonly Edit[], from: number, to: number): string {
  const lines = edits.slice(from, to);
  const count = (list: readonly Edit[], mark: '-' | '+') =>
    list.filter((edit) => edit.mark === ' ' || edit.mark === mark).length;
  const range = (mark: '-' | '+') => {
    const length = count(lines, mark);
    // An empty range names the line before it.
    return `${mark}${count(edits.slice(0, from), mark) + (length === 0 ? 0 : 1)},${length}`;
  };
  return [`@@ ${range('-')} ${range('+')} @@`, ...lines.map(({ mark, line }) => `${mark}${line}`)].join('\n');
}
