import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CALL_EXPLANATIONS } from './call-errors.ts';
import { all, type Explained, explain } from './index.ts';

test.each([
  ['MISSING_CREDENTIAL', 'MISSING_CREDENTIAL'],
  ['missing-credential', 'MISSING_CREDENTIAL'],
  ['unresolved_ref', 'UNRESOLVED_REF'],
  ['Missing-Description', 'missing-description'],
])('explain(%s)', (given, code) => {
  expect(explain(given)).toMatchObject({
    code,
    cause: expect.stringMatching(/\.$/),
    fix: expect.stringMatching(/\.$/),
  });
});

test('a code with a typing error gets the nearest one', () => {
  expect(explain('MISSING_CREDENTAIL')).toEqual({ meant: 'MISSING_CREDENTIAL' });
  expect(explain('nothing like it at all')).toEqual({ meant: undefined });
});

test('codes are unique, also in another spelling', () => {
  const spelt = all().map(({ code }) => code.toLowerCase().replaceAll('_', '-'));
  expect(spelt.filter((code, index) => spelt.indexOf(code) !== index)).toEqual([]);
});

test('docs/errors.md matches the catalogue (npx vitest run src/explain -u updates it)', async () => {
  const sections = [...CALL_EXPLANATIONS].map(([code, { cause, fix }]) => `## ${code}\n\n${cause}\n\n**Fix:** ${fix}`);
  await expect(`${HEAD}\n\n${sections.join('\n\n')}\n`).toMatchFileSnapshot('../../docs/errors.md');
});

const PAGES = { 'error of a call': 'errors', 'problem of a document': 'problems', 'lint rule': 'lint' } as const;

test('docs/troubleshooting.md lists the catalogue (npx vitest run src/explain -u updates it)', async () => {
  const page = readFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), 'utf8');
  // The table of lint rules has no headings to refer to.
  const link = ({ code, kind }: Explained) =>
    kind === 'lint rule' ? 'lint.md#rules' : `${PAGES[kind]}.md#${code.toLowerCase()}`;
  const rows = all().map((each) => `| [${each.code}](${link(each)}) | ${each.kind} | ${cell(each.cause)} |`);
  const table = ['| code | what it is | what it means |', '| --- | --- | --- |', ...rows].join('\n');
  const want = page.replace(
    /<!-- codes -->[\s\S]*<!-- \/codes -->/,
    () => `<!-- codes -->\n\n${table}\n\n<!-- /codes -->`,
  );
  await expect(want).toMatchFileSnapshot('../../docs/troubleshooting.md');
});

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const HEAD = `# Errors of calls

What the error of a tool call or a read means, and what to do about it. \`openapi-mcp explain <code>\` prints the same.
Problems of documents are in [problems.md](problems.md), lint rules in [lint.md](lint.md).

This page is generated from \`src/explain/call-errors.ts\`.`;
