/**
 * The known name that was probably meant: the nearest by edit distance, otherwise the only one with the same beginning
 * (`confirmation` for `confirm`).
 *
 * @param lettersPerEdit of the name, for each edit that is allowed
 */
export function nearest(name: string, known: Iterable<string>, lettersPerEdit = 3): string | undefined {
  const wanted = fold(name);
  const most = Math.floor(wanted.length / lettersPerEdit);
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, fold(candidate), least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best ?? onlyStart(wanted, known);
}

function onlyStart(wanted: string, known: Iterable<string>): string | undefined {
  const [only, ...more] = [...known].filter((candidate) => {
    const name = fold(candidate);
    return Math.min(name.length, wanted.length) >= 4 && (name.startsWith(wanted) || wanted.startsWith(name));
  });
  return more.length === 0 ? only : undefined;
}

/** `Did you mean "petId"?`, or the available names if none is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const close = nearest(name, known);
  if (close !== undefined) return `Did you mean "${close}"?`;
  if (known.length === 0) return 'There are none.';
  const more = known.length - MOST_NAMES;
  return `Available: ${known.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}
const MOST_NAMES = 20;

/** Treats `petId`, `pet_id` and `pet-id` as the same name. */
const fold = (name: string): string =>
  name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** Optimal string alignment: swapping two neighbours is one edit. Returns `limit` if the distance is at least that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: readonly number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = row > 1 && column > 1 && isSwapped ? (beforePrevious[column - 2] ?? 0) + 1 : limit;
      current.push(Math.min(change, swap, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    // No later row can be nearer than the minimum of this one.
    if (Math.min(...current) >= limit) return limit;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(limit, previous[b.length] ?? limit);
}
