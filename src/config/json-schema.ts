import type { Spec } from './spec.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12) of what a spec describes, for editors. */
export function jsonSchema(spec: Spec): Schema {
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
      return { type: 'array', items: jsonSchema(spec.of), description: spec.description };
    case 'map':
      return {
        type: 'object',
        ...(spec.namespaces && { propertyNames: { pattern: '^[a-z][a-z0-9-]{0,31}$' } }),
        additionalProperties: jsonSchema(spec.of),
        description: spec.description,
      };
    case 'object':
      return {
        type: 'object',
        properties: mapped(spec.fields, jsonSchema),
        ...(spec.required.length > 0 && { required: spec.required }),
        additionalProperties: false,
        description: spec.description,
      };
    case 'either':
      return { anyOf: spec.of.map(jsonSchema), description: spec.description };
    case 'named': {
      const names = Object.entries(spec.of).filter(
        ([, options]) => !('required' in options && options.required.length),
      );
      return {
        anyOf: [
          { enum: names.filter(([, options]) => options.kind === 'object').map(([name]) => name) },
          {
            type: 'object',
            properties: mapped(spec.of, jsonSchema),
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
  }
}

/** A text with a variable in it, which is filled in before the value is looked at. */
const VARIABLE = { type: 'string', pattern: '\\$\\{' };

const mapped = (specs: Readonly<Record<string, Spec>>, of: (spec: Spec) => Schema): Schema =>
  Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, of(spec)]));
