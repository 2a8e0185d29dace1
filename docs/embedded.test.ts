import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

// Every example in the documentation is a file that is compiled and run; the pages show it word for word.
// Write `<!-- examples/name.ts -->` and an empty ```ts block under it, then: npx vitest run docs/embedded.test.ts -u

const folder = import.meta.dirname;
const pages = [join(folder, '..', 'README.md')].concat(
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const EXAMPLE = /<!-- (examples\/[\w.-]+) -->\n\n```(\w+)\n[\s\S]*?```/g;

describe('what the pages show is what is compiled and run', () => {
  test.each(pages)('%s', async (page) => {
    const text = readFileSync(page, 'utf8');
    await expect(withExamples(text)).toMatchFileSnapshot(page);
  });

  test('every example is on a page and in a test', () => {
    const shown = pages.map((page) => readFileSync(page, 'utf8')).join('\n');
    const names = readdirSync(join(folder, 'examples')).filter((name) => !name.includes('.test.'));
    expect(names.filter((name) => !shown.includes(`<!-- examples/${name} -->`))).toEqual([]);
    const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.test.ts'),
    );
    const tested = tests.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    expect(names.filter((name) => !tested.includes(name))).toEqual([]);
  });
});

function withExamples(text: string): string {
  return text.replace(EXAMPLE, (_, name: string, language: string) => {
    const example = readFileSync(join(folder, name), 'utf8');
    return `<!-- ${name} -->\n\n\`\`\`${language}\n${example}\`\`\``;
  });
}
