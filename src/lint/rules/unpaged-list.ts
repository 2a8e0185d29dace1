import { type JsonSchema, sharedSchema } from '../../model/index.ts';
import { joinPointer } from '../../parse/references.ts';
import type { Rule, Subject } from '../subject.ts';

/** A list that cannot be bounded grows until it no longer fits into a result. */
export const unpagedList: Rule = {
  id: 'unpaged-list',
  severity: 'advice',
  summary: 'An operation answers with a list, and has no argument that bounds it.',
  fix: 'Add `limit` and `cursor` (or `page`) parameters, or keep the fields that matter with `x-mcp: { response: … }`.',
  *check({ operations, model }) {
    for (const { response, request, pointer, id } of operations) {
      if (request.method !== 'GET' || response.pagingArguments.length > 0 || response.schema === undefined) continue;
      const where = listIn(response.schema, model.schemas);
      if (where === undefined) continue;
      const message = `The answer of "${id}" ${where === '' ? 'is a list' : `has a list, "${where}",`} of any length.`;
      yield { pointer: joinPointer(pointer, 'responses'), message };
    }
  },
};

/** Names under which an answer wraps its list. */
const WRAPPERS = /^(data|items|results?|records|entries|values|list|rows|content|objects|elements|.+s)$/i;

/** The name of the property that holds the list; empty for the answer itself. */
function listIn(schema: JsonSchema, shared: Subject['model']['schemas'], depth = 0): string | undefined {
  if (typeof schema === 'boolean' || depth > 5) return undefined;
  if (schema.$ref !== undefined) return listIn(sharedSchema(schema.$ref, shared) ?? true, shared, depth + 1);
  if (schema.type === 'array') return schema.maxItems === undefined ? '' : undefined;
  // What wraps a list has little beside it: an object with many properties is one thing, of which lists are a part.
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length > 6) return undefined;
  return properties.find(([name, property]) => WRAPPERS.test(name) && isOpenList(property, shared))?.[0];
}

function isOpenList(schema: JsonSchema, shared: Subject['model']['schemas'], depth = 0): boolean {
  if (typeof schema === 'boolean' || depth > 5) return false;
  if (schema.$ref !== undefined) return isOpenList(sharedSchema(schema.$ref, shared) ?? true, shared, depth + 1);
  return schema.type === 'array' && schema.maxItems === undefined;
}
