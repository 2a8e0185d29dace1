import { bundle } from './bundle.ts';
import { isObject, type JsonObject } from './json.ts';
import { BUNDLED_FILES, joinPointer, pointerOf, resolvePointer, userPointer } from './references.ts';
import type { Base, ReadOptions } from './source.ts';

/** A place where a document violates the JSON Schema of its OpenAPI version. */
export interface Violation {
  /** JSON pointer into the user's own file. */
  readonly pointer: string;
  readonly message: string;
}

/**
 * Validates a document, as written, against the schema of its version. `undefined` for OpenAPI 3.2, which has none.
 *
 * @param root never modified: a copy is validated
 * @param pointers pointers of its objects that came from other files
 */
export async function validateDocument(
  { root, pointers }: { readonly root: JsonObject; readonly pointers: WeakMap<object, string> },
  version: string,
  base: Base,
  options: ReadOptions,
): Promise<readonly Violation[] | undefined> {
  const known = knownVersion(version);
  if (!known) return undefined;
  const bundled = await bundle(root, base, options, { pointers, files: new Map() });
  const { [BUNDLED_FILES]: _, ...copy } = inOnePass(bundled.root, known.openapi === '3.1.0');
  const details = await schemaErrors({ ...withoutVersion(copy), ...known });
  return described(details, bundled);
}

/** The spelling of a version that swagger-parser accepts. */
function knownVersion(version: string): JsonObject | undefined {
  if (version.startsWith('2')) return { swagger: '2.0' };
  if (/^v?3(\.0|$)/.test(version)) return { openapi: '3.0.3' };
  return /^v?3\.1/.test(version) ? { openapi: '3.1.0' } : undefined;
}

function withoutVersion({ openapi: _, swagger: __, info, ...rest }: JsonObject): JsonObject {
  const version = isObject(info) && typeof info.version === 'number' ? String(info.version) : undefined;
  return {
    ...rest,
    ...(info !== undefined && { info: version === undefined ? info : { ...(info as object), version } }),
  };
}

/** Other files are validated at their first reference, up to this many levels. */
const MOST_LEVELS = 500;

/**
 * A copy that can be validated in one pass. Objects in the document are validated at their own place, so references are
 * kept; an object in another file replaces the first reference to it. Broken references are separate problems.
 */
function inOnePass(root: JsonObject, keepsSiblings: boolean): JsonObject {
  const inlined = new Set<string>();
  const files = pointerOf(BUNDLED_FILES);
  return copy(root, 0) as JsonObject; // as the root is

  function copy(value: unknown, level: number): unknown {
    if (Array.isArray(value)) return value.map((item) => copy(item, level + 1));
    if (!isObject(value)) return value;
    if (typeof value.$ref === 'string') return reference(value, value.$ref, level);
    return members(value, level);
  }

  function members(value: JsonObject, level: number): JsonObject {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copy(child, level + 1)]));
  }

  function reference({ $ref, ...siblings }: JsonObject, ref: string, level: number): unknown {
    const target = resolvePointer(root, ref);
    if (!target) return {};
    const isFurther = target.pointer.startsWith(`${files}/`);
    if (!isFurther || inlined.has(target.pointer) || level > MOST_LEVELS)
      return keepsSiblings ? { $ref, ...members(siblings, level) } : { $ref };
    inlined.add(target.pointer);
    const whole = copy(target.value, level);
    return isObject(whole) ? { ...whole, ...members(siblings, level) } : whole;
  }
}

/** As Ajv has them. */
interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** swagger-parser's own `validate` replaces every reference with its target, which grows without limit. */
async function schemaErrors(document: JsonObject): Promise<readonly SchemaError[]> {
  const { default: validate } = await import('@apidevtools/swagger-parser/lib/validators/schema.js');
  try {
    // Rules that the schema cannot express (`spec`) are checked when documents are mapped.
    validate(document);
    return [];
  } catch (error) {
    const details = error instanceof Error && 'details' in error ? error.details : undefined;
    if (Array.isArray(details)) return details as SchemaError[];
    const message = error instanceof Error ? error.message : String(error);
    return [{ instancePath: '', keyword: '', params: {}, message }];
  }
}

function described(errors: readonly SchemaError[], bundled: Awaited<ReturnType<typeof bundle>>): readonly Violation[] {
  const found = new Map<string, Violation>();
  for (const error of telling(errors)) {
    const violation = { pointer: placeOf(error, bundled), message: messageOf(error) };
    found.set(`${violation.pointer} ${violation.message}`, violation);
  }
  return [...found.values()];
}

/**
 * For a choice (`oneOf`, `anyOf`) every branch reports why it does not match. The deepest error comes from the intended
 * branch; a missing `$ref` is never the real error.
 */
function telling(errors: readonly SchemaError[]): readonly SchemaError[] {
  const plain = errors.filter(({ keyword, params }) => !CHOICES.has(keyword) && params.missingProperty !== '$ref');
  const choices = errors.filter(({ keyword }) => CHOICES.has(keyword));
  const isBelow = (error: SchemaError, path: string) => error.instancePath.startsWith(`${path}/`);
  const lost = new Set<SchemaError>();
  for (const { instancePath } of choices) {
    if (!plain.some((error) => isBelow(error, instancePath))) continue;
    for (const error of plain) if (error.instancePath === instancePath) lost.add(error);
  }
  const kept = oneEnum(plain.filter((error) => !lost.has(error)));
  const alone = choices.filter(
    ({ instancePath }) => !kept.some((error) => error.instancePath === instancePath || isBelow(error, instancePath)),
  );
  return [...kept, ...alone];
}

/** For branches that each require one value: all allowed values. */
function oneEnum(errors: readonly SchemaError[]): readonly SchemaError[] {
  const byPlace = new Map<string, SchemaError>();
  const others: SchemaError[] = [];
  for (const error of errors) {
    if (error.keyword !== 'enum') {
      others.push(error);
      continue;
    }
    const known = byPlace.get(error.instancePath);
    const allowed = new Set([...(known ? allowedValues(known.params) : []), ...allowedValues(error.params)]);
    byPlace.set(error.instancePath, {
      ...error,
      params: { allowedValues: [...allowed].map((text) => JSON.parse(text)) },
    });
  }
  return [...others, ...byPlace.values()];
}

/** As JSON. */
const allowedValues = ({ allowedValues: values }: SchemaError['params']): readonly string[] =>
  Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : [];

const CHOICES = new Set(['oneOf', 'anyOf', 'if', 'not']);

function messageOf({ keyword, params, message = 'is not valid' }: SchemaError): string {
  switch (keyword) {
    case 'required':
      return `"${params.missingProperty}" is missing.`;
    case 'additionalProperties':
      return `"${params.additionalProperty}" is not allowed here.`;
    case 'unevaluatedProperties':
      return `"${params.unevaluatedProperty}" is not allowed here.`;
    case 'enum':
      return `Must be one of ${allowedValues(params).join(', ')}.`;
    case 'const':
      return `Must be ${JSON.stringify(params.allowedValue)}.`;
    case 'type':
      return `Must be of type ${String(params.type)}.`;
    default:
      return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  }
}

/** The path of an error ignores references; in the file they exist. */
function placeOf(
  { instancePath, params }: SchemaError,
  { root, pointers }: Awaited<ReturnType<typeof bundle>>,
): string {
  const extra = params.additionalProperty ?? params.unevaluatedProperty;
  const segments = instancePath.split('/').slice(1).map(unescaped);
  if (typeof extra === 'string') segments.push(extra);
  for (let length = segments.length; length > 0; length--) {
    const target = resolvePointer(root, pointerOf(...segments.slice(0, length)));
    if (!target) continue;
    const known = userPointer({ pointers }, target.value, '');
    if (known !== '') return known;
    // Primitives in other files have no pointer of their own: use that of their parent.
    const parent = resolvePointer(root, target.pointer.slice(0, target.pointer.lastIndexOf('/')));
    const at = parent && userPointer({ pointers }, parent.value, '');
    return at ? joinPointer(at, segments[length - 1] ?? '') : target.pointer;
  }
  return '#';
}

const unescaped = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');
