import { basename } from 'node:path';
import { type Problem, problem } from '../problems.ts';
import type { SourceFile } from './api-document.ts';
import { type ExternalFile, type Failure, loadExternalFiles } from './external-files.ts';
import { isObject, type JsonObject } from './json.ts';
import { BUNDLED_FILES, pointerOf, resolvePointer } from './references.ts';
import { Rewriter } from './rewrite.ts';
import type { Base, ReadOptions } from './source.ts';

export interface Bundled {
  /** The document with its further files under `x-bundled-files`, and every reference that could be followed local. */
  readonly root: JsonObject;
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** Where each object of a further file stands: `schemas/pet.yaml#/properties/id`. */
  readonly pointers: WeakMap<object, string>;
}

/** False where `text` surely has no reference to another file: one look at the text instead of a walk over every value. */
export function mayHaveExternalRefs(text: string): boolean {
  return /\$ref["']?\s*:\s*(?:[^\s#"']|["'][^#])/.test(text);
}

/** Brings the further files of a document into it. What cannot be read is a problem at each reference to it. */
export async function bundle(root: JsonObject, base: Base, options: ReadOptions): Promise<Bundled> {
  const wanted = externalAddresses(root, base);
  const pointers = new WeakMap<object, string>();
  const addressesOf = (value: unknown, url: string): ReadonlySet<string> =>
    externalAddresses({ '': value }, { ...base, url } as Base);
  const loaded = await loadExternalFiles(wanted, { base, addressesOf, options });
  const names = fileNames(loaded);
  const problems: Problem[] = [...loaded.values()].flatMap((file) => ('problems' in file ? file.problems : []));

  const localise = (url: string | undefined, main: boolean): Rewriter =>
    new Rewriter((object, { pointer, original }) => {
      const edited = withLocalRefs(object, (ref) => {
        const result = localRef({ ref, url, main, base, root, loaded, names });
        if (typeof result !== 'string') problems.push(problem(result.code, pointer, result.message));
        return typeof result === 'string' ? result : ref;
      });
      if (!main) pointers.set(edited, pointers.get(original) ?? pointer);
      return edited;
    });

  const files: JsonObject = {};
  for (const [address, file] of loaded) {
    const name = names.get(address);
    if (!('value' in file) || name === undefined) continue;
    const rewriter = localise(address, false);
    // A file without keywords of its own at its root is a map of definitions.
    const value = isObject(file.value)
      ? rewriter.root(file.value, `${file.location}#`)
      : rewriter.value(file.value, `${file.location}#`);
    if (typeof value === 'object' && value !== null) pointers.set(value, `${file.location}#`);
    files[name] = value;
  }
  const main = localise(base.kind === 'none' ? undefined : base.url, true).root(root, '#');
  return {
    root: Object.keys(files).length ? { ...main, [BUNDLED_FILES]: files } : main,
    files: [...loaded.values()].flatMap((file) => ('hash' in file ? [{ location: file.source, hash: file.hash }] : [])),
    problems,
    pointers,
  };
}

/** Addresses (without fragment) of everything outside that `root` refers to. */
function externalAddresses(root: JsonObject, base: Base): ReadonlySet<string> {
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

const isLocal = (ref: string): boolean => ref === '' || ref.startsWith('#');

function addressOf(ref: string, url: string | undefined): string | undefined {
  const [path = ''] = ref.trim().split('#', 1);
  // A relative path may hold what a URL may not (spaces, `{}`); URL encodes it. Backslashes come from Windows.
  const address = path.replaceAll('\\', '/');
  return URL.canParse(address, url) ? new URL(address, url).href : undefined;
}

/** The object with its `$ref`, and the references in its discriminator's `mapping`, replaced. */
function withLocalRefs(object: JsonObject, replace: (ref: string) => string): JsonObject {
  let edited = object;
  if (typeof object.$ref === 'string') {
    const $ref = replace(object.$ref);
    if ($ref !== object.$ref) edited = { ...edited, $ref };
  }
  const { discriminator } = object;
  if (isObject(discriminator) && isObject(discriminator.mapping)) {
    const mapping = Object.entries(discriminator.mapping).map(([key, value]): [string, unknown] => [
      key,
      // A bare name is that of a component (OpenAPI 3.1.1 §4.8.25).
      typeof value === 'string' && /[#/]|\.(ya?ml|json)$/i.test(value) ? replace(value) : value,
    ]);
    const written = Object.values(discriminator.mapping);
    if (mapping.some(([, value], index) => value !== written[index])) {
      edited = { ...edited, discriminator: { ...discriminator, mapping: Object.fromEntries(mapping) } };
    }
  }
  return edited;
}

interface RefContext {
  readonly ref: string;
  /** Address of the file the reference stands in. */
  readonly url: string | undefined;
  readonly main: boolean;
  readonly base: Base;
  readonly root: JsonObject;
  readonly loaded: ReadonlyMap<string, ExternalFile | Failure>;
  readonly names: ReadonlyMap<string, string>;
}

/** A reference as it must read in the bundled document, or why it leads nowhere. */
function localRef({ ref, url, main, base, root, loaded, names }: RefContext): string | Failure {
  if (isLocal(ref)) return main || url === undefined ? ref : inFile(names.get(url), ref);
  const identified = resolvePointer(root, ref);
  if (identified) return identified.pointer;
  const address = addressOf(ref, url);
  if (address === undefined) {
    const why =
      url === undefined
        ? 'has no address to resolve against: the document is in memory or from stdin'
        : 'is not a URI reference';
    return { code: url === undefined ? 'UNREADABLE_REF' : 'BAD_REF', message: `"${ref}" ${why}.` };
  }
  const fragment = ref.includes('#') ? ref.slice(ref.indexOf('#')) : '#';
  if (base.kind !== 'none' && address === base.url) return fragment;
  const file = loaded.get(address);
  if (!file) return { code: 'UNREADABLE_REF', message: `"${ref}" was not read.` };
  return 'code' in file ? { ...file, message: `"${ref}" ${file.message}` } : inFile(names.get(address), fragment);
}

/** `#/Pet` of a file → `#/x-bundled-files/<name>/Pet`. */
function inFile(name: string | undefined, ref: string): string {
  const start = pointerOf(BUNDLED_FILES, name ?? '');
  return ref.startsWith('#/') ? start + ref.slice(1) : ref === '#' || ref === '' ? start : `${start}/${ref.slice(1)}`;
}

/** A short name for each file: its base name where that is unique, else its location. */
function fileNames(loaded: ReadonlyMap<string, ExternalFile | Failure>): ReadonlyMap<string, string> {
  const short = (location: string): string => basename(location).replace(/\.(ya?ml|json)$/i, '');
  const taken = new Map<string, number>();
  const files = [...loaded].flatMap(([address, file]) =>
    'value' in file ? [{ address, location: file.location }] : [],
  );
  for (const { location } of files) taken.set(short(location), (taken.get(short(location)) ?? 0) + 1);
  return new Map(
    files.map(({ address, location }) => [address, taken.get(short(location)) === 1 ? short(location) : location]),
  );
}
