import { defined } from '../../model/own.ts';
import { isObject, type JsonObject } from '../json.ts';
import { joinPointer, pointerOf, resolvePointer, segmentsOf } from '../references.ts';
import { type BodyParameter, upgradeBody } from './body.ts';
import { moved, strings, type UpgradeContext } from './context.ts';
import { isBodyLike, upgradeParameter } from './parameter.ts';
import { upgradeResponse } from './response.ts';
import { upgradeServers } from './servers.ts';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']);

/** A 2.0 path item. Body and form parameters that all its operations share are copied into each of them. */
export function upgradePathItem(item: unknown, pointer: string, context: UpgradeContext): unknown {
  if (!isObject(item)) return item;
  const { value, pointer: at } = inlined(item, pointer, context);
  const shared = resolveParameters(value.parameters, joinPointer(at, 'parameters'), context);
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => {
    if (METHODS.has(key)) return [key, upgradeOperation(field, joinPointer(at, key), { shared, context })];
    return key === 'parameters' ? [key, keptParameters(shared, field, context)] : [key, field];
  });
  return moved(Object.fromEntries(entries), at, context);
}

/**
 * A path item reference: to another path it is kept, otherwise the target is inlined, because it would not be upgraded
 * at its own place.
 */
function inlined(item: JsonObject, pointer: string, context: UpgradeContext): { value: JsonObject; pointer: string } {
  const seen = new Set<unknown>();
  let found = { value: item, pointer: context.pointers.get(item) ?? pointer };
  while (typeof found.value.$ref === 'string' && !seen.has(found.value)) {
    seen.add(found.value);
    if (segmentsOf(found.value.$ref)?.[0] === 'paths') return found;
    const target = resolvePointer(context.root, found.value.$ref);
    if (!isObject(target?.value)) return found;
    const { $ref: _, ...siblings } = found.value;
    // Fields next to the $ref of a path item apply, and take precedence.
    found = {
      value: Object.keys(siblings).length ? { ...target.value, ...siblings } : target.value,
      pointer: context.pointers.get(target.value) ?? target.pointer,
    };
  }
  return found;
}

/** A parameter as listed, and dereferenced. */
interface Resolved {
  readonly node: unknown;
  readonly value: unknown;
  /** Of the dereferenced value. */
  readonly pointer: string;
  /** The reference can be kept: its target becomes a component. */
  readonly isComponent: boolean;
}

function resolveParameters(list: unknown, pointer: string, context: UpgradeContext): readonly Resolved[] {
  if (!Array.isArray(list)) return [];
  return list.map((node: unknown, index) => {
    const at = joinPointer(pointer, index);
    const here = { node, value: node, pointer: at, isComponent: false };
    if (!isObject(node) || typeof node.$ref !== 'string') return here;
    const seen = new Set<unknown>();
    let value: unknown = node;
    let where = at;
    while (isObject(value) && typeof value.$ref === 'string' && !seen.has(value)) {
      seen.add(value);
      const target = resolvePointer(context.root, value.$ref);
      if (!target) return { ...here, isComponent: true };
      value = target.value;
      where = (isObject(value) && context.pointers.get(value)) || target.pointer;
    }
    const segments = segmentsOf(node.$ref);
    const isComponent = segments?.[0] === 'components' || (segments?.[0] === 'parameters' && segments.length === 2);
    return { node, value, pointer: where, isComponent };
  });
}

/** The remaining parameters of a list. */
function keptParameters(list: readonly Resolved[], original: unknown, context: UpgradeContext): unknown {
  if (!Array.isArray(original)) return original;
  return list
    .filter(({ value }) => !isBodyLike(value))
    .map(({ node, value, pointer, isComponent }) =>
      isComponent ? context.schemas.inside(node, pointer) : upgradeParameter(value, pointer, context),
    );
}

/** Keys of a 2.0 operation that are converted. */
const REPLACED = new Set(['consumes', 'produces', 'schemes', 'parameters', 'responses', 'requestBody', 'servers']);

function upgradeOperation(
  operation: unknown,
  pointer: string,
  { shared, context }: { readonly shared: readonly Resolved[]; readonly context: UpgradeContext },
): unknown {
  if (!isObject(operation)) return operation;
  const at = joinPointer(pointer, 'parameters');
  const own = resolveParameters(operation.parameters, at, context);
  const consumes = strings(operation.consumes) ?? context.consumes ?? [];
  const body = upgradeBody(bodyParameters(own, shared), { consumes, pointer: own.length ? at : pointer, context });
  const requestBody = isObject(operation.requestBody)
    ? context.schemas.inside(operation.requestBody, joinPointer(pointer, 'requestBody'))
    : body;
  const servers = operation.servers ?? ownServers(operation, context);
  const kept = Object.fromEntries(Object.entries(operation).filter(([key]) => !REPLACED.has(key)));
  const upgraded = {
    ...kept,
    ...defined({
      parameters: keptParameters(own, operation.parameters, context),
      requestBody,
      responses: responses(operation, joinPointer(pointer, 'responses'), context),
      servers,
    }),
  };
  return moved(upgraded, pointer, context);
}

/** A body or form parameter of the operation overrides that of the path item with the same name and location. */
function bodyParameters(own: readonly Resolved[], shared: readonly Resolved[]): readonly BodyParameter[] {
  const bodyLike = (list: readonly Resolved[]): readonly BodyParameter[] =>
    list.flatMap(({ value, pointer }) => (isObject(value) && isBodyLike(value) ? [{ parameter: value, pointer }] : []));
  const mine = bodyLike(own);
  const replaced = ({ parameter }: BodyParameter): boolean =>
    mine.some(
      (other) =>
        other.parameter.in === parameter.in && (parameter.in === 'body' || other.parameter.name === parameter.name),
    );
  return [...mine, ...bodyLike(shared).filter((parameter) => !replaced(parameter))];
}

function responses(operation: JsonObject, pointer: string, context: UpgradeContext): unknown {
  if (!isObject(operation.responses)) return operation.responses;
  const own = strings(operation.produces);
  const upgrading = { ...context, operationProduces: own ?? context.produces };
  return Object.fromEntries(
    Object.entries(operation.responses).map(([status, response]) => {
      const at = joinPointer(pointer, status);
      if (!isObject(response) || typeof response.$ref !== 'string') {
        return [status, status.startsWith('x-') ? response : upgradeResponse(response, at, upgrading)];
      }
      const target = resolvePointer(context.root, response.$ref);
      // A shared response has the media types of the operation that uses it: it stays shared if those are the root's.
      const isShared = segmentsOf(response.$ref)?.[0] === 'responses' && own === undefined;
      if (!target || isShared) return [status, sharedResponse(response, context)];
      return [status, upgradeResponse(target.value, target.pointer, upgrading)];
    }),
  );
}

function sharedResponse(response: JsonObject, context: UpgradeContext): JsonObject {
  const [first, ...rest] = segmentsOf(String(response.$ref)) ?? [];
  const upgraded =
    first === 'responses' ? { ...response, $ref: pointerOf('components', 'responses', ...rest) } : { ...response };
  const old = context.pointers.get(response);
  if (old !== undefined) context.pointers.set(upgraded, old);
  return upgraded;
}

/** `schemes` of an operation override those of the root (2.0 "Operation Object"). */
function ownServers(operation: JsonObject, { root, url }: UpgradeContext): unknown {
  const schemes = strings(operation.schemes);
  if (!schemes || schemes.join() === (strings(root.schemes) ?? []).join()) return undefined;
  return upgradeServers(root, url, schemes);
}
