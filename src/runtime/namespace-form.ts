/** What a namespace may be; without `_`, so that the end of it can be told in the name of a tool. */
export const NAMESPACE = /^[a-z][a-z0-9-]{0,31}$/;

/** The namespace that a name gives, `''` where it has no letter from a to z: `My Files (home)` → `my-files-home`. */
export function namespaceOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
}
