// Checks the licences of everything that users get: all packages of the production tree, and those whose code is
// bundled. Usage: node scripts/licences.mjs. Requires a build. Fails on a licence that is not on the list.
import { readFileSync } from 'node:fs';
import { bundledPackages } from './bundled-packages.mjs';
import { productionPackages } from './production-packages.mjs';

/** Permissive, and compatible with MIT. Python-2.0 is that of argparse, PSF-2.0 its successor. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const licenceOf = ({ name, version }) =>
  Object.entries(packages).find(
    ([path, entry]) => path.endsWith(`node_modules/${name}`) && entry.version === version,
  )?.[1].license;

const shipped = [...productionPackages(), ...bundledPackages().map((each) => ({ ...each, license: licenceOf(each) }))];
const refused = shipped.filter(({ license }) => !isAllowed(license));
for (const { name, version, license } of refused) {
  process.stderr.write(
    `${name} ${version} is under ${license ?? 'no known licence'}, which scripts/licences.mjs does not allow.\n`,
  );
}
process.stdout.write(
  `${shipped.length} packages, ${new Set(shipped.map(({ license }) => license)).size} licences, ${refused.length} refused\n`,
);
process.exitCode = refused.length > 0 ? 1 : 0;

/** SPDX: of "A OR B" one is enough, of "A AND B" all must be allowed. */
function isAllowed(license) {
  if (typeof license !== 'string') return false;
  const plain = license.replace(/^\((.*)\)$/, '$1');
  if (plain.includes(' OR ')) return plain.split(' OR ').some(isAllowed);
  return plain.split(' AND ').every((each) => ALLOWED.has(each.trim()));
}
