import { getOwn, type JsonSchema, type JsonSchemaObject, type Schemas, sharedSchema } from '../../../../model/index.ts';
import { nearest } from '../../../text/nearest.ts';
import { askedTypes } from './digits.ts';

export interface ArgumentFault {
  /** As the caller wrote it: `o.deep`, `ids[0]`; empty for the arguments themselves. */
  readonly argument: string;
  /** The argument, what was expected, and what was given: `ids[0]: must be an integer; got "x"`. */
  readonly message: string;
}

/** An error as a schema validator reports it. */
export interface RawFault {
  readonly path: readonly (string | number)[];
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The value of the keyword, and the schema that contains it. */
  readonly keywordValue: unknown;
  readonly schema: JsonSchema;
  readonly value: unknown;
}

/**
 * Errors in the reader's words, without duplicates. After 20, a last entry counts the rest, which are not described.
 *
 * @param more there may be further errors that were not searched for
 */
export function describeFaults(
  { raw, more }: { readonly raw: readonly RawFault[]; readonly more: boolean },
  shared: Schemas,
): readonly ArgumentFault[] {
  const faults = atMost(decisive(raw), (fault) => {
    const { argument, message } = describe(fault, shared);
    return { argument, message: argument ? `${argument}: ${message}` : message };
  });
  return more
    ? [...faults, { argument: '', message: 'there may be more errors; only the first is shown for large arguments' }]
    : faults;
}

/** The first 20 errors in the reader's words, without duplicates, and how many more there are. */
export function atMost<T>(all: readonly T[], describe: (one: T) => ArgumentFault): readonly ArgumentFault[] {
  const distinct = new Map<string, ArgumentFault>();
  let described = 0;
  for (const one of all) {
    if (distinct.size === MOST_FAULTS || described === MOST_DESCRIBED) break;
    const fault = describe(one);
    distinct.set(fault.message, fault);
    described++;
  }
  const more = all.length - described;
  return more > 0 ? [...distinct.values(), { argument: '', message: `and ${more} more` }] : [...distinct.values()];
}

const MOST_FAULTS = 20;
/** Descriptions may repeat. */
const MOST_DESCRIBED = 200;

/**
 * `anyOf` and `oneOf` report an error themselves and one for each branch. The branch errors come first and are dropped.
 * One pass from the end, because there may be thousands.
 */
function decisive(raw: readonly RawFault[]): readonly RawFault[] {
  const chosen = newPlace();
  const kept: RawFault[] = [];
  for (const fault of raw.toReversed()) {
    if (!SHADOWS.has(fault.keyword) && !isWithin(chosen, fault.path)) kept.push(fault);
    if (CHOICES.has(fault.keyword)) choose(chosen, fault.path);
  }
  return kept.reverse();
}
const CHOICES: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'not']);
/** These keywords only repeat the errors of their subschemas. */
const SHADOWS: ReadonlySet<string> = new Set(['if', 'propertyNames']);

/** Paths in the arguments, as a tree of keys. */
interface Place {
  isChoice: boolean;
  readonly parts: Map<string | number, Place>;
}

const newPlace = (): Place => ({ isChoice: false, parts: new Map() });

/** Whether the path is, or is below, a failed `anyOf` or `oneOf`. */
function isWithin(root: Place, path: RawFault['path']): boolean {
  let place: Place | undefined = root;
  for (const key of path) {
    if (!place || place.isChoice) break;
    place = place.parts.get(key);
  }
  return place?.isChoice ?? false;
}

function choose(root: Place, path: RawFault['path']): void {
  let place = root;
  for (const key of path) {
    const next = place.parts.get(key) ?? newPlace();
    place.parts.set(key, next);
    place = next;
  }
  place.isChoice = true;
}

function describe(fault: RawFault, shared: Schemas): ArgumentFault {
  const { path, keyword, params } = fault;
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
      return { argument: written([...path, String(params.missingProperty)]), message: missing(fault) };
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownArgument(fault);
    default:
      return { argument: written(path), message: `${expectation(fault, shared)}; got ${given(fault)}` };
  }
}

function missing({ keyword, params }: RawFault): string {
  return keyword === 'required' ? 'is required' : `is required together with ${JSON.stringify(params.property)}`;
}

function unknownArgument({ path, params, schema }: RawFault): ArgumentFault {
  const name = String(params.additionalProperty ?? params.unevaluatedProperty);
  const known = typeof schema === 'object' ? Object.keys(schema.properties ?? {}) : [];
  const close = nearest(name, known);
  const what = path.length ? 'property' : 'argument';
  const said = [`is not a known ${what}.`];
  if (close !== undefined) said.push(`Did you mean ${JSON.stringify(close)}?`);
  if (known.length === 0) said.push(path.length ? 'No keys are allowed here.' : 'This tool takes no arguments.');
  else if (known.length <= MOST_NAMES) said.push(`Known: ${known.join(', ')}.`);
  return { argument: written([...path, name]), message: said.join(' ') };
}
const MOST_NAMES = 20;

function expectation(fault: RawFault, shared: Schemas): string {
  const said = getOwn(EXPECTED, fault.keyword);
  return said ? said(fault.keywordValue, fault.params, shared) : `must satisfy "${fault.keyword}"`;
}

type Expectation = (wanted: unknown, params: RawFault['params'], shared: Schemas) => string;

const listed = <T>(wanted: unknown): readonly T[] => (Array.isArray(wanted) ? wanted : []);
const anyForm: Expectation = (wanted, _, shared) => `must be ${forms(listed(wanted), shared)}`;
const fewerItems: Expectation = (_, { limit, len }) => `must have ${limit ?? len} items or fewer`;

/** What a keyword expects, by its value and the parameters of the error. */
const EXPECTED: Readonly<Record<string, Expectation>> = {
  type: (wanted) => `must be ${either([wanted].flat().map((name) => withArticle(String(name))))}`,
  enum: (wanted) => `must be ${oneOf(listed(wanted))}`,
  const: (wanted) => `must be ${JSON.stringify(wanted)}`,
  minimum: (wanted) => `must be ${wanted} or more`,
  maximum: (wanted) => `must be ${wanted} or less`,
  exclusiveMinimum: (wanted) => `must be more than ${wanted}`,
  exclusiveMaximum: (wanted) => `must be less than ${wanted}`,
  multipleOf: (wanted) => `must be a multiple of ${wanted}`,
  minLength: (wanted) => `must have ${wanted} characters or more`,
  maxLength: (wanted) => `must have ${wanted} characters or fewer`,
  pattern: (wanted) => `must match the pattern ${short(String(wanted))}`,
  format: (wanted) => `must have the format ${wanted}${exampleOf(String(wanted))}`,
  minItems: (wanted) => `must have ${wanted} items or more`,
  maxItems: (wanted) => `must have ${wanted} items or fewer`,
  uniqueItems: (_, { i, j }) => `must not contain the same item twice (items ${j} and ${i} are equal)`,
  minProperties: (wanted) => `must have ${wanted} properties or more`,
  maxProperties: (wanted) => `must have ${wanted} properties or fewer`,
  contains: () => 'must contain an item that matches the schema',
  items: fewerItems,
  unevaluatedItems: fewerItems,
  anyOf: anyForm,
  oneOf: anyForm,
  not: () => 'must not match the schema that is excluded',
  'false schema': () => 'must not be given',
};

/** A format in the document may be named `constructor`. */
const exampleOf = (format: string): string => getOwn(EXAMPLES, format) ?? '';

const EXAMPLES: Readonly<Record<string, string>> = {
  'date-time': ' (2024-05-31T12:00:00Z)',
  date: ' (2024-05-31)',
  uuid: ' (123e4567-e89b-12d3-a456-426614174000)',
  int32: ' (a 32-bit integer)',
  int64: ' (a 64-bit integer)',
};

/** The alternatives of `anyOf`/`oneOf`, as short as possible while distinct. */
function forms(branches: readonly JsonSchema[], shared: Schemas): string {
  const names = [...new Set(branches.map((branch) => form(branch, shared)))];
  const shown = names.slice(0, MOST_FORMS);
  return either(names.length > shown.length ? [...shown, `one of ${names.length - shown.length} other forms`] : shown);
}
const MOST_FORMS = 6;

function form(schema: JsonSchema, shared: Schemas): string {
  if (typeof schema === 'boolean') return schema ? 'anything' : 'nothing';
  const resolved = resolve(schema, shared);
  if (resolved.const !== undefined) return JSON.stringify(resolved.const);
  if (resolved.enum) return oneOf(resolved.enum);
  const asked = askedTypes(resolved);
  const types = asked.length === 0 && resolved.properties ? ['object'] : asked;
  if (types.length === 0) return resolved.title ?? 'another form in the schema';
  return either(types.map((type) => withArticle(type) + details(type, resolved)));
}

function details(type: string, { required, pattern, format }: JsonSchemaObject): string {
  if (type === 'object' && required?.length)
    return ` with ${required
      .slice(0, 6)
      .map((name) => JSON.stringify(name))
      .join(', ')}`;
  if (type === 'string' && format) return ` (${format})`;
  return type === 'string' && pattern ? ` like ${short(pattern)}` : '';
}

function resolve(schema: JsonSchemaObject, shared: Schemas): JsonSchemaObject {
  const target = schema.$ref === undefined ? undefined : sharedSchema(schema.$ref, shared);
  return typeof target === 'object' ? { ...target, ...schema } : schema;
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) => short(JSON.stringify(value)));
  const more = values.length - shown.length;
  const list = more > 0 ? [...shown, `and ${more} more`] : shown;
  return values.length === 1 ? list.join('') : `one of ${list.join(', ')}`;
}
const MOST_VALUES = 30;

const either = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} or ${parts.at(-1)}`;

function withArticle(type: string): string {
  if (type === 'null') return type;
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** The given value, shortened; never a value that may be secret. */
function given({ path, value, schema }: RawFault): string {
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return value.length === 1 ? 'a list of 1 item' : `a list of ${value.length} items`;
    // Only the first of many keys.
    const keys = Object.keys(value).slice(0, 60);
    return keys.length ? `an object with ${short(keys.join(', '))}` : 'an empty object';
  }
  const secret =
    path.some((key) => SECRET.test(String(key))) || (typeof schema === 'object' && schema.format === 'password');
  if (typeof value === 'string' && secret) return 'a string (not shown)';
  return short(JSON.stringify(typeof value === 'string' ? value.slice(0, 200) : value) ?? 'nothing');
}
const SECRET = /pass|secret|token|credential|auth|(^|[_-])(api)?_?-?key$|apikey/i;

/** At most 60 characters. */
function short(text: string): string {
  const characters = [...text.slice(0, 130)];
  return characters.length > 60 || text.length > 130 ? `${characters.slice(0, 59).join('')}…` : text;
}

/** `o.deep`, `ids[0]`, `headers["x y"]`. */
function written(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (index === 0) return long(key);
      return /^[\w$-]{1,200}$/.test(key) ? `.${key}` : `[${JSON.stringify(long(key))}]`;
    })
    .join('');
}

/** A name longer than any known one is cut. */
const long = (name: string): string => (name.length > 200 ? short(name) : name);
