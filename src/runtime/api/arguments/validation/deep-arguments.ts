/** Maximum nesting of objects and lists in an argument. Serialising recurses. */
export const MOST_LEVELS = 1_000;

/** The first argument that is nested too deeply to be sent. Does not recurse. */
export function tooDeepArgument(args: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(args).find((name) => nestsTooDeep(args[name]));
}

/** Breadth-first, so a value is not visited deeper than necessary. */
function nestsTooDeep(value: unknown): boolean {
  let level: object[] = isNested(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= MOST_LEVELS) return true;
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return false;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
