import { basename } from 'node:path';
import { type Problem, problem } from '../problems.ts';
import type { SourceFile } from './api-document.ts';
import { type ExternalFile, type Failure, loadExternalFiles } from './external-files.ts';
import { addressOf, externalAddresses, isLocal, withLocalRefs } from './external-refs.ts';
import type { InlinedPathItems } from './inline-path-items.ts';
import { isObject, type JsonObject } from './json.ts';
import { BUNDLED_FILES, pointerOf, resolvePointer } from './references.ts';
import { Rewriter } from './rewrite.ts';
import type { Base, ReadOptions } from './source.ts';

export interface Bundled {
  /**
   * The document with its other files under `x-bundled-files`, and every reference that could be followed made local.
   */
  readonly root: JsonObject;
  readonly files: readonly SourceFile[];
  readonly problems: readonly Problem[];
  /** The pointer of each object from another file: `schemas/pet.yaml#/properties/id`. */
  readonly pointers: WeakMap<object, string>;
}

/** False if `text` certainly has no reference to another file: a text search instead of a walk over every value. */
export function mayHaveExternalRefs(text: string): boolean {
  return /\$ref["']?\s*:\s*(?:[^\s#"']|["'][^#])/.test(text);
}

/** Files that are already bundled. */
export type Known = Pick<InlinedPathItems, 'files' | 'pointers'>;

/** Bundles the other files of a document. A file that cannot be read is a problem at each reference to it. */
export async function bundle(root: JsonObject, base: Base, options: ReadOptions, known?: Known): Promise<Bundled> {
  const pointers = known?.pointers ?? new WeakMap<object, string>();
  const loaded = await loadExternalFiles(externalAddresses(root, base), { base, options, known: known?.files });
  const read = [...new Map([...(known?.files ?? []), ...loaded]).values()];
  const names = fileNames(loaded);
  const problems: Problem[] = read.flatMap((file) => ('problems' in file ? file.problems : []));
  const reported = new Set<string>();

  const localise = (url: string | undefined, main: boolean): Rewriter =>
    new Rewriter((object, { pointer, original }) => {
      const edited = withLocalRefs(object, (ref) => {
        const result = localRef({ ref, url, main, base, root, loaded, names });
        if (typeof result !== 'string') report(result, { pointer, ref, url });
        return typeof result === 'string' ? result : ref;
      });
      if (!main || pointers.has(original)) pointers.set(edited, pointer);
      return edited;
    }, pointers);
  // A path item that was moved to the root is still visited in its own file, if needed.
  const report = ({ code, message }: Failure, { pointer, ref, url }: RefPlace): void => {
    const key = `${pointer} ${addressOf(ref, url) ?? ref} ${ref.split('#')[1] ?? ''}`;
    if (!reported.has(key)) problems.push(problem(code, pointer, message));
    reported.add(key);
  };

  const files: JsonObject = {};
  for (const [address, file] of loaded) {
    const name = names.get(address);
    if (!('value' in file) || name === undefined) continue;
    const rewriter = localise(address, false);
    // A file without keywords at its root is a map of definitions.
    const value = isObject(file.value)
      ? rewriter.root(file.value, `${file.location}#`)
      : rewriter.value(file.value, `${file.location}#`);
    if (typeof value === 'object' && value !== null) pointers.set(value, `${file.location}#`);
    files[name] = value;
  }
  const main = localise(base.kind === 'none' ? undefined : base.url, true).root(root, '#');
  return {
    root: Object.keys(files).length ? { ...main, [BUNDLED_FILES]: files } : main,
    files: read.flatMap((file) => ('hash' in file ? [{ location: file.source, hash: file.hash }] : [])),
    problems,
    pointers,
  };
}

interface RefPlace {
  readonly ref: string;
  /** Address of the file that contains the reference. */
  readonly url: string | undefined;
  readonly pointer: string;
}

interface RefContext extends Omit<RefPlace, 'pointer'> {
  readonly main: boolean;
  readonly base: Base;
  readonly root: JsonObject;
  readonly loaded: ReadonlyMap<string, ExternalFile | Failure>;
  readonly names: ReadonlyMap<string, string>;
}

/** A reference as written in the bundled document, or why it cannot be resolved. */
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

/** A short name for each file: its base name if that is unique, otherwise its location. */
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
