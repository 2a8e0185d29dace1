import { type EjectedProject, ejectProject } from '../../generate.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { changedLines } from '../output/changed-lines.ts';
import { CommandError, EXIT, type ExitCode, printResult } from '../output/report.ts';

/** `openapi-mcp eject`: gives a project that depends on this package a copy of the runtime instead. */
export async function eject(folder: string, { dryRun, json }: FlagsOf<'eject'>): Promise<ExitCode> {
  const ejected = ejectProject(folder, { preview: dryRun });
  printResult(json, summary(ejected, folder), () => summaryLines(ejected, folder));
  if (!ejected.written && !dryRun) throw inTheWay(ejected);
  return EXIT.ok;
}

/** With `--json`, exactly this. */
function summary({ changes, importing, written }: EjectedProject, folder: string) {
  return {
    folder,
    written,
    files: changes.map(({ path, action }) => ({ path, action })).filter(({ action }) => action !== 'same'),
    importing,
  };
}

function summaryLines(ejected: EjectedProject, folder: string): string[] {
  const { importing, written } = ejected;
  return [
    ...changedLines(ejected),
    ...(importing.length ? [`openapi-mcp stays a dependency, imported by: ${importing.join(', ')}`] : []),
    ...(written ? ['', 'Next:', `  cd ${folder}`, '  npm install', '  npm test'] : []),
  ];
}

function inTheWay({ changes }: EjectedProject): CommandError {
  const paths = changes.filter(({ action }) => action === 'conflict').map(({ path }) => path);
  return new CommandError(
    EXIT.document,
    `Files are where the runtime belongs, so nothing was written: ${paths.join(', ')}`,
    'Move or remove them.',
  );
}
