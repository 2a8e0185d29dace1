import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { sarifLog } from '../../lint/index.ts';
import { type LintReport, type LintStage, lintDocument } from '../../lint-document.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { textPositions } from '../../parse/text-positions.ts';
import { yamlText } from '../../parse/yaml-text.ts';
import { VERSION } from '../../version.ts';
import { readEnvironment } from '../flags/environment.ts';
import { sharedProxyOptions } from '../flags/proxy-options.ts';
import { counted } from '../output/counted.ts';
import { lintLines } from '../output/lint-lines.ts';
import { EXIT, type ExitCode, print, tell, usageError } from '../output/report.ts';
import { stageLine } from '../output/stage-line.ts';
import { writeTextFile } from '../output/write-text-file.ts';

/** `openapi-mcp lint`: exits with 1 on errors; with `--strict`, also on warnings. */
export async function lint(document: string, flags: FlagsOf<'lint'>): Promise<ExitCode> {
  if (flags.fix !== undefined) refuseInputs(flags.fix, [document, ...flags.overlay]);
  const environment = readEnvironment(flags.envFile);
  const shared = sharedProxyOptions(
    { ...flags, cache: false, allowPrivate: false, serverVar: [], credentialsFor: [] },
    environment,
  );
  const options = document === '-' ? { ...shared, stdin: process.stdin } : shared;
  const line = stageLine();
  const onStage = (stage: LintStage) => line.say(`${stage} the document …`);
  const report = await lintDocument(document, options, onStage).finally(line.clear);
  for (const notice of report.notices) tell(notice);
  if (flags.fix !== undefined) await writeFix(report, flags.fix);
  await show(report, document, flags.json ? 'json' : flags.format);
  const { error, warning } = report.counts;
  return error > 0 || (flags.strict && warning > 0) ? EXIT.document : EXIT.ok;
}

async function show(report: LintReport, document: string, format: FlagsOf<'lint'>['format']): Promise<void> {
  switch (format) {
    case 'text':
      for (const line of lintLines(report)) print(line);
      return;
    case 'json': {
      const { text: _, overlay: __, ...shown } = report;
      print(JSON.stringify(shown, null, 2));
      return;
    }
    case 'sarif': {
      const own = report.findings.map(({ pointer }) => pointer).filter((pointer) => pointer.startsWith('#'));
      const log = sarifLog({
        ...report,
        version: VERSION,
        document: document === '-' ? undefined : report.document.location,
        positions: await textPositions(report.text, own),
      });
      print(JSON.stringify(log, null, 2));
    }
  }
}

/** Never overwrites an input: neither the document nor an overlay with earlier fixes. */
function refuseInputs(file: string, inputs: readonly string[]): void {
  const same = inputs.find((input) => resolve(input) === resolve(file) || isSameFile(input, file));
  if (same === undefined) return;
  throw usageError(`--fix: "${file}" is an input file and will not be overwritten.`, 'Pass the path of a new file.');
}

/** Also through a link, or under another name. */
function isSameFile(input: string, file: string): boolean {
  const [read, written] = [input, file].map(statsOf);
  return read !== undefined && written !== undefined && read.ino === written.ino && read.dev === written.dev;
}

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // no such file, or a URL
  }
}

/** Writes YAML, or JSON if the file name ends in `.json`. */
async function writeFix({ overlay, fixable }: LintReport, file: string): Promise<void> {
  if (!overlay) {
    tell(`No finding can be fixed automatically, so ${file} was not written.`);
    return;
  }
  const text = /\.json$/i.test(file) ? `${JSON.stringify(overlay, null, 2)}\n` : await yamlText(overlay);
  writeTextFile(file, text, '--fix');
  tell(`Wrote ${file}, which fixes ${counted(fixable, 'finding')}. Pass it with --overlay ${file}.`);
}
