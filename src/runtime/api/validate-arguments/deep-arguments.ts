/** Levels of objects and lists of an argument. What writes them into a request recurses. */
export const MOST_LEVELS = 1_000;

/** The first argument that nests deeper than a request can be made of. Found without the call stack. */
export function tooDeepArgument(args: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(args).find((name) => nestsTooDeep(args[name]));
}

/** Level by level, so that a value is looked at no further than its depth matters. */
function nestsTooDeep(value: unknown): boolean {
  let level: object[] = isNested(value) ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= MOST_LEVELS) return true;
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return false;
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
