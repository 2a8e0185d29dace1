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
    const text = file ? readFileSync(`${path}/${file}`, 'utf8') : MISSING[name];
    if (!text) throw new Error(`${name} is bundled, but its package contains no licence text.`);
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  writeFileSync(`${folder}/THIRD-PARTY-LICENSES.txt`, notices.join(`\n${'-'.repeat(80)}\n\n`));
}

const MIT = readFileSync(new URL('../LICENSE', import.meta.url), 'utf8');

/** Packages without the text, whose repository has it. */
const MISSING = {
  '@redis/client': MIT.replace(/^Copyright .*$/m, 'Copyright (c) 2022-2025, Redis, inc.'),
};
