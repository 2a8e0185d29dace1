import { all, type Explained, explain as explanationOf } from '../../explain/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { commandText } from '../output/command-text.ts';
import { EXIT, type ExitCode, ink, printResult, usageError } from '../output/report.ts';
import { table } from '../output/table.ts';

/** `openapi-mcp explain`: what a code means and what to do about it; without a code, lists all. */
export function explain(code: string | undefined, { json }: FlagsOf<'explain'>): ExitCode {
  if (code === undefined) {
    printResult(json, all(), listLines);
    return EXIT.ok;
  }
  const found = explanationOf(code);
  if (!('code' in found)) {
    const meant = found.meant === undefined ? '' : ` Did you mean ${found.meant}?`;
    throw usageError(`There is no code "${code}".${meant}`, `${commandText('explain', '')} lists all codes.`);
  }
  printResult(json, found, () => explanationLines(found));
  return EXIT.ok;
}

function explanationLines({ code, kind, severity, cause, fix }: Explained): string[] {
  const { bold } = ink(process.stdout);
  return [`${bold(code)} (${kind}${severity === undefined ? '' : `, ${severity}`})`, `  ${cause}`, '', `Fix: ${fix}`];
}

const listLines = (): string[] =>
  table(
    ['code', 'kind', 'meaning'],
    all().map(({ code, kind, cause }) => [code, kind, cause]),
  );
