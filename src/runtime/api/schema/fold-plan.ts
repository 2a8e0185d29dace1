import {
  getOwn,
  type JsonSchema,
  type JsonSchemaObject,
  type Schemas,
  setOwn,
  sharedName,
  sharedSchema,
} from '../../../model/index.ts';
import { copyWithSize, type JsonSize, schemaSize, sizeByProperty } from '../../../model/tool-bytes.ts';
import { cutDescription, foldedForm } from './folded-form.ts';
import { directNames } from './schema-closure.ts';
import { isLeaf, isPlain, type SchemaFacts } from './schema-facts.ts';

/** A schema with every optional part folded, and what it takes to unfold them. */
export interface FoldPlan {
  /** Valid by itself, and never stricter than the exact schema. Each folded part is an object of its own. */
  readonly folded: JsonSchema;
  /** Size of `folded` as JSON. */
  readonly bytes: number;
  /** The parts that can be unfolded, in reading order. */
  readonly sites: readonly FoldSite[];
  /** The definitions that `folded` references. */
  readonly references: readonly PlannedReference[];
}

export interface FoldSite {
  /** The object in `folded` that is replaced. */
  readonly placeholder: JsonSchemaObject;
  readonly bytes: number;
  /** The name of the property, if its object is the schema itself and no part of it. */
  readonly rootProperty: string | undefined;
  readonly unfolded: () => FoldPlan;
  /** The same for all places of a part: only one of them needs its plan to know. */
  readonly needs: () => Needs;
}

/** What an unfolded part needs. */
export type Needs = Pick<FoldPlan, 'bytes' | 'references'>;

export interface PlannedReference {
  readonly name: string;
  /** Properties that the surroundings of the reference require of its target. */
  readonly required: readonly string[];
  /** Whether it is about the same value as the schema itself. */
  readonly isRoot: boolean;
}

export interface FoldPlans {
  of(schema: JsonSchema): FoldPlan;
  /** The plan of a shared schema, made once; `undefined` for unknown names. */
  definition(name: string): FoldPlan | undefined;
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
  readonly #shortForms = new WeakMap<JsonSchemaObject, ShortForm | undefined>();
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

  optionalBytes(schema: JsonSchemaObject): number {
    const { named } = this.placesIn(schema, REQUIRED);
    let bytes = 0;
    for (const [name, part] of Object.entries(schema.properties ?? {}))
      if (typeof part === 'object' && !named.has(name)) bytes += this.#optionalBytes(part);
    return bytes;
  }

  #optionalBytes(part: JsonSchemaObject): number {
    const short = this.shortForm(part);
    if (short) return (short.form === part ? schemaSize(part) : short.size).bytes;
    return isLeaf(part) ? schemaSize(this.withShortDescription(part)).bytes : 0;
  }

  /** Whether an optional part stays as it is: plain, and its texts are short. */
  isUnchanged(part: JsonSchemaObject): boolean {
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
    const left = new Set<string>();
    if (part.unevaluatedProperties !== undefined) left.add('unevaluatedProperties');
    if (part.unevaluatedItems !== undefined) left.add('unevaluatedItems');
    if (part.not !== undefined && !this.isExact(part.not)) left.add('not');
    if (part.if !== undefined && !this.isExact(part.if)) for (const each of ['if', 'then', 'else']) left.add(each);
    if (part.contains !== undefined && !this.isExact(part.contains))
      for (const each of ['contains', 'minContains', 'maxContains']) left.add(each);
    return left;
  }

  /** The form of an optional part if it is folded; `undefined` if it is not foldable. Many tools share a schema. */
  shortForm(part: JsonSchemaObject): ShortForm | undefined {
    if (this.#shortForms.has(part)) return this.#shortForms.get(part);
    const made = this.#facts.isFoldable(part) ? this.#makeShortForm(part) : undefined;
    this.#shortForms.set(part, made);
    return made;
  }

  #makeShortForm(part: JsonSchemaObject): ShortForm {
    const form = foldedForm(part, { shared: this.#shared, typesOf: this.#facts.typesOf, longest: this.longest });
    const size = schemaSize(form);
    let needed: Needs | undefined;
    /** A plan that was made to know what it needs. */
    let spare: FoldPlan | undefined;
    const unfolded = (): FoldPlan => {
      const plan = spare ?? this.of(part);
      needed ??= { bytes: plan.bytes, references: plan.references };
      // Places inside are unfolded by themselves, so they cannot be shared.
      spare = plan.sites.length === 0 ? plan : undefined;
      return plan;
    };
    const needs = (): Needs => {
      if (needed) return needed;
      spare = unfolded();
      return spare;
    };
    return { form: this.#isShort(part, size.bytes) ? part : form, size, unfolded, needs };
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
    const isUnfoldable = (child: JsonSchema): boolean => {
      const short = typeof child === 'boolean' ? undefined : this.shortForm(child);
      return short === undefined || short.form === child;
    };
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
    if (this.#planner.isUnchanged(part)) return part;
    const short = this.#planner.shortForm(part);
    if (short === undefined) return this.#keep(part, OPTIONAL);
    if (short.form === part) return part;
    // An object of its own for each place, because each is unfolded by itself.
    const placeholder = copyWithSize(short.form, short.size);
    let plan: FoldPlan | undefined;
    const unfolded = (): FoldPlan => {
      plan ??= short.unfolded();
      return plan;
    };
    this.#sites.push({ placeholder, bytes: short.size.bytes, rootProperty, unfolded, needs: short.needs });
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

interface ShortForm {
  /** The schema itself if it is short enough. */
  readonly form: JsonSchemaObject;
  readonly size: JsonSize;
  readonly unfolded: () => FoldPlan;
  readonly needs: () => Needs;
}

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

const NOTHING: ReadonlySet<string> = new Set();
const REQUIRED: Place = { required: NOTHING, isRoot: false, isOptional: false };
const OPTIONAL: Place = { ...REQUIRED, isOptional: true };

const elsewhere = ({ isOptional }: Pick<Place, 'isOptional'>): Place => (isOptional ? OPTIONAL : REQUIRED);

function mapValues(schemas: Schemas, change: (schema: JsonSchema, name: string) => JsonSchema): Schemas {
  const result: Record<string, JsonSchema> = {};
  for (const name of Object.keys(schemas)) setOwn(result, name, change(schemas[name] ?? true, name));
  return result;
}
