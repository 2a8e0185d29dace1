import { SCHEMA_MAPS } from '../model/subschemas.ts';
import { isObject, type JsonObject } from './json.ts';
import { joinPointer } from './references.ts';

/** Rewrites an object after its children: returns it, or a replacement. */
export type Edit = (object: JsonObject, place: Place) => JsonObject;

export interface Place {
  /** Its pointer. */
  readonly pointer: string;
  /** The object before its children were edited. */
  readonly original: JsonObject;
}

/** Keys whose values are maps from arbitrary names: a name in them is never a keyword. */
const MAPS = new Set([
  ...['paths', 'webhooks', 'additionalOperations', 'content', 'encoding', 'responses', 'callbacks'],
  ...['schemas', 'parameters', 'requestBodies', 'headers', 'examples', 'links', 'securitySchemes', 'pathItems'],
  ...['mediaTypes', 'variables', 'dependencies', 'securityDefinitions', ...SCHEMA_MAPS],
]);

/** Keys whose values are API data, where `$ref` or `type` has no meaning. */
const DATA = new Set(['example', 'default', 'enum', 'const', 'value', 'x-example', 'x-examples']);

/** A file with one of these at its root is a document or a schema; any other is a map of definitions. */
const KEYWORDS = [
  'openapi',
  'swagger',
  '$ref',
  'type',
  'properties',
  'items',
  'allOf',
  'anyOf',
  'oneOf',
  'enum',
  'const',
];

const isData = (key: string, value: unknown): boolean =>
  DATA.has(key) || key.startsWith('x-') || (key === 'examples' && Array.isArray(value));

/** The objects of one document; a shared part (YAML aliases) is edited once. */
export class Rewriter {
  private readonly edit: Edit;
  private readonly pointers: WeakMap<object, string> | undefined;
  private readonly done = new Map<object, unknown>();

  /** @param pointers original pointers of moved objects, which also apply to everything below them */
  constructor(edit: Edit, pointers?: WeakMap<object, string>) {
    this.edit = edit;
    this.pointers = pointers;
  }

  /** A complete file. At its root, extensions often contain definitions. */
  root(root: JsonObject, pointer: string): JsonObject {
    const isDefinitions = !KEYWORDS.some((key) => key in root);
    const entries = Object.entries(root).map(([key, value]): [string, unknown] => {
      const below = joinPointer(pointer, key);
      if (!isDefinitions && DATA.has(key)) return [key, value];
      const isMap = MAPS.has(key) || key.startsWith('x-');
      return [key, isMap ? this.map(value, below) : this.value(value, below)];
    });
    const changed = entries.some(([key, value]) => value !== root[key]);
    return this.edit(changed ? Object.fromEntries(entries) : root, { pointer, original: root });
  }

  /** A map from arbitrary names. */
  map(value: unknown, pointer: string): unknown {
    if (!isObject(value) || typeof value.$ref === 'string') return this.value(value, pointer);
    return this.once(value, () => this.children(value, pointer, () => false));
  }

  /** Any other value. Copies nothing if nothing changes. */
  value(value: unknown, pointer: string): unknown {
    if (Array.isArray(value)) return this.once(value, () => this.items(value, pointer));
    if (!isObject(value)) return value;
    const at = this.pointers?.get(value) ?? pointer;
    return this.once(value, () => this.edit(this.children(value, at, isData), { pointer: at, original: value }));
  }

  private once(value: object, rewrite: () => unknown): unknown {
    if (!this.done.has(value)) this.done.set(value, rewrite());
    return this.done.get(value);
  }

  private items(list: readonly unknown[], pointer: string): readonly unknown[] {
    const items = list.map((item, index) => this.value(item, joinPointer(pointer, index)));
    return items.some((item, index) => item !== list[index]) ? items : list;
  }

  private children(object: JsonObject, pointer: string, skip: (key: string, value: unknown) => boolean): JsonObject {
    const isMap = skip !== isData;
    let changed = false;
    const entries = Object.entries(object).map(([key, value]): [string, unknown] => {
      if (typeof value !== 'object' || value === null || skip(key, value)) return [key, value];
      const below = joinPointer(pointer, key);
      const edited = !isMap && MAPS.has(key) ? this.map(value, below) : this.value(value, below);
      changed ||= edited !== value;
      return [key, edited];
    });
    return changed ? Object.fromEntries(entries) : object;
  }
}
