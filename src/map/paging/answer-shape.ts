import type { AnswerPath } from '../../model/index.ts';
import { isObject, type Node, type Reader } from '../reader.ts';
import { keyOf } from './key.ts';

/** A property of a response that may have to do with paging. */
export interface AnswerField {
  readonly path: AnswerPath;
  /** Its name, for comparison. */
  readonly key: string;
  readonly types: ReadonlySet<string>;
  readonly format: string | undefined;
  /** As written: an example, or a default. */
  readonly example: unknown;
  readonly description: string;
}

/** What a response looks like, as far as paging needs it. */
export interface AnswerShape {
  /** Scalars at the root, and in the objects that usually describe a page. */
  readonly fields: readonly AnswerField[];
  /** The list of the response; `undefined` if it has none, or several that could be it. */
  readonly items: AnswerPath | undefined;
  /** The property of an item that identifies it. */
  readonly id: AnswerPath | undefined;
}

/** Reads the schema of a response, as the document has it. */
export function answerShape(schema: unknown, reader: Reader, path: string): AnswerShape {
  const root = joined([schema], reader);
  const found: Found = { scalars: [], lists: [] };
  if (isList(root)) found.lists.push({ path: [], items: root.items });
  else collect(root, [], found, reader);
  const chosen = chosenList(found.lists, path, reader);
  const list = chosen && isEntity(root, chosen) ? undefined : chosen;
  const item = list && joined(list.items, reader);
  const id = item && ['id', 'uuid'].find((name) => item.properties.has(name));
  // Most responses have no list, and nobody asks for their fields.
  let fields: readonly AnswerField[] | undefined;
  return {
    get fields() {
      fields ??= found.scalars.map((scalar) => fieldOf(scalar, reader));
      return fields;
    },
    items: list?.path,
    id: id === undefined ? undefined : [id],
  };
}

interface Found {
  readonly scalars: Scalar[];
  readonly lists: List[];
}

/** A property that is neither an object nor a list. */
interface Scalar {
  readonly path: AnswerPath;
  readonly schemas: readonly unknown[];
}

function fieldOf({ path, schemas }: Scalar, reader: Reader): AnswerField {
  const { types, format, example, description = '' } = joined(schemas, reader);
  return { path, key: keyOf(path.at(-1) ?? ''), types, format, example, description };
}

interface List {
  readonly path: AnswerPath;
  /** Schemas of its items. */
  readonly items: readonly unknown[];
}

/** What has an id is one thing, and its lists belong to it. */
const isEntity = ({ properties }: Joined, { path }: List): boolean =>
  properties.has('id') && path.length === 1 && !LIST_NAMES.test(keyOf(path[0] ?? ''));

/** A schema with everything that its references and combinations add. */
interface Joined {
  readonly types: Set<string>;
  /** All schemas of each: parts of `allOf` refine one another. */
  readonly properties: Map<string, readonly unknown[]>;
  readonly items: unknown[];
  format: string | undefined;
  example: unknown;
  description: string | undefined;
}

const MOST_STEPS = 12;

/** Shared schemas are read once. */
const known = new WeakMap<Reader, Map<string, Joined>>();

function joined(schemas: readonly unknown[], reader: Reader): Joined {
  const [only] = schemas;
  const ref = schemas.length === 1 && isObject(only) && Object.keys(only).length === 1 ? only.$ref : undefined;
  if (typeof ref !== 'string') return joinAll(schemas, reader);
  const ofReader = known.get(reader) ?? new Map<string, Joined>();
  known.set(reader, ofReader);
  const found = ofReader.get(ref) ?? joinAll(schemas, reader);
  ofReader.set(ref, found);
  return found;
}

function joinAll(schemas: readonly unknown[], reader: Reader): Joined {
  const into: Joined = {
    types: new Set(),
    properties: new Map(),
    items: [],
    format: undefined,
    example: undefined,
    description: undefined,
  };
  for (const schema of schemas) join(schema, into, reader, MOST_STEPS);
  return into;
}

function join(schema: unknown, into: Joined, reader: Reader, steps: number): void {
  if (!isObject(schema) || steps === 0) return;
  if (typeof schema.$ref === 'string') join(reader.lookUp(schema.$ref), into, reader, steps - 1);
  addTypes(schema.type, into.types);
  if (isObject(schema.properties)) {
    into.types.add('object');
    for (const [name, property] of Object.entries(schema.properties)) {
      const others = into.properties.get(name);
      into.properties.set(name, others ? [...others, property] : [property]);
    }
  }
  if (schema.items !== undefined) {
    into.items.push(schema.items);
    if (schema.type === undefined) into.types.add('array');
  }
  if (typeof schema.format === 'string') into.format ??= schema.format;
  if (typeof schema.description === 'string') into.description ??= schema.description;
  into.example ??= exampleOf(schema);
  for (const key of ['allOf', 'anyOf', 'oneOf'] as const) {
    const parts = schema[key];
    if (Array.isArray(parts)) for (const part of parts) join(part, into, reader, steps - 1);
  }
}

function addTypes(type: unknown, into: Set<string>): void {
  if (typeof type === 'string' && type !== 'null') into.add(type);
  else if (Array.isArray(type)) for (const each of type) addTypes(each, into);
}

const exampleOf = ({ example, examples, default: preset }: Node): unknown =>
  example ?? (Array.isArray(examples) ? examples[0] : undefined) ?? preset;

const isList = ({ types }: Joined): boolean => types.has('array') && !types.has('object');

/** Objects that describe a page, or wrap the response. */
const CONTAINERS =
  /^(meta|metadata|listmeta|responsemetadata|pagination|paginationinfo|paging|pagingmetadata|page|pageinfo|pagedetails|pages|pageable|cursor|cursors|links|resultinfo|result|results|data|response|body|payload|next|list|search|collection|embedded|navigation|resultset|resultsetinfo|info)$/;
/** Names by which an entity wraps other entities, too: only their own lists and links are read. */
const DEEPEST = 3;
const MOST_PROPERTIES = 60;

function collect({ properties }: Joined, path: AnswerPath, found: Found, reader: Reader): void {
  // The only property of the root is a wrapper, whatever its name.
  const isWrapper = path.length === 0 && properties.size === 1;
  let count = 0;
  for (const [name, schemas] of properties) {
    count += 1;
    if (count > MOST_PROPERTIES) return;
    const at = [...path, name];
    const inner = isPlainScalar(schemas) ? undefined : joined(schemas, reader);
    if (inner && isList(inner)) found.lists.push({ path: at, items: inner.items });
    else if (!inner?.types.has('object')) found.scalars.push({ path: at, schemas });
    else if (path.length < DEEPEST && (isWrapper || CONTAINERS.test(keyOf(name)))) collect(inner, at, found, reader);
  }
}

/** What shows at once: a type that is neither an object nor a list, and nothing that adds to it. */
function isPlainScalar([schema, ...others]: readonly unknown[]): boolean {
  if (others.length > 0 || !isObject(schema) || typeof schema.type !== 'string') return false;
  if (schema.type === 'object' || schema.type === 'array') return false;
  return !ADDING.some((key) => schema[key] !== undefined);
}

const ADDING = ['$ref', 'allOf', 'anyOf', 'oneOf', 'properties', 'items'] as const;

const LIST_NAMES =
  /^(data|items|results?|records|entries|values?|list|rows|hits|content|contents|elements|objects|resources)$/;

/** Of several lists: the one with a usual name, or a name of the path, otherwise the only one with objects. */
function chosenList(lists: readonly List[], path: string, reader: Reader): List | undefined {
  const nearest = Math.min(...lists.map((list) => list.path.length));
  const near = lists.filter((list) => list.path.length === nearest);
  if (near.length <= 1) return near[0];
  const nameOf = (list: List) => keyOf(list.path.at(-1) ?? '');
  const usual = near.find((list) => LIST_NAMES.test(nameOf(list)));
  if (usual) return usual;
  const segments = path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'));
  for (const segment of segments.reverse()) {
    const named = near.find((list) => nameOf(list) === keyOf(segment));
    if (named) return named;
  }
  const ofObjects = near.filter(({ items }) => joined(items, reader).types.has('object'));
  return ofObjects.length === 1 ? ofObjects[0] : undefined;
}
