import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import JSON5 from 'json5';
import { parse as parseYaml } from 'yaml';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/**
 * Counts the operations of a document without our own parser and mapper. `kind` is `other` for a file that is not an
 * OpenAPI document (for example one that another refers to), `unreadable` if neither library can read it: then nothing
 * is counted.
 */
export function countOperations(file) {
  const root = readDocument(file);
  if (root === undefined) return { kind: 'unreadable' };
  if (typeof root !== 'object' || root === null || !('openapi' in root || 'swagger' in root)) return { kind: 'other' };
  const version = String(root.openapi ?? root.swagger);
  const items = Object.entries(root.paths ?? {}).filter(([path]) => !path.startsWith('x-'));
  const counted = items.reduce((sum, [, item]) => sum + operationsOf(followed(item, { file, root }), version), 0);
  return { kind: 'document', counted };
}

function operationsOf(item, version) {
  if (typeof item !== 'object' || item === null) return 0;
  // OpenAPI 3.2 §4.9 Path Item Object: `query` is a method, further methods are in `additionalOperations`.
  const later = version.startsWith('3.2');
  const methods = later ? [...METHODS, 'query'] : METHODS;
  const own = methods.filter((method) => typeof item[method] === 'object' && item[method] !== null).length;
  return own + (later ? Object.keys(item.additionalOperations ?? {}).length : 0);
}

/** A path item may be a reference (OpenAPI 3.1.1 §4.8.9.1), also to another file. Fields next to `$ref` count too. */
function followed(item, place, depth = 0) {
  if (typeof item?.$ref !== 'string' || depth > 10) return item;
  const [path, pointer = ''] = item.$ref.split('#');
  const file = path === '' ? place.file : resolve(dirname(place.file), decodeURIComponent(path));
  const root = path === '' ? place.root : readDocument(file);
  const keys = decodeURIComponent(pointer).split('/').slice(1);
  const target = keys.reduce((at, key) => at?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], root);
  return { ...followed(target, { file, root }, depth + 1), ...item };
}

function readDocument(file) {
  try {
    const text = readFileSync(file, 'utf8');
    return /\.json$/i.test(file) ? readJson(text) : parseYaml(text, { maxAliasCount: -1, uniqueKeys: false });
  } catch {
    return undefined;
  }
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return JSON5.parse(text);
  }
}
