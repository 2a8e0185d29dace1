import { type JsonSchema, sharedSchema } from '../../model/index.ts';
import { joinPointer } from '../../parse/references.ts';
import type { Rule, Subject } from '../subject.ts';

/** A list without a limit grows until it no longer fits into a result. */
export const unpagedList: Rule = {
  id: 'unpaged-list',
  severity: 'advice',
  summary: 'An operation returns a list, but no argument limits its length.',
  fix: 'Add `limit` and `cursor` (or `page`) parameters, or select the important fields with `x-mcp: { response: … }`.',
  *check({ operations, model }) {
    for (const { response, request, pointer, id } of operations) {
      const isPaged = response.pagination !== undefined || response.pagingArguments.length > 0;
      if (request.method !== 'GET' || isPaged || response.schema === undefined) continue;
      const where = listIn(response.schema, model.schemas);
      if (where === undefined) continue;
      const message = `The response of "${id}" ${where === '' ? 'is a list' : `has a list, "${where}",`} of unlimited length.`;
      yield { pointer: joinPointer(pointer, 'responses'), message };
    }
  },
};

/** Property names under which responses wrap their list. */
const WRAPPERS = /^(data|items|results?|records|entries|values|list|rows|content|objects|elements|.+s)$/i;

/** The name of the property that contains the list; empty for the response itself. */
function listIn(schema: JsonSchema, shared: Subject['model']['schemas'], depth = 0): string | undefined {
  if (typeof schema === 'boolean' || depth > 5) return undefined;
  if (schema.$ref !== undefined) return listIn(sharedSchema(schema.$ref, shared) ?? true, shared, depth + 1);
  if (schema.type === 'array') return schema.maxItems === undefined ? '' : undefined;
  // A list wrapper has few other properties. An object with many is an entity that contains lists.
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length > 6) return undefined;
  return properties.find(([name, property]) => WRAPPERS.test(name) && isOpenList(property, shared))?.[0];
}

function isOpenList(schema: JsonSchema, shared: Subject['model']['schemas'], depth = 0): boolean {
  if (typeof schema === 'boolean' || depth > 5) return false;
  if (schema.$ref !== undefined) return isOpenList(sharedSchema(schema.$ref, shared) ?? true, shared, depth + 1);
  return schema.type === 'array' && schema.maxItems === undefined;
}
