import {
  getOwn,
  type JsonSchema,
  type JsonSchemaObject,
  type Schemas,
  setOwn,
  sharedName,
  sharedSchema,
} from '../../../model/index.ts';
import { copyWithSize, schemaSize, sizeByProperty } from '../../../model/tool-bytes.ts';
import { type FoldPlan, FoldSite, type PlannedReference, ShortForm } from './fold-site.ts';
import { cutDescription, withSentence } from './folded-form.ts';
import { directNames } from './schema-closure.ts';
import { isLeaf, isPlain, leastBytes, type SchemaFacts } from './schema-facts.ts';

export interface FoldPlans {
  of(schema: JsonSchema): FoldPlan;
  /** The plan of a shared schema, made once; `undefined` for unknown names. */
  definition(name: string): FoldPlan | undefined;
  /** Whether the plan of a shared schema takes at most so many bytes. It is not made if its names alone take more. */
  mayFit(name: string, bytes: number): boolean;
  /**
   * Size of the optional properties of a schema in its plan, without making it. Those whose size depends on parts of their
   * own are not counted, whatever the length of descriptions.
   */
  optionalBytes(schema: JsonSchemaObject): number;
}

/** A folded part must save more bytes than this: a short object says more than `{"type":"object"}`. */
const LEAST_SAVING = 40;

/** @param longest characters of the description of an optional part */
export function foldPlans(shared: Schemas, longest: number, facts: SchemaFacts): FoldPlans {
  return new Planner(shared, longest, facts);
}

/** What all plans of the same schemas, with descriptions of the same length, have in common. */
class Planner implements FoldPlans {
  readonly longest: number;
  /** Titles repeat the names of types and properties. */
  readonly isTerse: boolean;
  readonly #shared: Schemas;
  readonly #facts: SchemaFacts;
  readonly #definitions = new Map<string, FoldPlan | undefined>();
  readonly #exactness = new WeakMap<JsonSchemaObject, boolean>();
  readonly #optional = new WeakMap<JsonSchemaObject, OptionalPart>();
  readonly #shortTexts = new WeakMap<JsonSchemaObject, JsonSchemaObject>();

  constructor(shared: Schemas, longest: number, facts: SchemaFacts) {
    this.longest = longest;
    this.isTerse = longest === 0;
    this.#shared = shared;
    this.#facts = facts;
  }

  of(schema: JsonSchema): FoldPlan {
    return new Planning(this).plan(schema);
  }

  definition(name: string): FoldPlan | undefined {
    if (!this.#definitions.has(name)) {
      const schema = getOwn(this.#shared, name);
      this.#definitions.set(name, schema === undefined ? undefined : this.of(schema));
    }
    return this.#definitions.get(name);
  }

  mayFit(name: string, bytes: number): boolean {
    const schema = getOwn(this.#shared, name);
    if (typeof schema === 'object' && leastBytes(schema) > bytes) return false;
    return (this.definition(name)?.bytes ?? 0) <= bytes;
  }

  optionalBytes(schema: JsonSchemaObject): number {
    const { named } = this.placesIn(schema, REQUIRED);
    let bytes = 0;
    const { properties = {} } = schema;
    for (const name of Object.keys(properties)) {
      const part = properties[name];
      if (typeof part === 'object' && !named.has(name)) bytes += this.optional(part).bytes;
    }
    return bytes;
  }

  /** An optional part as it is listed. Many tools share a schema. */
  optional(part: JsonSchemaObject): OptionalPart {
    const known = this.#optional.get(part);
    if (known) return known;
    const made = this.#facts.isFoldable(part) ? this.#foldable(part) : this.#unfoldable(part);
    this.#optional.set(part, made);
    return made;
  }

  #foldable(part: JsonSchemaObject): OptionalPart {
    const { bare, description } = this.#facts.folded(part);
    const form = withSentence(bare, description, this.longest);
    const size = schemaSize(form);
    if (this.#isShort(part, size.bytes)) return { schema: part, bytes: schemaSize(part).bytes };
    const target = isReference(part) ? sharedName(part.$ref) : undefined;
    const needs = target === undefined ? undefined : { bytes: schemaSize(part).bytes, names: [target] };
    return { short: new ShortForm(form, size, () => this.of(part), needs), bytes: size.bytes };
  }

  #unfoldable(part: JsonSchemaObject): OptionalPart {
    if (isLeaf(part)) {
      const schema = this.withShortDescription(part);
      return { schema, bytes: schemaSize(schema).bytes };
    }
    return this.#isUnchanged(part) ? { schema: part, bytes: 0 } : PLANNED_IN_PLACE;
  }

  /** Whether an optional part stays as it is: plain, and its texts are short. */
  #isUnchanged(part: JsonSchemaObject): boolean {
    return isPlain(part) && this.#isTextKept(part) && this.#isTextKept(part.items);
  }

  #isTextKept(part: JsonSchema | undefined): boolean {
    if (typeof part !== 'object') return true;
    const { title, description } = part;
    const isKept = description === undefined || (description !== '' && description.length <= this.longest);
    return isKept && (title === undefined || !this.isTerse);
  }

  withShortDescription(part: JsonSchemaObject): JsonSchemaObject {
    const { title, description = '', ...rest } = part;
    if (description.length <= this.longest && (title === undefined || !this.isTerse)) return part;
    const known = this.#shortTexts.get(part);
    if (known) return known;
    const made = {
      ...(title !== undefined && !this.isTerse && { title }),
      ...rest,
      ...cutDescription(description, this.longest),
    };
    this.#shortTexts.set(part, made);
    return made;
  }

  /** What the surroundings and the parts of a schema require of its value. */
  placesIn(part: JsonSchemaObject, { required: given, isRoot, isOptional }: Place): PlacesIn {
    const certain = this.#facts.required.certain(part);
    const possible = this.#facts.required.possible(part);
    const named = union(given, possible);
    const always = { required: named, isRoot, isOptional };
    const branch = certain === possible ? always : { required: union(given, certain), isRoot, isOptional };
    return { isRoot, isOptional, named, always, branch };
  }

  /**
   * Keywords that are left out. What a negation, a condition or a count holds for must not grow, so these are kept
   * exactly or not at all; and what is left over ("unevaluated") depends on all of them.
   */
  loosened(part: JsonSchemaObject): ReadonlySet<string> {
    if (!LOOSENED.some((keyword) => part[keyword] !== undefined)) return NOTHING;
    const left = new Set<string>();
    if (part.unevaluatedProperties !== undefined) left.add('unevaluatedProperties');
    if (part.unevaluatedItems !== undefined) left.add('unevaluatedItems');
    if (part.not !== undefined && !this.isExact(part.not)) left.add('not');
    if (part.if !== undefined && !this.isExact(part.if)) for (const each of ['if', 'then', 'else']) left.add(each);
    if (part.contains !== undefined && !this.isExact(part.contains))
      for (const each of ['contains', 'minContains', 'maxContains']) left.add(each);
    return left;
  }

  /** Whether folding would save nothing worth it. A reference costs what it refers to. */
  #isShort(part: JsonSchemaObject, folded: number): boolean {
    return directNames(part).length === 0 && schemaSize(part).bytes <= folded + LEAST_SAVING;
  }

  /** Whether planning changes nothing in the schema, nor in anything that it refers to. */
  isExact(part: JsonSchema): boolean {
    if (typeof part === 'boolean') return true;
    const known = this.#exactness.get(part);
    if (known !== undefined) return known;
    this.#exactness.set(part, false); // recursive schemas are not exact
    const exact = this.#isExactlyKept(part);
    this.#exactness.set(part, exact);
    return exact;
  }

  #isExactlyKept(part: JsonSchemaObject): boolean {
    if (this.loosened(part).size > 0) return false;
    if (part.$ref !== undefined && !this.isExact(sharedSchema(part.$ref, this.#shared) ?? true)) return false;
    const children = [
      ...Object.values(part.properties ?? {}),
      ...Object.values(part.patternProperties ?? {}),
      part.additionalProperties ?? true,
    ];
    const isUnfoldable = (child: JsonSchema) => typeof child === 'boolean' || this.optional(child).short === undefined;
    if (!children.every(isUnfoldable)) return false;
    const parts = [
      ...children.filter((child) => typeof child === 'object' && !this.#facts.isFoldable(child)),
      ...[part.items, part.propertyNames, part.then, part.else].filter((each) => each !== undefined),
      ...(part.prefixItems ?? []),
      ...(part.allOf ?? []),
      ...(part.anyOf ?? []),
      ...(part.oneOf ?? []),
      ...Object.values(part.dependentSchemas ?? {}),
    ];
    return parts.every((each) => this.isExact(each));
  }
}

/** The planning of one schema. */
class Planning {
  readonly #planner: Planner;
  readonly #sites: FoldSite[] = [];
  readonly #placeholders = new Set<JsonSchemaObject>();
  readonly #references: PlannedReference[] = [];

  constructor(planner: Planner) {
    this.#planner = planner;
  }

  plan(schema: JsonSchema): FoldPlan {
    const folded = this.#keep(schema, { required: NOTHING, isRoot: true, isOptional: false });
    return { folded, bytes: sizeByProperty(folded).bytes, sites: this.#sites, references: this.#references };
  }

  #keep(part: JsonSchema, place: Place): JsonSchema {
    if (typeof part === 'boolean') return part;
    if (isLeaf(part)) return place.isOptional ? this.#planner.withShortDescription(part) : part;
    const left = this.#planner.loosened(part);
    const inside = this.#planner.placesIn(part, place);
    const result: Record<string, unknown> = {};
    let choice: JsonSchema | undefined;
    for (const keyword of Object.keys(part) as (keyof JsonSchemaObject)[]) {
      if (left.has(keyword) || (keyword === 'title' && this.#planner.isTerse)) continue;
      if (keyword === 'description' && place.isOptional) {
        Object.assign(result, part.description && cutDescription(part.description, this.#planner.longest));
        continue;
      }
      if (keyword === '$ref') this.#refer(part, inside.always);
      const kept = this.#keepKeyword(part, keyword, inside);
      // A branch that is no longer exact may match together with another one, which `oneOf` would reject.
      const isChoice = keyword === 'oneOf' && !(part.oneOf ?? []).every((each) => this.#planner.isExact(each));
      if (!isChoice) result[keyword] = kept;
      else if (part.anyOf) choice = { anyOf: kept as readonly JsonSchema[] };
      else result.anyOf = kept;
    }
    if (choice) result.allOf = [...((result.allOf as readonly JsonSchema[] | undefined) ?? []), choice];
    return result;
  }

  #keepKeyword(part: JsonSchemaObject, keyword: keyof JsonSchemaObject, inside: PlacesIn): unknown {
    const value = part[keyword];
    switch (keyword) {
      case 'properties':
        return mapValues(part.properties ?? {}, (child, name) =>
          inside.named.has(name)
            ? this.#keep(child, REQUIRED)
            : this.#optional(child, inside.isRoot ? name : undefined),
        );
      case 'patternProperties':
        return mapValues(part.patternProperties ?? {}, (child) => this.#other(child, part, inside));
      case 'additionalProperties':
        return this.#other(value as JsonSchema, part, inside);
      case 'items':
      case 'propertyNames':
        return this.#keep(value as JsonSchema, elsewhere(inside));
      case 'prefixItems':
        return (part.prefixItems ?? []).map((each) => this.#keep(each, elsewhere(inside)));
      case 'allOf':
        return (part.allOf ?? []).map((each) => this.#keep(each, inside.always));
      case 'anyOf':
      case 'oneOf':
        return (part[keyword] ?? []).map((each) => this.#keep(each, inside.branch));
      case 'then':
      case 'else':
        return this.#keep(value as JsonSchema, inside.branch);
      case 'dependentSchemas':
        return mapValues(part.dependentSchemas ?? {}, (each) => this.#keep(each, inside.branch));
      case 'not':
      case 'if':
      case 'contains':
        return this.#verbatim(value as JsonSchema);
      default:
        return value;
    }
  }

  /** What is kept as it is needs its definitions. */
  #verbatim(part: JsonSchema): JsonSchema {
    for (const name of directNames(part)) this.#references.push({ name, required: [], isRoot: false });
    return part;
  }

  #optional(part: JsonSchema, rootProperty: string | undefined): JsonSchema {
    if (typeof part === 'boolean') return part;
    const { schema, short } = this.#planner.optional(part);
    if (short === undefined) return schema ?? this.#keep(part, OPTIONAL);
    // An object of its own for each place, because each is unfolded by itself.
    const placeholder = this.#placeholders.has(short.form) ? copyWithSize(short.form, short.size) : short.form;
    this.#placeholders.add(placeholder);
    this.#sites.push(new FoldSite(short, placeholder, rootProperty));
    return placeholder;
  }

  /** Properties without a schema of their own: one of them may be required. */
  #other(child: JsonSchema, { properties = {} }: JsonSchemaObject, { named }: PlacesIn): JsonSchema {
    const isRequired = [...named].some((name) => !Object.hasOwn(properties, name));
    return isRequired ? this.#keep(child, REQUIRED) : this.#optional(child, undefined);
  }

  #refer({ $ref = '' }: JsonSchemaObject, { required, isRoot }: Place): void {
    const name = sharedName($ref);
    if (name !== undefined) this.#references.push({ name, required: [...required], isRoot });
  }
}

/** Whether a schema is a `$ref` and nothing else: planning changes nothing in it. */
const isReference = (part: JsonSchemaObject): part is JsonSchemaObject & { readonly $ref: string } =>
  part.$ref !== undefined && Object.keys(part).length === 1;

interface OptionalPart {
  /** Absent if it is folded, or if each place needs a plan of its own. */
  readonly schema?: JsonSchemaObject;
  /** Present if it is folded. */
  readonly short?: ShortForm;
  /** 0 if its size depends on parts of its own, whatever the length of descriptions. */
  readonly bytes: number;
}

const PLANNED_IN_PLACE: OptionalPart = { bytes: 0 };

/** Where a schema stands. */
interface Place {
  /** Properties that are required of its value, whatever the schema itself says. */
  readonly required: ReadonlySet<string>;
  /** Whether its value is that of the planned schema. */
  readonly isRoot: boolean;
  /** Whether it may be left out: then its description may be shortened. */
  readonly isOptional: boolean;
}

interface PlacesIn extends Pick<Place, 'isRoot' | 'isOptional'> {
  /** Its properties that are required, or required in one of its branches. */
  readonly named: ReadonlySet<string>;
  /** The place of schemas that always apply to the same value, and of those that may. */
  readonly always: Place;
  readonly branch: Place;
}

function union(given: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  if (names.length === 0) return given;
  return given.size === 0 ? new Set(names) : new Set([...given, ...names]);
}

const LOOSENED = ['unevaluatedProperties', 'unevaluatedItems', 'not', 'if', 'contains'] as const;
const NOTHING: ReadonlySet<string> = new Set();
const REQUIRED: Place = { required: NOTHING, isRoot: false, isOptional: false };
const OPTIONAL: Place = { ...REQUIRED, isOptional: true };

const elsewhere = ({ isOptional }: Pick<Place, 'isOptional'>): Place => (isOptional ? OPTIONAL : REQUIRED);

function mapValues(schemas: Schemas, change: (schema: JsonSchema, name: string) => JsonSchema): Schemas {
  const result: Record<string, JsonSchema> = {};
  for (const name of Object.keys(schemas)) setOwn(result, name, change(schemas[name] ?? true, name));
  return result;
}
