import { isObject, type JsonObject } from '../json.ts';
import { joinPointer, pointerOf } from '../references.ts';
import { isBodyLike } from './parameter.ts';

/**
 * Pointers of what a document of 3.x has from Swagger 2.0: body and form parameters, parameters with a `type` of their
 * own, responses with a `schema`, `host` without `servers`. Looks at operations only, never into schemas.
 */
export function hasTracesOf2(root: JsonObject): readonly string[] {
  const traces: string[] = [];
  if (typeof root.host === 'string' && !Array.isArray(root.servers)) traces.push(pointerOf('host'));
  if (isObject(root.securityDefinitions)) traces.push(pointerOf('securityDefinitions'));
  for (const [path, item] of entries(root.paths)) {
    if (!isObject(item)) continue;
    const at = pointerOf('paths', path);
    traces.push(...inParameters(item.parameters, at));
    for (const [method, operation] of Object.entries(item)) {
      if (!isObject(operation)) continue;
      const pointer = joinPointer(at, method);
      traces.push(...inParameters(operation.parameters, pointer));
      for (const [status, response] of entries(operation.responses)) {
        if (isOldResponse(response)) traces.push(joinPointer(pointer, 'responses', status));
      }
    }
  }
  return traces;
}

const entries = (value: unknown): readonly (readonly [string, unknown])[] =>
  isObject(value) ? Object.entries(value) : [];

function inParameters(list: unknown, pointer: string): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((parameter: unknown, index) =>
    isOldParameter(parameter) ? [joinPointer(pointer, 'parameters', index)] : [],
  );
}

function isOldParameter(parameter: unknown): boolean {
  if (isBodyLike(parameter)) return true;
  return (
    isObject(parameter) && typeof parameter.type === 'string' && !('schema' in parameter) && !('content' in parameter)
  );
}

const isOldResponse = (response: unknown): boolean =>
  isObject(response) && isObject(response.schema) && !('content' in response);
