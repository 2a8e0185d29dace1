// Writes the repository that a workflow runs in to package.json, with its homepage and the address of its issues:
// `node scripts/name-repository.mjs`. npm compares it with the origin of the provenance. What package.json names already
// stays.
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const FILE = new URL('../package.json', import.meta.url);

/**
 * The manifest with its addresses.
 *
 * @param environment variables that a workflow has: `GITHUB_SERVER_URL` (`https://github.com`) and `GITHUB_REPOSITORY`
 *   (`owner/name`)
 */
export function withRepository(manifest, { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }) {
  if (!server || !name) return manifest;
  const address = `${server}/${name}`;
  return {
    ...manifest,
    homepage: manifest.homepage ?? `${address}#readme`,
    bugs: manifest.bugs ?? { url: `${address}/issues` },
    repository: manifest.repository ?? { type: 'git', url: `git+${address}.git` },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const named = withRepository(JSON.parse(readFileSync(FILE, 'utf8')), process.env);
  writeFileSync(FILE, `${JSON.stringify(named, null, 2)}\n`);
}
