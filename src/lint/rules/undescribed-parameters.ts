import { type JsonSchema, sharedSchema } from '../../model/index.ts';
import type { Rule, Subject } from '../subject.ts';

const LISTED = 8;

/** One finding per operation: its parameters are best fixed together. */
export const undescribedParameters: Rule = {
  id: 'undescribed-parameters',
  severity: 'advice',
  summary: 'Arguments of an operation have no description.',
  fix: 'Describe each parameter and property: its meaning, format and an example.',
  *check({ operations, model }) {
    for (const {
      arguments: { properties },
      pointer,
      id,
    } of operations) {
      const silent = Object.keys(properties).filter((name) => !speaks(properties[name] ?? true, model.schemas));
      if (silent.length === 0) continue;
      const more = silent.length > LISTED ? ', …' : '';
      const names = silent.slice(0, LISTED).join(', ') + more;
      const count = `${silent.length} of the ${Object.keys(properties).length} arguments of "${id}"`;
      yield { pointer, message: `${count} have no description: ${names}.` };
    }
  },
};

type Shared = Subject['model']['schemas'];

/** A referenced schema may have its own description, and an enum needs none. */
function speaks(schema: JsonSchema, shared: Shared, depth = 0): boolean {
  if (typeof schema === 'boolean' || depth > 5) return false;
  if (schema.description !== undefined || schema.title !== undefined || schema.enum !== undefined) return true;
  return schema.$ref !== undefined && speaks(sharedSchema(schema.$ref, shared) ?? false, shared, depth + 1);
}
