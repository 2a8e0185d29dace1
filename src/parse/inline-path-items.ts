import { type ExternalFiles, loadExternalFiles } from './external-files.ts';
import { addressOf, externalAddresses, isLocal, withLocalRefs } from './external-refs.ts';
import { isObject, type JsonObject } from './json.ts';
import { resolvePointer } from './references.ts';
import { Rewriter } from './rewrite.ts';
import type { Base, ReadOptions } from './source.ts';

export interface InlinedPathItems {
  readonly root: JsonObject;
  /** The files that were read. */
  readonly files: ExternalFiles;
  /** The pointers of objects from other files: `paths/orders.yaml#/get`. */
  readonly pointers: WeakMap<object, string>;
}

/**
 * Inlines path items of other files, so that `$.paths['/orders'].get` selects an operation wherever it was written.
 * Their own references are rewritten relative to the document. Other references are kept, as is that of a path item
 * that cannot be read.
 */
export async function inlinePathItems(root: JsonObject, base: Base, options: ReadOptions): Promise<InlinedPathItems> {
  const pointers = new WeakMap<object, string>();
  const maps = pathItemMaps(root);
  const wanted = externalAddresses({ paths: Object.fromEntries(maps.flatMap(externalItems)) }, base);
  const files = await loadExternalFiles(wanted, { base, options });
  if (base.kind === 'none' || files.size === 0) return { root, files, pointers };
  const inline = inliner({ root, url: base.url, files, pointers });
  const inlined = maps.reduce(
    (result, { keys, items }) =>
      withMap(result, keys, Object.fromEntries(Object.entries(items).map(([path, item]) => [path, inline(item)]))),
    root,
  );
  return { root: inlined, files, pointers };
}

interface PathItemMap {
  /** Its pointer. */
  readonly keys: readonly string[];
  readonly items: JsonObject;
}

const PLACES: readonly (readonly string[])[] = [['paths'], ['webhooks'], ['components', 'pathItems']];

function pathItemMaps(root: JsonObject): readonly PathItemMap[] {
  return PLACES.flatMap((keys) => {
    const items = keys.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), root);
    return isObject(items) ? [{ keys, items }] : [];
  });
}

/** Named so that paths in `paths` and in `webhooks` do not collide. */
function externalItems({ keys, items }: PathItemMap): readonly [string, JsonObject][] {
  return Object.entries(items).flatMap(([path, item]): [string, JsonObject][] =>
    isObject(item) && typeof item.$ref === 'string' && !isLocal(item.$ref)
      ? [[`${keys.join()} ${path}`, { $ref: item.$ref }]]
      : [],
  );
}

function withMap(object: JsonObject, [key = '', ...rest]: readonly string[], map: JsonObject): JsonObject {
  const inner = object[key];
  return { ...object, [key]: rest.length && isObject(inner) ? withMap(inner, rest, map) : map };
}

interface Inlining {
  readonly root: JsonObject;
  /** In the document. */
  readonly url: string;
  readonly files: ExternalFiles;
  readonly pointers: WeakMap<object, string>;
}

/** A path item merged with the one that it references; unchanged if it references none, or one that cannot be read. */
function inliner({ root, url, files, pointers }: Inlining): (item: unknown) => unknown {
  const rebasers = new Map<string, Rewriter>();
  return (item) => {
    const layers: JsonObject[] = [];
    const seen = new Set<string>();
    let found = { item, url };
    let pointer: string | undefined;
    while (isObject(found.item) && typeof found.item.$ref === 'string') {
      const next = follow(found.item.$ref, found.url);
      if (!next || seen.has(next.pointer)) return item;
      const { $ref: _, ...siblings } = found.item;
      seen.add(next.pointer);
      // Fields next to a $ref apply, and override those of the target (OpenAPI 3.1.1 §4.8.9).
      layers.unshift(rebased(siblings, found.url, pointer ?? ''));
      ({ pointer } = next);
      found = next;
    }
    if (pointer === undefined || !isObject(found.item)) return item;
    const whole = rebased(found.item, found.url, pointer);
    const inlined = Object.fromEntries([whole, ...layers].flatMap((fields) => Object.entries(fields)));
    pointers.set(inlined, pointer);
    return inlined;
  };

  /**
   * The target of a reference to another file. A path item that references another one in the document stays a
   * reference.
   */
  function follow(ref: string, from: string): { item: unknown; url: string; pointer: string } | undefined {
    const address = isLocal(ref) ? from : addressOf(ref, from);
    const file = address === undefined || address === url ? undefined : files.get(address);
    if (address === undefined || !file || !('value' in file)) return undefined;
    const target = resolvePointer(file.value, ref.includes('#') ? ref.slice(ref.indexOf('#')) : '#');
    return target && { item: target.value, url: address, pointer: file.location + target.pointer };
  }

  function rebased(fields: JsonObject, from: string, pointer: string): JsonObject {
    if (from === url) return fields;
    const rebaser = rebasers.get(from) ?? createRebaser(from);
    rebasers.set(from, rebaser);
    return rebaser.value(fields, pointer) as JsonObject; // an object stays one
  }

  function createRebaser(from: string): Rewriter {
    return new Rewriter((object, { pointer, original }) => {
      const edited = withLocalRefs(object, (ref) => rebasedRef(ref, { root, from, to: url }));
      pointers.set(edited, pointers.get(original) ?? pointer);
      return edited;
    });
  }
}

/** Rewrites a reference in the file at `from` relative to the document at `to`. */
function rebasedRef(ref: string, { root, from, to }: { root: JsonObject; from: string; to: string }): string {
  if (!isLocal(ref) && resolvePointer(root, ref)) return ref; // the `$id` of a schema
  const address = isLocal(ref) ? from : addressOf(ref, from);
  const fragment = ref.includes('#') ? ref.slice(ref.indexOf('#')) : '';
  return address === undefined ? ref : relativeAddress(address, to) + fragment;
}

/** `./paths/orders.yaml`; the full address if it is on another host. */
function relativeAddress(address: string, base: string): string {
  const [target, start] = [new URL(address), new URL('.', base)];
  if (target.protocol !== start.protocol || target.host !== start.host || target.username !== start.username)
    return address;
  const [own, common] = [target.pathname.split('/'), start.pathname.split('/').slice(0, -1)];
  const differs = common.findIndex((segment, index) => segment !== own[index]);
  const shared = Math.min(differs < 0 ? common.length : differs, own.length - 1);
  const up = '../'.repeat(common.length - shared);
  return (up || './') + own.slice(shared).join('/') + target.search;
}
