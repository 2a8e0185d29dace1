// Writes the bill of materials of the package, as CycloneDX JSON: `node scripts/sbom.mjs [file]`. It has what npm installs
// with the package, for every platform, and the packages whose code is bundled into it. Requires a build.
//
// `npm sbom --omit dev` leaves out packages that development packages need too, such as Ajv. So this asks npm for
// everything, and keeps what package-lock.json has for production. Nothing but package-lock.json is read, so no address
// of a registry or mirror gets in.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundledPackages } from './bundled-packages.mjs';
import { productionPackages } from './production-packages.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { name } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
const refOf = (each) => `${each.name}@${each.version}`;

const bundled = new Map(bundledPackages().map((each) => [refOf(each), each.bundles]));
const kept = new Set([...productionPackages().map(refOf), ...bundled.keys()]);
const text = `${JSON.stringify(reduced(fromNpm()), null, 2)}\n`;
const [file] = process.argv.slice(2);
if (file === undefined) process.stdout.write(text);
else writeFileSync(file, text);

function fromNpm() {
  const args = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`npm sbom ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

function reduced(bom) {
  const components = bom.components.filter((each) => kept.has(refOf(each))).map(component);
  const { component: root } = bom.metadata;
  const refs = new Set([root['bom-ref'], ...components.map((each) => each['bom-ref'])]);
  const dependencies = bom.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  // npm names it by its folder.
  return { ...bom, metadata: { ...bom.metadata, component: { ...root, name } }, components, dependencies };
}

function component(each) {
  const bundles = bundled.get(refOf(each));
  const properties = each.properties.filter(({ name: key }) => key !== 'cdx:npm:package:development');
  if (bundles) properties.push({ name: 'openapi-mcp:bundledInto', value: bundles.join(', ') });
  return { ...each, properties };
}
