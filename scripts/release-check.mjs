// What must be true before a release: `node scripts/release-check.mjs <tag>`. The tag is "v" and the version of
// package.json, CHANGELOG.md has a section for the version, and package.json names the repository, which npm compares with the one that
// the workflow runs in.
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const [tag] = process.argv.slice(2);
const faults = releaseFaults({
  tag,
  manifest: JSON.parse(read('package.json')),
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
      ? ['package.json has no "repository": npm requires it for provenance. Set it to the repository of this workflow.']
      : []),
    ...(url !== undefined && repository !== undefined && !url.includes(repository)
      ? [`package.json names the repository ${url}, but the workflow runs in ${repository}.`]
      : []),
    ...Object.entries({ homepage, bugs }).flatMap(([key, value]) => (value ? [] : [`package.json has no "${key}".`])),
  ];
}
