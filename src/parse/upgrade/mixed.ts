import { isObject, type JsonObject } from '../json.ts';
import { pointerOf } from '../references.ts';
import { isBodyLike } from './parameter.ts';

/**
 * Pointers of Swagger 2.0 parts in a 3.x document: body and form parameters, parameters with their own `type`,
 * responses with a `schema`, `host` without `servers`. Looks at operations only, never into schemas.
 */
export function hasTracesOf2(root: JsonObject): readonly string[] {
  const traces: string[] = [];
  if (typeof root.host === 'string' && !Array.isArray(root.servers)) traces.push(pointerOf('host'));
  if (isObject(root.securityDefinitions)) traces.push(pointerOf('securityDefinitions'));
  const trace = (...segments: readonly (string | number)[]) => void traces.push(pointerOf('paths', ...segments));
  const { paths } = root;
  if (isObject(paths)) for (const path in paths) inPathItem(paths[path], (...place) => trace(path, ...place));
  return traces;
}

type Trace = (...place: readonly (string | number)[]) => void;

function inPathItem(item: unknown, trace: Trace): void {
  if (!isObject(item)) return;
  inParameters(item.parameters, trace);
  for (const method in item) {
    const operation = item[method];
    if (!isObject(operation)) continue;
    inParameters(operation.parameters, (...place) => trace(method, ...place));
    const { responses } = operation;
    if (!isObject(responses)) continue;
    for (const status in responses) if (isOldResponse(responses[status])) trace(method, 'responses', status);
  }
}

function inParameters(list: unknown, trace: Trace): void {
  if (!Array.isArray(list)) return;
  for (let index = 0; index < list.length; index++) if (isOldParameter(list[index])) trace('parameters', index);
}

function isOldParameter(parameter: unknown): boolean {
  if (isBodyLike(parameter)) return true;
  return (
    isObject(parameter) && typeof parameter.type === 'string' && !('schema' in parameter) && !('content' in parameter)
  );
}

const isOldResponse = (response: unknown): boolean =>
  isObject(response) && isObject(response.schema) && !('content' in response);
