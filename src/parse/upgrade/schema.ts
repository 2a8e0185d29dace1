import { isObject, type JsonObject } from '../json.ts';
import { BUNDLED_FILES, pointerOf, resolvePointer, segmentsOf } from '../references.ts';
import { Rewriter } from '../rewrite.ts';

/**
 * Converts 2.0 schemas (2.0 "Schema Object") to 3.x: references to their new places, `type: file` to a binary string,
 * `x-nullable`, a string discriminator to an object. A schema is upgraded once, however often it is used.
 *
 * A reference to a schema whose place disappears (`#/responses/X/schema`, `#/paths/…/parameters/0/schema`) gets its own
 * component.
 */
export class SchemaUpgrade {
  private readonly root: JsonObject;
  private readonly rewriter: Rewriter;
  /** Old pointer → name of its component. */
  private readonly hoisted = new Map<string, string>();
  private readonly names: Set<string>;

  constructor(root: JsonObject, pointers: WeakMap<object, string>) {
    this.root = root;
    this.names = new Set(isObject(root.definitions) ? Object.keys(root.definitions) : []);
    this.rewriter = new Rewriter((object, { pointer, original }) => {
      const schema = this.upgradeOne(object);
      pointers.set(schema, pointers.get(original) ?? pointer);
      return schema;
    });
  }

  /** A schema, or anything that contains schemas. */
  inside(value: unknown, pointer: string): unknown {
    return this.rewriter.value(value, pointer);
  }

  /** The bundled files. */
  file(files: unknown): unknown {
    if (!isObject(files)) return undefined;
    return Object.fromEntries(
      Object.entries(files).map(([name, file]) => {
        const pointer = pointerOf(BUNDLED_FILES, name);
        return [name, isObject(file) ? this.rewriter.root(file, pointer) : this.rewriter.value(file, pointer)];
      }),
    );
  }

  /** All definitions, and the schemas that became definitions. */
  definitions(): unknown {
    const { definitions } = this.root;
    const upgraded = this.rewriter.map(definitions, pointerOf('definitions'));
    const entries: [string, unknown][] = [];
    // Upgrading one may move another: entries added to a Map during iteration are visited too.
    for (const [pointer, name] of this.hoisted) {
      entries.push([name, this.rewriter.value(resolvePointer(this.root, pointer)?.value, pointer)]);
    }
    return { ...(isObject(upgraded) ? upgraded : {}), ...Object.fromEntries(entries) };
  }

  private upgradeOne(object: JsonObject): JsonObject {
    const { $ref, type, discriminator } = object;
    if (typeof $ref === 'string') return { ...object, $ref: this.reference($ref) };
    const edits: [string, unknown][] = [];
    if (type === 'file') edits.push(['type', 'string'], ['format', 'binary']);
    if (object['x-nullable'] === true && !('nullable' in object)) edits.push(['nullable', true]);
    if (typeof discriminator === 'string') edits.push(['discriminator', { propertyName: discriminator }]);
    if (isObject(discriminator) && isObject(discriminator.mapping)) {
      edits.push(['discriminator', { ...discriminator, mapping: this.mapping(discriminator.mapping) }]);
    }
    // Copied even if unchanged: the old object may occur elsewhere, with another pointer.
    return { ...object, ...Object.fromEntries(edits) };
  }

  private mapping(mapping: JsonObject): JsonObject {
    const isRef = (value: unknown): value is string => typeof value === 'string' && value.startsWith('#');
    return Object.fromEntries(
      Object.entries(mapping).map(([key, value]) => [key, isRef(value) ? this.reference(value) : value]),
    );
  }

  /** The new place of a reference's target; a broken reference is kept for the message. */
  private reference(ref: string): string {
    const [first, ...rest] = segmentsOf(ref) ?? [];
    if (first === undefined || first === BUNDLED_FILES || first === 'components') return ref;
    if (first === 'definitions' && rest.length > 0) return pointerOf('components', 'schemas', ...rest);
    if ((first === 'parameters' || first === 'responses') && rest.length === 1) {
      return pointerOf('components', first, ...rest);
    }
    // A complete path keeps its place; an object without keywords there is not a schema.
    if (first === 'paths' && rest.length === 1) return ref;
    const target = resolvePointer(this.root, ref);
    return target && isObject(target.value) ? pointerOf('components', 'schemas', this.hoist(target.pointer)) : ref;
  }

  private hoist(pointer: string): string {
    const known = this.hoisted.get(pointer);
    if (known !== undefined) return known;
    const stem = (segmentsOf(pointer) ?? [])
      .join('_')
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_|_$/g, '');
    let name = stem;
    for (let n = 2; this.names.has(name); n++) name = `${stem}_${n}`;
    this.names.add(name);
    this.hoisted.set(pointer, name);
    return name;
  }
}
