import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The licences of bundled packages require their texts to go with the code. */
export function writeNotices(folder, output) {
  const packages = new Set(
    output.flatMap(({ moduleIds = [] }) =>
      moduleIds.flatMap((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0] ?? []),
    ),
  );
  const notices = [...packages].sort().map((path) => {
    const { name, version } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
    const file = readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} is bundled, but its package contains no licence text.`);
    return `${name} ${version}\n\n${readFileSync(`${path}/${file}`, 'utf8').trim()}\n`;
  });
  writeFileSync(`${folder}/THIRD-PARTY-LICENSES.txt`, notices.join(`\n${'-'.repeat(80)}\n\n`));
}
