// What must be true before a release: `node scripts/release-check.mjs <tag>`. The tag is "v" and the version of
// package.json, CHANGELOG.md has a section for the version, and package.json names the repository that the workflow runs
// in, or none: then the workflow writes it there, see name-repository.mjs.
import { readFileSync } from 'node:fs';
import { withRepository } from './name-repository.mjs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const [tag] = process.argv.slice(2);
const faults = releaseFaults({
  tag,
  manifest: withRepository(JSON.parse(read('package.json')), process.env),
  changelog: read('CHANGELOG.md'),
  repository: process.env.GITHUB_REPOSITORY,
});
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

function releaseFaults({ tag, manifest, changelog, repository }) {
  const { version, repository: named, homepage, bugs } = manifest;
  const url = typeof named === 'string' ? named : named?.url;
  return [
    ...(tag === `v${version}`
      ? []
      : [`The tag is ${tag ?? 'missing'}, but package.json has version ${version}: tag v${version}.`]),
    ...(changelog.includes(`\n## [${version}]`) ? [] : [`CHANGELOG.md has no section "## [${version}]".`]),
    ...(url === undefined
      ? ['package.json has no "repository", which npm requires for provenance, and no workflow says where it runs.']
      : []),
    ...(url !== undefined && repository !== undefined && !url.includes(repository)
      ? [`package.json names the repository ${url}, but the workflow runs in ${repository}.`]
      : []),
    ...Object.entries({ homepage, bugs }).flatMap(([key, value]) => (value ? [] : [`package.json has no "${key}".`])),
  ];
}
