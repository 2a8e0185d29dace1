// The packages that come with ours when it is installed, from package-lock.json: dependencies and optional ones, of every
// platform, and theirs.
import { readFileSync } from 'node:fs';

/** @returns `{ name, version, license, isOptional }`, each version once */
export function productionPackages() {
  const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  const found = new Map();
  for (const [path, { version, license, dev, devOptional, optional = false, peer }] of Object.entries(packages)) {
    if (path === '' || dev || devOptional || peer) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(`${name}@${version}`, { name, version, license, isOptional: optional });
  }
  return [...found.values()];
}
