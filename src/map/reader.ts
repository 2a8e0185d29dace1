import { visibleText } from '../model/index.ts';
import type { ApiDocument } from '../parse/api-document.ts';
import { dereference, dereferencePathItem, joinPointer, resolvePointer, userPointer } from '../parse/references.ts';
import { type DataOf, type Problem, type ProblemCode, problem } from '../problems.ts';

export type Node = Readonly<Record<string, unknown>>;

/** A value of the document with its pointer. */
export interface Located<T = Node> {
  readonly value: T;
  readonly pointer: string;
}

/** Reads an unchecked document: follows references, checks types, and collects each problem once. */
export interface Reader {
  readonly document: ApiDocument;
  /** Problems of the document first. */
  readonly problems: readonly Problem[];
  report<Code extends ProblemCode>(code: Code, pointer: string, message: string, details?: Details<Code>): void;
  /**
   * The value with every `$ref` followed; `undefined`, and reported, if that fails or the result is not an object.
   *
   * @param operation as in {@link Details}
   */
  object(value: unknown, pointer: string, operation?: string): Located | undefined;
  /** The same for a path item, which may have fields next to `$ref`. */
  pathItem(value: unknown, pointer: string, operation: string): Located | undefined;
  /** The target of a reference, following one step, without a report. */
  lookUp(ref: string): unknown;
  /** The target of a schema's `$ref`, following one step; `undefined` (and reported) if there is none. */
  target(ref: string, pointer: string): RefTarget | undefined;
}

export interface Details<Code extends ProblemCode = ProblemCode> {
  /** Pointer of the operation or path item that is skipped because of the problem, which makes it an error. */
  readonly operation?: string | undefined;
  readonly data?: DataOf<Code>;
}

export interface RefTarget extends Located<unknown> {
  /** The same for every spelling of a reference. */
  readonly canonical: string;
}

export function createReader(document: ApiDocument): Reader {
  const problems: Problem[] = [...document.problems];
  const seen = new Map(problems.map((found, index) => [identity(found), index]));
  const known = new Map<string, Located>();
  const lookedUp = new Map<string, unknown>();
  const targets = new Map<string, RefTarget>();
  return {
    document,
    problems,
    report,
    object(value, pointer, operation) {
      // Components are referenced from everywhere, so the target of a bare reference is cached.
      const ref = bareRef(value);
      if (ref === undefined) return follow(dereference, value, pointer, operation);
      const found = known.get(ref) ?? follow(dereference, value, pointer, operation);
      if (found) known.set(ref, found);
      return found;
    },
    pathItem: (value, pointer, operation) => follow(dereferencePathItem, value, pointer, operation),
    lookUp(ref) {
      if (!lookedUp.has(ref)) lookedUp.set(ref, resolvePointer(document.root, ref)?.value);
      return lookedUp.get(ref);
    },
    target(ref, pointer) {
      const known = targets.get(ref);
      if (known) return known;
      const target = resolvePointer(document.root, ref);
      if (target) {
        const { value, pointer: canonical } = target;
        const made = { value, pointer: userPointer(document, value, canonical), canonical };
        targets.set(ref, made);
        return made;
      }
      const found = dereference(document, { $ref: ref }, pointer);
      if ('problem' in found) add(found.problem);
      return undefined;
    },
  };

  function follow(how: typeof dereference, value: unknown, pointer: string, operation?: string): Located | undefined {
    const found = how(document, value, pointer);
    if ('problem' in found) {
      add(skipping(found.problem, operation));
      return undefined;
    }
    const at = userPointer(document, found.value, found.pointer);
    if (isObject(found.value)) return { value: found.value, pointer: at };
    report('NOT_AN_OBJECT', at, `An object is required here, not ${describe(found.value)}.`, { operation });
    return undefined;
  }

  function report<Code extends ProblemCode>(
    code: Code,
    pointer: string,
    message: string,
    { operation, data }: Details<Code> = {},
  ): void {
    add(skipping(problem(code, pointer, message, data), operation));
  }

  /** Adds each problem once, but one that skips several operations once for each of them. */
  function add(found: Problem): void {
    const key = identity(found);
    const index = seen.get(key) ?? -1;
    const known = problems[index];
    if (!known) seen.set(key, problems.push(found) - 1);
    else if (found.operation === undefined || found.operation === known.operation) return;
    else if (known.operation === undefined) problems[index] = found;
    else if (!problems.some((other) => other.operation === found.operation && identity(other) === key))
      problems.push(found);
  }
}

/** The `$ref` of an object that has nothing else. */
export function bareRef(value: unknown): string | undefined {
  if (!isObject(value) || typeof value.$ref !== 'string') return undefined;
  for (const key in value) if (key !== '$ref') return undefined;
  return value.$ref;
}

/** A problem that skips an operation is an error, whatever the severity of its code. */
const skipping = (found: Problem, operation: string | undefined): Problem =>
  operation === undefined ? found : { ...found, severity: 'error', operation };

const identity = ({ code, pointer, message }: Problem): string => `${code} ${pointer} ${message}`;

export function isObject(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

/** The text at a key; `undefined` if it is absent, empty or not a string. */
export function text(node: Node, key: string): string | undefined {
  const value = node[key];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** The same for text that is shown: without invisible characters, so that a model reads what people have reviewed. */
export function prose(node: Node, key: string): string | undefined {
  const written = text(node, key);
  return written === undefined ? undefined : visibleText(written) || undefined;
}

export { joinPointer };

/** An object, following references; nothing is reported. */
export function followed(written: unknown, { lookUp }: Pick<Reader, 'lookUp'>): Node | undefined {
  let value = written;
  for (let step = 0; step < 8 && isObject(value) && typeof value.$ref === 'string'; step++) value = lookUp(value.$ref);
  return isObject(value) ? value : undefined;
}
