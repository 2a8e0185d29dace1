import { isObject, type JsonObject } from './json.ts';
import { joinPointer } from './references.ts';

/** Says what becomes of an object, whose children have had their turn: itself, or one that takes its place. */
export type Edit = (object: JsonObject, place: Place) => JsonObject;

export interface Place {
  /** Where the object stands. */
  readonly pointer: string;
  /** The object as it was, before its children were edited. */
  readonly original: JsonObject;
}

/** Keys whose values are maps from free names: a name in them is never a keyword. */
const MAPS = new Set([
  ...['paths', 'webhooks', 'additionalOperations', 'content', 'encoding', 'responses', 'callbacks'],
  ...['schemas', 'parameters', 'requestBodies', 'headers', 'examples', 'links', 'securitySchemes', 'pathItems'],
  ...['mediaTypes', 'variables', 'properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas'],
  ...['dependencies', 'securityDefinitions'],
]);

/** Keys whose values are data of the API, where a `$ref` or `type` means nothing. */
const DATA = new Set(['example', 'default', 'enum', 'const', 'value', 'x-example', 'x-examples']);

/** A file that has one of these at its root is a document or a schema; any other is a map of definitions. */
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

/** The objects of one document; a part that is shared (YAML aliases) is edited once. */
export class Rewriter {
  private readonly edit: Edit;
  private readonly pointers: WeakMap<object, string> | undefined;
  private readonly done = new Map<object, unknown>();

  /** @param pointers of objects that do not stand where they are found: what is below stands below that */
  constructor(edit: Edit, pointers?: WeakMap<object, string>) {
    this.edit = edit;
    this.pointers = pointers;
  }

  /** A whole file. At its root, extensions hold definitions as often as anything else. */
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

  /** A map from free names. */
  map(value: unknown, pointer: string): unknown {
    if (!isObject(value) || typeof value.$ref === 'string') return this.value(value, pointer);
    return this.once(value, () => this.children(value, pointer, () => false));
  }

  /** Any other value. Nothing is copied where nothing changes. */
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
