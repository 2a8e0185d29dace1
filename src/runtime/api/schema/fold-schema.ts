import type { JsonSchema, JsonSchemaObject, Schemas } from '../../../model/index.ts';
import { jsonBytes } from '../../../model/tool-bytes.ts';
import { remembered } from '../../remembered.ts';
import { type FoldPlans, foldPlans } from './fold-plan.ts';
import type { FoldPlan, FoldSite, PlannedReference } from './fold-site.ts';
import { directNames, mapSubschemas, withDefs } from './schema-closure.ts';
import { schemaFacts } from './schema-facts.ts';

export interface FoldedSchema<Schema extends JsonSchemaObject> {
  /** Self-contained: with the `$defs` that it references. */
  readonly schema: Schema;
  /** Whether something is missing from it. */
  readonly folded: boolean;
}

/**
 * A self-contained schema of at most `longest` bytes of JSON: optional parts that do not fit are folded to
 * `{"type":"object"}` and the like. Whatever the exact schema accepts, the folded one accepts. Nothing that is required
 * is folded, nor are scalars, so what cannot be folded may exceed the limit. A schema that fits is not changed.
 *
 * Parts are unfolded breadth first, in reading order. The work is proportional to what is listed: each shared schema is
 * measured and planned once.
 *
 * @param bytes of the schema as JSON, if known
 */
export function foldSchema<Schema extends JsonSchemaObject>(
  schema: Schema,
  shared: Schemas,
  longest: number,
  bytes = jsonBytes(schema),
): FoldedSchema<Schema> {
  // A schema may have definitions of its own; nothing is remembered about those.
  const all = schema.$defs ? { ...schema.$defs, ...shared } : shared;
  const memo = memoOf(all);
  if (fits(schema, { bytes, shared: all, longest, memo })) return { schema: withDefs(schema, shared), folded: false };
  const { $defs: _, ...root } = schema as JsonSchemaObject;
  const listing = longestThatFits(root, memo, longest - ROOM_FOR_DEFS);
  if (listing.isTooLong) {
    const written = listing.write() as Schema;
    const exact = listing.isWhole ? withDefs(schema, shared) : undefined;
    const isExact = exact !== undefined && jsonBytes(exact) <= jsonBytes(written);
    return isExact ? { schema: exact, folded: false } : { schema: written, folded: true };
  }
  listing.unfold();
  return { schema: listing.write() as Schema, folded: true };
}

/**
 * The folded schema with the longest descriptions that fit, otherwise with none. Whatever fits also fits with shorter
 * ones, so the search starts where the last one ended: the tools of a document are alike.
 */
function longestThatFits(root: JsonSchemaObject, memo: Memo, limit: number): Listing {
  const { plans } = memo;
  const listingAt = (level: number): Listing => {
    const each = plans[level] as FoldPlans; // a level is an index of `plans`
    return new Listing({ plans: each, plan: each.of(root), limit });
  };
  let listing = listingAt(memo.level);
  if (listing.isTooLong) {
    while (listing.isTooLong && memo.level < plans.length - 1) listing = listingAt(++memo.level);
    return listing;
  }
  for (; memo.level > 0; memo.level--) {
    const more = plans[memo.level - 1] as FoldPlans;
    // Mostly a sum tells that longer descriptions do not fit.
    if (listing.exceedsWith(more, root)) break;
    const longer = listingAt(memo.level - 1);
    if (longer.isTooLong) break;
    listing = longer;
  }
  return listing;
}

/** `,"$defs":{}` */
const ROOM_FOR_DEFS = 11;

/** Characters of the descriptions of optional parts: they are shortened only if folding is not enough. */
const LENGTHS = [Number.POSITIVE_INFINITY, 160, 80, 0];

interface Memo {
  /** For each of the lengths. */
  readonly plans: readonly FoldPlans[];
  /** The index of the plans that were used last. */
  level: number;
  /** Bytes of a shared schema with its name, a colon and a comma. */
  readonly bytesOf: (name: string) => number;
}

const memoOf = remembered((shared: Schemas): Memo => {
  const measured = new Map<string, number>();
  const bytesOf = (name: string): number => {
    const bytes = measured.get(name) ?? namedBytes(name, Object.hasOwn(shared, name) ? jsonBytes(shared[name]) : 0);
    measured.set(name, bytes);
    return bytes;
  };
  const facts = schemaFacts(shared);
  return { plans: LENGTHS.map((longest) => foldPlans(shared, longest, facts)), level: 0, bytesOf };
});

const namedBytes = (name: string, bytes: number): number => jsonBytes(name) + 2 + bytes;

/** Stops as soon as the limit is exceeded. */
function fits(
  schema: JsonSchemaObject,
  { bytes: own, shared, longest, memo }: { bytes: number; shared: Schemas; longest: number; memo: Memo },
): boolean {
  let bytes = own;
  if (bytes > longest) return false;
  const names = new Set(directNames(schema));
  if (names.size > 0 && !schema.$defs) bytes += ROOM_FOR_DEFS;
  for (const name of names) {
    if (bytes > longest) return false;
    const definition = Object.hasOwn(shared, name) ? shared[name] : undefined;
    if (definition === undefined) continue;
    // Its own definitions are in `schema` already.
    if (schema.$defs?.[name] !== definition) bytes += memo.bytesOf(name);
    for (const next of directNames(definition)) names.add(next);
  }
  return bytes <= longest;
}

/** What is to be added to a listing. */
interface Addition {
  readonly sites: readonly FoldSite[];
  readonly references: readonly PlannedReference[];
  readonly bytes: number;
}

/** The parts of one schema that are listed. */
class Listing {
  readonly #plans: FoldPlans;
  readonly #plan: FoldPlan;
  readonly #limit: number;
  readonly #definitions = new Map<string, FoldPlan>();
  readonly #unfolded = new Set<FoldSite>();
  /** Root properties of definitions that must not be folded, as JSON. */
  readonly #demanded = new Set<string>();
  /** Sites of listed parts that may be unfolded, in reading order. */
  readonly #waiting: FoldSite[] = [];
  #bytes = 0;

  /** With what is required, whatever its size. */
  constructor({ plans, plan, limit }: { readonly plans: FoldPlans; readonly plan: FoldPlan; readonly limit: number }) {
    this.#plans = plans;
    this.#plan = plan;
    this.#limit = limit;
    this.#waiting.push(...plan.sites);
    this.#try({ sites: [], references: plan.references, bytes: plan.bytes }, Number.POSITIVE_INFINITY);
  }

  /** Unfolds what fits. */
  unfold(): void {
    for (const site of this.#waiting) {
      if (this.#unfolded.has(site) || !this.#mayFit(site)) continue;
      // The list is being iterated: what is unfolded here is visited later.
      this.#try({ sites: [site], references: [], bytes: 0 }, this.#limit);
    }
  }

  /** Whether there is room for a site, and for each definition that it refers to, without what those need. */
  #mayFit(site: FoldSite): boolean {
    const { bytes, names } = site.needs();
    const room = this.#limit - this.#bytes - bytes + site.bytes;
    return room >= 0 && names.every((name) => this.#definitions.has(name) || this.#plans.mayFit(name, room));
  }

  /** Adds all of it, with the definitions that it needs, or nothing. */
  #try(addition: Addition, limit: number): void {
    const definitions = new Map<string, FoldPlan>();
    const sites = new Set<FoldSite>();
    const demanded = new Set<string>();
    const shown: FoldSite[] = [];
    let bytes = this.#bytes + addition.bytes;
    const open: PlannedReference[] = [...addition.references];
    const unfold = (site: FoldSite): void => {
      if (sites.has(site) || this.#unfolded.has(site)) return;
      sites.add(site);
      const plan = site.unfolded();
      bytes += plan.bytes - site.bytes;
      shown.push(...plan.sites);
      open.push(...plan.references);
    };
    for (const site of addition.sites) unfold(site);
    for (const { name, required } of open) {
      if (bytes > limit) return;
      const plan = this.#plans.definition(name);
      if (plan === undefined) continue;
      if (!this.#definitions.has(name) && !definitions.has(name)) {
        definitions.set(name, plan);
        bytes += namedBytes(name, plan.bytes);
        shown.push(...plan.sites);
        open.push(...plan.references);
      }
      const fresh = required.filter((property) => !this.#demanded.has(demand(name, property)));
      const names = new Set(fresh.filter((property) => !demanded.has(demand(name, property))));
      if (names.size === 0) continue;
      for (const property of names) demanded.add(demand(name, property));
      for (const site of plan.sites) if (names.has(site.rootProperty ?? '')) unfold(site);
      for (const each of plan.references) if (each.isRoot) open.push({ ...each, required: [...names] });
    }
    if (bytes > limit) return;
    this.#bytes = bytes;
    for (const [name, plan] of definitions) this.#definitions.set(name, plan);
    for (const site of sites) this.#unfolded.add(site);
    for (const each of demanded) this.#demanded.add(each);
    this.#waiting.push(...shown);
  }

  /** Whether nothing is left folded. */
  get isWhole(): boolean {
    return this.#waiting.every((site) => this.#unfolded.has(site));
  }

  get isTooLong(): boolean {
    return this.#bytes > this.#limit;
  }

  /** Whether it would be too long with the descriptions of other plans. If not, it may still be. */
  exceedsWith(plans: FoldPlans, root: JsonSchemaObject): boolean {
    let bytes = this.#bytes + plans.optionalBytes(root) - this.#plans.optionalBytes(root);
    for (const [name, plan] of this.#definitions) bytes += (plans.definition(name)?.bytes ?? 0) - plan.bytes;
    return bytes > this.#limit;
  }

  write(): JsonSchemaObject {
    const written = ({ folded, sites }: FoldPlan): JsonSchema => {
      const unfolded = new Map<JsonSchema, FoldSite>();
      for (const site of sites) if (this.#unfolded.has(site)) unfolded.set(site.placeholder, site);
      if (typeof folded === 'boolean' || unfolded.size === 0) return folded;
      const fill = (part: JsonSchema): JsonSchema => {
        if (typeof part === 'boolean') return part;
        const site = unfolded.get(part);
        return site ? written(site.unfolded()) : mapSubschemas(part, fill);
      };
      return mapSubschemas(folded, fill);
    };
    const root = written(this.#plan) as JsonSchemaObject; // an object stays an object
    const definitions = [...this.#definitions].map(([name, plan]) => [name, written(plan)] as const);
    return definitions.length > 0 ? { ...root, $defs: Object.fromEntries(definitions) } : root;
  }
}

const demand = (name: string, property: string): string => JSON.stringify([name, property]);
