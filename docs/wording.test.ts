import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './shell.test.fixture.ts';

// Turns of phrase that a native engineer would stumble over, and what to write instead. Add one only if it is always
// wrong: the test reads pages, messages, help texts, comments and test names alike.
const TURNS: readonly (readonly [turn: RegExp, instead: string])[] = [
  [/\b(?:is|are|was|were|be|been|being) told\b/, 'is reported, receives, is notified'],
  [/\bmend(?:s|ed|ing|able)?\b/, 'fix'],
  [/\bstands? (?:a?round|beside|behind)\b/, 'wraps, is next to'],
  [/\bbeside\b/, 'next to, in addition to'],
  [/\bbecomes? of\b/, 'the outcome of'],
  [/\bthe whole\b/, 'the entire, the complete, all of'],
  [/\bas one would\b/, 'leave it out'],
  [/\bspeaks? of\b/, 'applies to, is about'],
  [/\bwants? (?:its|a|an|the|no)\b/, 'requires, needs'],
  [/\b(?:it|that|which|this|they|target|provider|value) (?:is|are) none\b/, 'is not one, is invalid'],
  [/(?<!\bthere )(?<!\bno )\b(?:is|are) no (?!longer\b)/i, 'is not a'],
  [/\bwhere (?:it|there) is (?:not|none|no)\b/i, 'if it is not, if there is no'],
  [/\b(?:in its|in their) place\b/, 'instead'],
  [/\bwhatever (?:it|they) says?\b/, 'in any case'],
  [/\bsuch a one\b/, 'one, such a …'],
  [/\bof one['’]s own\b/, 'your own, custom'],
  [/\bheld against\b/, 'validated against, checked against'],
  [/\banew\b/, 'again'],
  [/\bgravest\b/, 'most severe'],
  [/\b(?:the )?(?:last|first) (?:one|value) counts\b/, 'wins'],
  [/\bneeds no thought\b/, 'is automatic'],
  [/\bcomes? to an end\b/, 'finishes'],
  [/, for (?:it|they|there|nobody|that) (?:is|are|has|have|may|can|would|could|does|do)\b/, 'because'],
  [/\bbut for\b/, 'except'],
];

const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', '.ci/run'];

function textFiles(): readonly string[] {
  const below = ['src', 'docs', 'scripts', 'templates'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(folder, path).replaceAll('\\', '/'),
    ),
  );
  return (
    [...PAGES, ...below]
      .filter((path) => /\.(?:md|tsx?|mjs|json|hbs)$|^\.ci\/run$/.test(path))
      .filter((path) => path !== 'docs/wording.test.ts')
      // In the words of users, with their mistakes.
      .filter((path) => !path.startsWith('scripts/fit/queries/'))
  );
}

/** Lines, with the wrapped sentences of comments and pages joined to the line that they start on. */
function turnsIn(path: string): readonly string[] {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const next = (lines[index + 1] ?? '').replace(/^\s*(?:\/\/|\*|#)?\s*/, '');
    return TURNS.flatMap(([turn, instead]) => {
      const found = turn.exec(`${line} ${next.split(' ', 3).join(' ')}`);
      return found && found.index < line.length ? [`${path}:${index + 1} "${found[0]}": write ${instead}`] : [];
    });
  });
}

test('pages, messages and comments are plain technical English', () => {
  const files = textFiles();
  expect(files.length).toBeGreaterThan(500);
  expect(files.flatMap(turnsIn)).toEqual([]);
});
