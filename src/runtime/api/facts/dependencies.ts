import {
  type ApiModel,
  composition,
  type JsonSchema,
  type Operation,
  type OperationNeed,
} from '../../../model/index.ts';
import { nameStems, propertyNames, staticSegments, typeNames } from './fields.ts';
import { stem, wordsOfName } from './words.ts';

/** `GET /users/{id}` */
export const operationKey = ({ origin, request }: Pick<Operation, 'origin' | 'request'>): string =>
  `${request.method} ${origin.path}`;

/**
 * For each operation, in their order: which other operation returns the ids that it requires. The evidence, best first:
 * links of the document (OpenAPI 3.1.1 §4.8.20), the GET on the path before the parameter (`/users` for `/users/{id}`),
 * a list or search that is named like the id (`user_id`), a list of objects of that type. Reads of a single object yield
 * no ids.
 */
export function dependencies({ operations, schemas }: ApiModel): readonly (readonly OperationNeed[])[] {
  const producers = indexProducers(operations, schemas);
  const linked = linkedNeeds(operations);
  return operations.map((operation) => {
    const needs = new Map<string, OperationNeed>();
    for (const need of linked.get(operation) ?? []) if (!needs.has(need.argument)) needs.set(need.argument, need);
    for (const id of requiredIds(operation)) {
      if (needs.has(id.argument)) continue;
      const found = bestProducer(id, operation, producers);
      if (found) needs.set(id.argument, { argument: id.argument, operation: found.key });
    }
    return [...needs.values()];
  });
}

/** An id that a call must have. */
interface RequiredId {
  readonly argument: string;
  /** Path before the parameter, with `{}` for parameters; absent for ids of the query and body. */
  readonly prefix?: string;
  /** Stems of the words that name the object with this id, such as `user`, best first. */
  readonly entities: readonly string[];
  /** Names of the path parameters before it: whoever has them can call operations that need them. */
  readonly known: ReadonlySet<string>;
}

function requiredIds({ request, arguments: { required, properties } }: Operation): readonly RequiredId[] {
  const ids: RequiredId[] = [];
  const known = new Set<string>();
  let prefix = '';
  for (const part of request.path) {
    if (typeof part === 'string') {
      prefix += part;
      continue;
    }
    const segment = staticSegments(prefix).at(-1);
    const isAfterSegment = prefix.endsWith('/') && !prefix.endsWith('{}/');
    const named = entityOf(part.name);
    const bySegment = isAfterSegment && segment !== undefined ? lastStem(segment) : undefined;
    ids.push({
      argument: part.argument,
      prefix: prefix.replace(/\/$/, ''),
      entities: [...new Set([bySegment, named].filter((each) => each !== undefined))],
      known: new Set(known),
    });
    known.add(part.name);
    prefix += '{}';
  }
  const inPath = new Set(ids.map(({ argument }) => argument));
  for (const argument of required) {
    if (inPath.has(argument) || !ID_NAME.test(argument) || !isScalar(properties[argument])) continue;
    const entity = entityOf(argument);
    if (entity !== undefined) ids.push({ argument, entities: [entity], known });
  }
  return ids;
}

/** `user_id`, `userId`, `project-key`: names of ids outside the path. */
const ID_NAME = /(?:[a-z]_?|[a-z]-)(?:id|Id|ID|uuid|Uuid|sid|Sid)$/;
const ID_WORDS = new Set([
  'id',
  'ids',
  'uuid',
  'guid',
  'sid',
  'key',
  'slug',
  'name',
  'number',
  'ref',
  'handle',
  'code',
]);

/** `person_id` → `person`; `undefined` if the name says nothing: `id`. */
function entityOf(name: string): string | undefined {
  const words = wordsOfName(name);
  const last = words.at(-1) ?? '';
  const entity = ID_WORDS.has(last) || (last.length > 3 && last.endsWith('id')) ? words.at(-2) : last;
  if (entity !== undefined) return stem(entity);
  // `petid`
  const joined = /^(\p{L}{3,})id$/u.exec(last)?.[1];
  return joined === undefined ? undefined : stem(joined);
}

const lastStem = (segment: string): string | undefined => nameStems(segment).at(-1);

const isScalar = (schema: JsonSchema | undefined): boolean =>
  typeof schema === 'object' && schema.properties === undefined && schema.items === undefined;

/** An operation that returns several objects. */
interface Producer {
  readonly operation: Operation;
  readonly key: string;
  readonly parameters: readonly string[];
  /** How good a source it is, whatever is looked for. */
  readonly score: number;
}

/** Lists are sorted: best score first, otherwise in the order of the document. */
interface Producers {
  /** By path, with `{}` for parameters. */
  readonly byPath: ReadonlyMap<string, Producer>;
  /** By stem of the last segment. */
  readonly byName: ReadonlyMap<string, readonly Producer[]>;
  /** By stem of the type of the items. */
  readonly byType: ReadonlyMap<string, readonly Producer[]>;
}

function indexProducers(operations: readonly Operation[], schemas: ApiModel['schemas']): Producers {
  const byPath = new Map<string, Producer>();
  const byName = new Map<string, Producer[]>();
  const byType = new Map<string, Producer[]>();
  for (const operation of operations) {
    const { path, method } = operation.origin;
    const isSearch = SEARCH.test(`${path} ${operation.id}`);
    const isRead = method === 'get' || method === 'query';
    if (!(isRead || (isSearch && method === 'post')) || operation.origin.deprecated) continue;
    const parameters = operation.request.path.flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
    const own = Math.max(0, operation.arguments.required.length - parameters.length);
    const score = (isSearch ? 0.4 : 0) - 0.1 * own;
    const producer: Producer = { operation, key: operationKey(operation), parameters, score };
    const plain = path.replace(/\{[^{}]*\}/g, '{}').replace(/\/$/, '');
    if (isRead && !byPath.has(plain)) byPath.set(plain, producer);
    // A path that ends in a parameter is a single object.
    const segment = plain.endsWith('}') ? undefined : staticSegments(path).at(-1);
    if (segment === undefined) continue;
    // RPC-style paths such as `users.list` and `/findPetsByStatus`.
    for (const name of new Set(nameStems(segment.replace(/[._:-](?:list|search|get|find)$/i, '')).slice(-1)))
      add(byName, name, producer);
    const { schema } = operation.response;
    if (schema === undefined || !isList(schema, schemas)) continue;
    for (const type of itemTypes(schema, schemas)) add(byType, type, producer);
  }
  for (const list of [...byName.values(), ...byType.values()]) list.sort((a, b) => b.score - a.score);
  return { byPath, byName, byType };
}

const SEARCH = /search|find|lookup|query/i;

function add(index: Map<string, Producer[]>, key: string, producer: Producer): void {
  const known = index.get(key);
  if (known) known.push(producer);
  else index.set(key, [producer]);
}

/** A list, or an object that contains one, as most paged responses are. */
function isList(schema: JsonSchema, schemas: ApiModel['schemas']): boolean {
  return listsIn(schema, schemas).length > 0;
}

function listsIn(schema: JsonSchema, schemas: ApiModel['schemas']): readonly JsonSchema[] {
  if (typeof schema !== 'object') return [];
  const found: JsonSchema[] = [];
  for (const part of composition(schema, schemas)) {
    if (part.items !== undefined) found.push(part.items);
    for (const property of Object.values(part.properties ?? {})) {
      if (typeof property !== 'object') continue;
      for (const inner of composition(property, schemas)) if (inner.items !== undefined) found.push(inner.items);
    }
  }
  return found;
}

/** The last word of the names of types whose objects have an id. */
function itemTypes(schema: JsonSchema, schemas: ApiModel['schemas']): ReadonlySet<string> {
  const types = new Set<string>();
  for (const item of listsIn(schema, schemas)) {
    if (!propertyNames(item, schemas).some((name) => /^_?(?:id|uuid|sid|key|name)$|(?:_id|Id)$/.test(name))) continue;
    for (const name of typeNames(item, schemas)) {
      const last = nameStems(name).at(-1);
      if (last !== undefined) types.add(last);
    }
  }
  return types;
}

function bestProducer(id: RequiredId, user: Operation, producers: Producers): Producer | undefined {
  let best: Producer | undefined;
  let most = LEAST;
  const offer = (list: readonly Producer[], evidence: number): void => {
    for (const producer of list) {
      // Nothing that follows is better: thousands of operations may be named alike.
      if (evidence + producer.score <= most) return;
      if (producer.operation === user) continue;
      const unknown = producer.parameters.filter((name) => !id.known.has(name)).length;
      const score = evidence + producer.score - 0.6 * unknown;
      if (score <= most) continue;
      best = producer;
      most = score;
    }
  };
  const onPath = id.prefix === undefined ? undefined : producers.byPath.get(id.prefix);
  if (onPath) offer([onPath], 2);
  for (const [rank, entity] of id.entities.entries()) {
    offer(producers.byName.get(entity) ?? [], 1 - rank * 0.2);
    offer(producers.byType.get(entity) ?? [], 0.6 - rank * 0.2);
  }
  return best;
}

/** Below that, the chain to the id is longer than the task. */
const LEAST = -0.5;

/** From `links` of responses. */
function linkedNeeds(operations: readonly Operation[]): ReadonlyMap<Operation, readonly OperationNeed[]> {
  const byId = new Map<string, Operation>();
  const byPointer = new Map<string, Operation>();
  for (const operation of operations) {
    if (operation.origin.operationId !== undefined) byId.set(operation.origin.operationId, operation);
    byPointer.set(operation.origin.pointer, operation);
  }
  const needs = new Map<Operation, OperationNeed[]>();
  for (const producer of operations) {
    for (const { operationId, operationRef, parameters } of producer.response.links ?? []) {
      const target = operationId !== undefined ? byId.get(operationId) : operationRef && byPointer.get(operationRef);
      if (!target || target === producer) continue;
      for (const name of parameters) {
        const argument = argumentFor(name, target);
        if (argument === undefined) continue;
        needs.set(target, [...(needs.get(target) ?? []), { argument, operation: operationKey(producer) }]);
      }
    }
  }
  return needs;
}

/** Keys of a link's `parameters` may name the location: `path.id`. */
function argumentFor(name: string, { request, arguments: { properties } }: Operation): string | undefined {
  const plain = name.replace(/^(?:path|query|header|cookie)\./, '');
  const placed = [...request.path, ...request.query, ...request.headers, ...request.cookies];
  for (const parameter of placed)
    if (typeof parameter !== 'string' && parameter.name === plain) return parameter.argument;
  return Object.hasOwn(properties, plain) ? plain : undefined;
}
