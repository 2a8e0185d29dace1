// Extracts test-specs/github/openapi.json from the complete description, https://github.com/octokit/openapi: `node
// scripts/examples/github-subset.mjs <api.github.com.json>`. Some tags, the components that they reference, no
// examples.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TAGS = ['issues', 'pulls', 'users', 'gists', 'git', 'search', 'reactions', 'activity', 'teams'];

const { openapi, info, tags, servers, externalDocs, paths, components } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
const isKept = ({ tags: [tag] }) => TAGS.includes(tag);
const kept = Object.entries(paths)
  .map(([path, item]) => [path, filtered(item, isKept)])
  .filter(([, item]) => Object.keys(item).length > 0);
const cut = withoutExamples(Object.fromEntries(kept));
const reached = reachedBy(cut);
const subset = {
  openapi,
  info,
  tags: tags.filter(({ name }) => TAGS.includes(name)),
  servers,
  externalDocs,
  paths: cut,
  components: Object.fromEntries(
    Object.entries(components)
      .map(([kind, members]) => [kind, filtered(members, (_, name) => reached.has(`#/components/${kind}/${name}`))])
      .filter(([, members]) => Object.keys(members).length > 0)
      .map(([kind, members]) => [kind, withoutExamples(members)]),
  ),
};
const file = fileURLToPath(new URL('../../test-specs/github/openapi.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(subset, null, 1)}\n`);

function filtered(object, keep) {
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => keep(value, key)));
}

/** For media types: `examples` of a schema are a list. */
function withoutExamples(value) {
  if (Array.isArray(value)) return value.map(withoutExamples);
  if (typeof value !== 'object' || value === null) return value;
  const isMediaType = 'schema' in value && !Array.isArray(value.examples);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !(isMediaType && key === 'examples'))
      .map(([key, member]) => [key, withoutExamples(member)]),
  );
}

/** The references to components, including those of referenced components. */
function reachedBy(start) {
  const found = new Set();
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const { $ref } = next;
    if (typeof $ref === 'string' && !found.has($ref)) {
      found.add($ref);
      const [, , kind, name] = $ref.split('/');
      open.push(withoutExamples(components[kind][name]));
    }
    open.push(...Object.values(next));
  }
  return found;
}
