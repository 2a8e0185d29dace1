import { NAMESPACE } from '../runtime/namespace-form.ts';
import type { Spec } from './spec.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12) for a spec, for editors. Shared parts are in `$defs`. */
export function jsonSchema(spec: Spec): Schema {
  const shared = sharedSpecs(spec);
  const names = new Map([...shared].map((each, index) => [each, `${each.kind}-${index + 1}`]));
  const definitions = [...names].map(([each, name]) => [name, schemaOf(each, referring(names))]);
  return { ...schemaOf(spec, referring(names)), $defs: Object.fromEntries(definitions) };
}

type Inner = (spec: Spec) => Schema;

/** The schema of a nested spec: a reference if it is shared. */
function referring(names: ReadonlyMap<Spec, string>): Inner {
  const inner: Inner = (spec) => {
    const name = names.get(spec);
    return name === undefined ? schemaOf(spec, inner) : { $ref: `#/$defs/${name}` };
  };
  return inner;
}

/** Specs with fields or names that occur more than once. */
function sharedSpecs(whole: Spec): ReadonlySet<Spec> {
  const seen = new Set<Spec>();
  const shared = new Set<Spec>();
  const visit = (spec: Spec) => {
    if (seen.has(spec)) {
      if (within(spec).length > 1 || (spec.kind === 'list' && within(spec.of).length > 1)) shared.add(spec);
      return;
    }
    seen.add(spec);
    for (const inner of within(spec)) visit(inner);
  };
  visit(whole);
  return shared;
}

function within(spec: Spec): readonly Spec[] {
  switch (spec.kind) {
    case 'list':
    case 'map':
      return [spec.of];
    case 'object':
      return Object.values(spec.fields);
    case 'either':
      return spec.of;
    case 'named':
      return Object.values(spec.of);
    default:
      return [];
  }
}

function schemaOf(spec: Spec, inner: Inner): Schema {
  switch (spec.kind) {
    case 'text':
    case 'code':
      return { type: 'string', description: spec.description };
    case 'number': {
      const { min, max, whole } = spec.range;
      const number = { type: whole ? 'integer' : 'number', minimum: min, maximum: max };
      return { anyOf: [number, VARIABLE], description: spec.description };
    }
    case 'switch':
      return { anyOf: [{ type: 'boolean' }, VARIABLE], description: spec.description };
    case 'choice':
      return { anyOf: [{ enum: spec.choices }, VARIABLE], description: spec.description };
    case 'list':
      return { type: 'array', items: inner(spec.of), description: spec.description };
    case 'map':
      return {
        type: 'object',
        ...(spec.namespaces && { propertyNames: { pattern: NAMESPACE.source } }),
        additionalProperties: inner(spec.of),
        description: spec.description,
      };
    case 'object':
      return {
        type: 'object',
        properties: mapped(spec.fields, inner),
        ...(spec.required.length > 0 && { required: spec.required }),
        additionalProperties: false,
        description: spec.description,
      };
    case 'either':
      return { anyOf: spec.of.filter(({ kind }) => kind !== 'program').map(inner), description: spec.description };
    case 'named': {
      const names = Object.entries(spec.of).filter(
        ([, options]) => !('required' in options && options.required.length),
      );
      return {
        anyOf: [
          { enum: names.filter(([, options]) => options.kind === 'object').map(([name]) => name) },
          {
            type: 'object',
            properties: mapped(spec.of, inner),
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: false,
          },
        ],
        description: spec.description,
      };
    }
    case 'json':
      return { description: spec.description };
    case 'program':
      return { not: {}, description: spec.description };
  }
}

/** A string with a variable, which is filled in before validation. */
const VARIABLE = { type: 'string', pattern: '\\$\\{' };

const mapped = (specs: Readonly<Record<string, Spec>>, of: (spec: Spec) => Schema): Schema =>
  Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, of(spec)]));
