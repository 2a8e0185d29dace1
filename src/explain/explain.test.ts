import { expect, test } from 'vitest';
import { all, CALL_EXPLANATIONS, explain } from './index.ts';

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

const HEAD = `# Errors of calls

What the error of a tool call or a read means, and what to do about it. \`openapi-mcp explain <code>\` prints the same.
Problems of documents are in [problems.md](problems.md), lint rules in [lint.md](lint.md).

This page is generated from \`src/explain/call-errors.ts\`.`;
