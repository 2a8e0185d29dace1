import { isRecord } from '../../is-record.ts';
import { parsedJson } from '../../text/parsed-json.ts';

export interface CallArguments {
  readonly args: Readonly<Record<string, unknown>>;
  readonly fields: unknown;
}

const DEEPEST = 100;

/** Reads `[arguments, { fields }]`, which the sandbox wrote; a problem in words if it is something else. */
export function readArguments(json: string): CallArguments | { readonly problem: string } {
  const value = parsedJson(json);
  if (value === undefined) return { problem: 'The arguments cannot be written as JSON.' };
  const [args, options] = Array.isArray(value) ? value : [];
  if (!isRecord(args)) return { problem: 'Pass the arguments as one object: api.name({ … }).' };
  if (options !== null && !isRecord(options)) return { problem: WRONG_OPTIONS };
  const { fields, ...more } = options ?? {};
  if (Object.keys(more).length > 0) return { problem: WRONG_OPTIONS };
  const flaw = flawOf(args);
  return flaw === undefined ? { args, fields } : { problem: flaw };
}

const WRONG_OPTIONS = "The second argument of a call is an object with fields: api.name({ … }, { fields: ['id'] }).";

/** Without recursion: what is nested 100,000 times must not overflow the stack of this process. */
function flawOf(root: object): string | undefined {
  let level: readonly object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return `The arguments are nested more than ${DEEPEST} times.`;
    // JSON.parse makes it a property, but assigning it elsewhere would change a prototype.
    if (level.some((value) => Object.hasOwn(value, '__proto__'))) return '"__proto__" is not allowed as a name.';
    level = level.flatMap((value) => Object.values(value).filter(isObject));
  }
  return undefined;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
