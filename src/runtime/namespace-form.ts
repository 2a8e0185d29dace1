/** The form of a namespace; without `_`, which separates it from the tool's name. */
export const NAMESPACE = /^[a-z][a-z0-9-]{0,31}$/;

/** Derives a namespace from a name, or `''` if it has no letter from a to z: `My Files (home)` → `my-files-home`. */
export function namespaceOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
}
