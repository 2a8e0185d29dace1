// The packages whose code is part of ours: each bundle lists them with their licences.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BUNDLES = ['dist/bin', 'dist/worker-bundle', 'dist/inspector'];

/** @returns `{ name, version, bundles }`, by name. Requires a build. */
export function bundledPackages() {
  const found = new Map();
  for (const bundle of BUNDLES) {
    const file = fileURLToPath(new URL(`../${bundle}/THIRD-PARTY-LICENSES.txt`, import.meta.url));
    for (const notice of readFileSync(file, 'utf8').split(`\n${'-'.repeat(80)}\n\n`)) {
      const [, name, version] = /^(\S+) (\d\S*)\n/.exec(notice) ?? [];
      if (name === undefined) throw new Error(`${file} has a notice without a name: ${notice.slice(0, 80)}`);
      const key = `${name}@${version}`;
      found.set(key, { name, version, bundles: [...(found.get(key)?.bundles ?? []), bundle] });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
