import type { JsonSchema, JsonSchemaObject } from '../../../model/index.ts';
import type { JsonSize } from '../../../model/tool-bytes.ts';

/** A schema with every optional part folded, and what it takes to unfold them. */
export interface FoldPlan {
  /** Valid by itself, and never stricter than the exact schema. */
  readonly folded: JsonSchema;
  /** Size of `folded` as JSON. */
  readonly bytes: number;
  /** The parts that can be unfolded, in reading order. */
  readonly sites: readonly FoldSite[];
  /** The definitions that `folded` references. */
  readonly references: readonly PlannedReference[];
}

/** A place of a plan where a part is folded. */
export class FoldSite {
  /** The object in `folded` that is replaced. No other place of the plan has the same object. */
  readonly placeholder: JsonSchemaObject;
  /** The name of the property, if its object is the schema itself and no part of it. */
  readonly rootProperty: string | undefined;
  readonly #short: ShortForm;
  #plan: FoldPlan | undefined;

  constructor(short: ShortForm, placeholder: JsonSchemaObject, rootProperty: string | undefined) {
    this.placeholder = placeholder;
    this.rootProperty = rootProperty;
    this.#short = short;
  }

  get bytes(): number {
    return this.#short.size.bytes;
  }

  unfolded(): FoldPlan {
    this.#plan ??= this.#short.unfolded();
    return this.#plan;
  }

  /** The same for all places of a part: only one of them needs its plan to know. */
  needs(): Needs {
    return this.#short.needs();
  }
}

/** What an unfolded part needs. */
export interface Needs {
  readonly bytes: number;
  /** Definitions that it refers to. */
  readonly names: readonly string[];
}

export interface PlannedReference {
  readonly name: string;
  /** Properties that the surroundings of the reference require of its target. */
  readonly required: readonly string[];
  /** Whether it is about the same value as the schema itself. */
  readonly isRoot: boolean;
}

/** The short form of an optional part, and what it takes to unfold it. Many places share it. */
export class ShortForm {
  readonly form: JsonSchemaObject;
  readonly size: JsonSize;
  readonly #plan: () => FoldPlan;
  #needs: Needs | undefined;
  /** A plan that was made to know what it needs. */
  #spare: FoldPlan | undefined;

  /** @param needs if they are known without the plan */
  constructor(form: JsonSchemaObject, size: JsonSize, plan: () => FoldPlan, needs?: Needs) {
    this.form = form;
    this.size = size;
    this.#plan = plan;
    this.#needs = needs;
  }

  unfolded(): FoldPlan {
    const plan = this.#spare ?? this.#plan();
    this.#needs ??= needsOf(plan);
    // Places inside are unfolded by themselves, so they cannot be shared.
    this.#spare = plan.sites.length === 0 ? plan : undefined;
    return plan;
  }

  needs(): Needs {
    if (this.#needs) return this.#needs;
    const plan = this.unfolded();
    // For the first place that is unfolded.
    this.#spare = plan;
    return needsOf(plan);
  }
}

const needsOf = ({ bytes, references }: FoldPlan): Needs => ({ bytes, names: references.map(({ name }) => name) });
