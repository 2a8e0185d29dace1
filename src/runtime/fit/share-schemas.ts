import { type JsonSchema, type JsonSchemaObject, sharedName, sharedRef } from '../../model/index.ts';
import { mapSubschemas } from '../api/schema/schema-closure.ts';
import { isRecord } from '../is-record.ts';
import { estimateTokens } from './count.ts';

/**
 * The same schema with each definition where it costs the fewest tokens: inlined if it is used once, in `$defs` if it
 * repeats.
 *
 * @param hoists whether repeated subschemas may become definitions
 */
export function shareSchemas(schema: JsonSchemaObject, hoists: boolean): JsonSchemaObject {
  const uses = refCounts(schema);
  // References to other places than `$defs` would point elsewhere afterwards.
  if (!uses) return schema;
  const inlined = schema.$defs ? shortNamed(inlinedOnce(schema, uses)) : schema;
  return hoists ? hoisted(inlined) : inlined;
}

const isObject = (schema: JsonSchema): schema is JsonSchemaObject => isRecord(schema);

type Defs = Readonly<Record<string, JsonSchema>>;

/** How often each definition is referenced; `undefined` if there are other references, or definitions elsewhere. */
function refCounts(root: JsonSchemaObject): ReadonlyMap<string, number> | undefined {
  const counts = new Map<string, number>();
  const defs: Defs = root.$defs ?? {};
  let isPlain = true;
  visit(root, (part) => {
    if (part !== root && part.$defs !== undefined) isPlain = false;
    if (UNMOVABLE.some((keyword) => Object.hasOwn(part, keyword))) isPlain = false;
    if (part.$ref === undefined) return;
    const name = typeof part.$ref === 'string' ? sharedName(part.$ref) : undefined;
    if (name === undefined || !Object.hasOwn(defs, name)) isPlain = false;
    else counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  return isPlain ? counts : undefined;
}
const UNMOVABLE = ['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', 'definitions', '$schema'];

function visit(schema: JsonSchema, see: (part: JsonSchemaObject) => void): void {
  if (!isObject(schema)) return;
  see(schema);
  mapSubschemas(schema, (part) => {
    visit(part, see);
    return part;
  });
}

/** Inlines definitions that are used once, or are shorter than a reference. */
function inlinedOnce(root: JsonSchemaObject, uses: ReadonlyMap<string, number>): JsonSchemaObject {
  const { $defs: defs = {}, ...rest } = root;
  const open = new Set<string>();
  const kept = new Set<string>();
  const inline = (schema: JsonSchema): JsonSchema => {
    if (!isObject(schema)) return schema;
    const { $ref, ...siblings }: JsonSchemaObject = schema;
    const name = $ref === undefined ? undefined : sharedName($ref);
    const target = name === undefined ? undefined : defs[name];
    if (name === undefined || target === undefined) return mapSubschemas(schema, inline);
    const isSmall = JSON.stringify(target).length <= (schema.$ref?.length ?? 0) + SMALL;
    const merged = uses.get(name) === 1 || isSmall ? merge(target, siblings) : undefined;
    if (merged === undefined || open.has(name)) {
      kept.add(name);
      return mapSubschemas(schema, inline);
    }
    open.add(name);
    const made = inline(merged);
    open.delete(name);
    return made;
  };
  const made = inline(rest) as JsonSchemaObject; // an object stays an object
  const left = new Map<string, JsonSchema>();
  for (const name of kept) {
    // Definitions that are kept reference others, which join the set while it is read.
    open.add(name);
    left.set(name, inline(defs[name] ?? true));
    open.delete(name);
  }
  return left.size === 0 ? made : { ...made, $defs: Object.fromEntries(left) };
}
const SMALL = 10;

/** Merges a reference with the keywords next to it; `undefined` if both constrain the same. */
function merge(target: JsonSchema, siblings: JsonSchemaObject): JsonSchema | undefined {
  const keywords = Object.keys(siblings);
  if (keywords.length === 0) return target;
  if (!isObject(target)) return target === true ? siblings : undefined;
  const clashes = keywords.some((keyword) => keyword !== 'description' && Object.hasOwn(target, keyword));
  // `additionalProperties` would apply to the properties of both.
  const reaches = CONTEXTUAL.some((keyword) => Object.hasOwn(target, keyword) || Object.hasOwn(siblings, keyword));
  const isNoted = keywords.every((keyword) => NOTES.has(keyword));
  return clashes || (reaches && !isNoted) ? undefined : { ...target, ...siblings };
}
const CONTEXTUAL = ['additionalProperties', 'unevaluatedProperties', 'items', 'unevaluatedItems', 'contains', 'if'];
const NOTES: ReadonlySet<string> = new Set(['description', 'default', 'deprecated', 'readOnly', 'writeOnly']);

/** `io.k8s.api.core.v1.Pod` → `Pod`, where no other definition has that name. */
function shortNamed(root: JsonSchemaObject): JsonSchemaObject {
  const { $defs: defs } = root;
  if (!defs) return root;
  const ends = Object.keys(defs).map((name) => /[^./]+$/.exec(name)?.[0] ?? name);
  const names = new Map(
    Object.keys(defs).map((name, index): [string, string] => {
      const end = ends[index] ?? name;
      return [name, ends.filter((other) => other === end).length === 1 ? end : name];
    }),
  );
  const rename = (schema: JsonSchema): JsonSchema => {
    if (!isObject(schema)) return schema;
    const name = schema.$ref === undefined ? undefined : names.get(sharedName(schema.$ref) ?? '');
    return mapSubschemas(name === undefined ? schema : { ...schema, $ref: sharedRef(name) }, rename);
  };
  const { $defs: named = {}, ...rest } = rename(root) as JsonSchemaObject;
  return {
    ...rest,
    $defs: Object.fromEntries(Object.entries(named).map(([name, def]) => [names.get(name) ?? name, def])),
  };
}

/** With repeated subschemas in `$defs`, where that takes fewer tokens. */
function hoisted(root: JsonSchemaObject): JsonSchemaObject {
  const texts = new Map<string, number>();
  const textOf = new Map<JsonSchemaObject, string>();
  visitRepeats(root, (part) => {
    const text = JSON.stringify(part);
    textOf.set(part, text);
    const count = (texts.get(text) ?? 0) + 1;
    texts.set(text, count);
    return count === 1;
  });
  const taken = new Set(Object.keys(root.$defs ?? {}));
  const names = new Map<string, string>();
  for (const [text, count] of texts) {
    if (count < 2 || text.length < LEAST_CHARACTERS || !saves(text, count)) continue;
    names.set(text, freeName(taken));
  }
  if (names.size === 0) return root;
  const made: Record<string, JsonSchema> = {};
  const share = (schema: JsonSchema): JsonSchema => {
    if (!isObject(schema)) return schema;
    const name = names.get(textOf.get(schema) ?? JSON.stringify(schema));
    if (name === undefined) return mapSubschemas(schema, share);
    if (!Object.hasOwn(made, name)) {
      made[name] = true;
      made[name] = mapSubschemas(schema, share);
    }
    return { $ref: sharedRef(name) };
  };
  const { $defs, ...rest } = mapSubschemas(root, share);
  const shared = { ...rest, $defs: { ...$defs, ...made } };
  return estimateTokens(JSON.stringify(shared)) < estimateTokens(JSON.stringify(root)) ? shared : root;
}
const LEAST_CHARACTERS = 60;

/** Every subschema from the outside in; those inside of a repeated one are not looked at again. */
function visitRepeats(root: JsonSchemaObject, isNew: (part: JsonSchemaObject) => boolean): void {
  mapSubschemas(root, (part) => {
    if (isObject(part) && isNew(part)) visitRepeats(part, isNew);
    return part;
  });
}

function saves(text: string, count: number): boolean {
  const once = estimateTokens(text);
  return once * (count - 1) > REF_TOKENS * count + NAME_TOKENS;
}
/** `{"$ref":"#/$defs/a"}`, and `"a":` in `$defs`. */
const REF_TOKENS = 9;
const NAME_TOKENS = 3;

/** `a` to `z`, then `a1`. */
function freeName(taken: Set<string>): string {
  for (let index = 0; ; index++) {
    const name = String.fromCharCode(97 + (index % 26)) + (index < 26 ? '' : Math.floor(index / 26));
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
