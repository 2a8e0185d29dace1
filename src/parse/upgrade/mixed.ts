import { isObject, type JsonObject } from '../json.ts';
import { joinPointer, pointerOf } from '../references.ts';
import { isBodyLike } from './parameter.ts';

/**
 * Pointers of Swagger 2.0 parts in a 3.x document: body and form parameters, parameters with their own `type`,
 * responses with a `schema`, `host` without `servers`. Looks at operations only, never into schemas.
 */
export function hasTracesOf2(root: JsonObject): readonly string[] {
  const traces: string[] = [];
  if (typeof root.host === 'string' && !Array.isArray(root.servers)) traces.push(pointerOf('host'));
  if (isObject(root.securityDefinitions)) traces.push(pointerOf('securityDefinitions'));
  for (const [path, item] of entries(root.paths)) {
    if (isObject(item))
      traces.push(...inPathItem(item).map((place) => joinPointer(pointerOf('paths', path), ...place)));
  }
  return traces;
}

const entries = (value: unknown): readonly (readonly [string, unknown])[] =>
  isObject(value) ? Object.entries(value) : [];

type Path = readonly (string | number)[];

function inPathItem(item: JsonObject): readonly Path[] {
  const traces: Path[] = inParameters(item.parameters);
  for (const [method, operation] of Object.entries(item)) {
    if (!isObject(operation)) continue;
    for (const place of inParameters(operation.parameters)) traces.push([method, ...place]);
    for (const [status, response] of entries(operation.responses)) {
      if (isOldResponse(response)) traces.push([method, 'responses', status]);
    }
  }
  return traces;
}

function inParameters(list: unknown): Path[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((parameter: unknown, index) => (isOldParameter(parameter) ? [['parameters', index]] : []));
}

function isOldParameter(parameter: unknown): boolean {
  if (isBodyLike(parameter)) return true;
  return (
    isObject(parameter) && typeof parameter.type === 'string' && !('schema' in parameter) && !('content' in parameter)
  );
}

const isOldResponse = (response: unknown): boolean =>
  isObject(response) && isObject(response.schema) && !('content' in response);
