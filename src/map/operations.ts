import type { Origin } from '../model/index.ts';
import { describe, isObject, joinPointer, type Located, type Node, type Reader, text } from './reader.ts';

/** An operation of the document, with what its path item adds. */
export interface RawOperation {
  readonly origin: Origin;
  /** The method as it is sent. */
  readonly method: string;
  readonly operation: Located;
  readonly pathItem: Located;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const;

/** Fields of a Path Item Object that are not operations (OpenAPI 3.2.0 §4.9.1). */
const OTHER_FIELDS = new Set(['$ref', 'summary', 'description', 'servers', 'parameters', 'additionalOperations']);

/** Every operation of `paths`, in the order of the document. Broken ones are skipped and reported. */
export function readOperations(reader: Reader): RawOperation[] {
  const { root } = reader.document;
  const operations: RawOperation[] = [];
  if (root.paths !== undefined && !isObject(root.paths))
    reader.report('NOT_AN_OBJECT', '#/paths', `"paths" must be an object, not ${describe(root.paths)}.`);
  for (const [path, written] of Object.entries(isObject(root.paths) ? root.paths : {})) {
    if (path.startsWith('x-')) continue;
    const pointer = joinPointer('#', 'paths', path);
    if (!path.startsWith('/')) {
      reader.report('BAD_PATH', pointer, `The path "${path}" does not start with "/". It is read as "/${path}".`);
    }
    if (written === null) continue;
    const pathItem = reader.pathItem(written, pointer, pointer);
    if (pathItem) operations.push(...operationsOf(reader, path, pointer, pathItem));
  }
  if (isObject(root.webhooks) && Object.keys(root.webhooks).length) {
    const message = `${Object.keys(root.webhooks).length} webhook(s) are requests that the API sends, so they do not become tools.`;
    reader.report('WEBHOOKS_IGNORED', '#/webhooks', message);
  }
  return operations;
}

function operationsOf(reader: Reader, path: string, pointer: string, pathItem: Located): RawOperation[] {
  const operations: RawOperation[] = [];
  const item = pathItem.value;
  // If the path item is a reference, the operation still has the pointer of its path, where a reader looks for it.
  const at = (...names: string[]) => joinPointer(pointer, ...names);
  for (const key of Object.keys(item)) {
    const value = item[key];
    const method = METHODS.find((known) => known === key) ?? METHODS.find((known) => known === key.toLowerCase());
    if (method !== undefined) {
      if (method !== key)
        reader.report('METHOD_IN_CAPITALS', at(key), `"${key}" is read as "${method}": methods are lower case here.`);
      add(method, method.toUpperCase(), value, at(key));
    } else if (key === 'additionalOperations' && isObject(value)) {
      for (const [name, operation] of Object.entries(value)) {
        // RFC 9110 §5.6.2: a method is a token.
        if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) badMethod(name, at(key, name));
        else add(name, name, operation, at(key, name));
      }
    } else if (!OTHER_FIELDS.has(key) && !key.startsWith('x-')) {
      // An object with responses is meant as an operation.
      if (isObject(value) && isObject(value.responses)) badMethod(key, at(key));
      else {
        const message = `"${key}" is neither a method nor a field of a path item. It is ignored.`;
        reader.report('UNKNOWN_PATH_ITEM_FIELD', at(key), message);
      }
    }
  }
  return operations;

  function badMethod(name: string, at: string): void {
    const message = `"${name}" is not a valid HTTP method. The operation is skipped.`;
    reader.report('BAD_METHOD', at, message, { operation: at });
  }

  function add(method: string, sent: string, value: unknown, operationPointer: string): void {
    if (!isObject(value)) {
      const message = `An operation must be an object, not ${describe(value)}. It is skipped.`;
      reader.report('BAD_OPERATION', operationPointer, message, { operation: operationPointer });
      return;
    }
    const operation = reader.object(value, operationPointer, operationPointer);
    if (!operation) return;
    operations.push({
      origin: originOf(operation.value, method, path, operationPointer),
      method: sent,
      operation: { value: operation.value, pointer: operation.pointer },
      pathItem,
    });
  }
}

function originOf(operation: Node, method: string, path: string, pointer: string): Origin {
  const operationId = text(operation, 'operationId');
  const tags = Array.isArray(operation.tags) ? textsOf(operation.tags) : NO_TAGS;
  return {
    pointer,
    ...(operationId !== undefined && { operationId }),
    method,
    path,
    tags,
    deprecated: operation.deprecated === true,
  };
}

const NO_TAGS: readonly string[] = [];

const textsOf = (list: readonly unknown[]): readonly string[] => (list.every(isText) ? list : list.filter(isText));

const isText = (value: unknown): value is string => typeof value === 'string';
