import { isObject, type JsonObject } from './json.ts';
import { resolvePointer } from './references.ts';
import { Rewriter } from './rewrite.ts';
import type { Base } from './source.ts';

/** Addresses (without fragment) of everything outside that `root` references. */
export function externalAddresses(root: JsonObject, base: Base): ReadonlySet<string> {
  const found = new Set<string>();
  const url = base.kind === 'none' ? undefined : base.url;
  const collector = new Rewriter((object) =>
    withLocalRefs(object, (ref) => {
      const address = isLocal(ref) || resolvePointer(root, ref) ? undefined : addressOf(ref, url);
      if (address !== undefined && address !== url) found.add(address);
      return ref;
    }),
  );
  collector.root(root, '#');
  return found;
}

export const isLocal = (ref: string): boolean => ref === '' || ref.startsWith('#');

export function addressOf(ref: string, url: string | undefined): string | undefined {
  const [path = ''] = ref.trim().split('#', 1);
  // A relative path may contain characters that a URL may not (spaces, `{}`); URL encodes them. Backslashes come from
  // Windows.
  const address = path.replaceAll('\\', '/');
  return URL.canParse(address, url) ? new URL(address, url).href : undefined;
}

/** Replaces the `$ref` of an object, and the references in its discriminator's `mapping`. */
export function withLocalRefs(object: JsonObject, replace: (ref: string) => string): JsonObject {
  let edited = object;
  if (typeof object.$ref === 'string') {
    const $ref = replace(object.$ref);
    if ($ref !== object.$ref) edited = { ...edited, $ref };
  }
  const { discriminator } = object;
  if (isObject(discriminator) && isObject(discriminator.mapping)) {
    const mapping = Object.entries(discriminator.mapping).map(([key, value]): [string, unknown] => [
      key,
      // A plain name is that of a component (OpenAPI 3.1.1 §4.8.25).
      typeof value === 'string' && /[#/]|\.(ya?ml|json)$/i.test(value) ? replace(value) : value,
    ]);
    const written = Object.values(discriminator.mapping);
    if (mapping.some(([, value], index) => value !== written[index])) {
      edited = { ...edited, discriminator: { ...discriminator, mapping: Object.fromEntries(mapping) } };
    }
  }
  return edited;
}
