import { PAGES_BY, pagesDetail } from '../../lint/pages-text.ts';
import { withApiDefaults } from '../../options/api-defaults.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { runProxyOptions } from '../flags/proxy-options.ts';
import { countedFaces } from '../output/counted.ts';
import { stdout } from '../output/free-stdout.ts';
import { problemLines } from '../output/problem-lines.ts';
import { EXIT, type ExitCode, ink, print, printResult, section, tell, usageError } from '../output/report.ts';
import { resourceTable, table } from '../output/table.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { noticesOf } from '../targets/notices.ts';
import { openDocument } from '../targets/open-document.ts';
import { openOnce } from '../targets/open-once.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { type Inspection, inspection } from './inspection.ts';
import { tokenLines } from './list-tokens.ts';
import { wantsLock, writeLock } from './write-lock.ts';

/**
 * `openapi-mcp inspect`: shows what would be served. It fails only if the document cannot be used, not because of
 * problems.
 */
export async function inspect(words: TargetWords, line: CommandLine<FlagsOf<'inspect'>>): Promise<ExitCode> {
  const target = describeTarget(words);
  const flags = withApiDefaults(line.flags);
  const environment = readEnvironment(flags.envFile);
  const { graph, exec } = line.flags;
  if (target.kind === 'document') {
    // Compute every output schema, including those that the list omits.
    const options = { ...runProxyOptions(flags, environment), answerSchemas: 'all' } as const;
    const api = await openDocument(target.document, options, { purpose: 'inspect' });
    return lockOrPrint({ provider: api.provider, apis: [{ api }] }, line, async () => {
      if (graph === undefined) {
        const found = await inspection(api, line.flags);
        return printResult(flags.json, found, () => inspectionLines(found));
      }
      const { graphText } = await import('../output/graph.ts');
      print(graphText(api.model, graph));
    });
  }
  if (graph !== undefined) throw usageError('--graph applies to one OpenAPI document.', 'Pass its path or URL.');
  const opened = await openOnce(target, line, { purpose: 'inspect', exec, environment });
  return lockOrPrint(opened, line, async () => {
    const { serverInspection, serverInspectionLines } = await import('./server-inspection.ts');
    const found = await serverInspection(opened, line.flags);
    printResult(flags.json, found, () => serverInspectionLines(found));
  });
}

/** Writes the lock file, or else prints what `printing` does, and closes what was opened. */
async function lockOrPrint(
  opened: Pick<OpenedTarget, 'provider' | 'apis'>,
  { flags }: CommandLine<FlagsOf<'inspect'>>,
  printing: () => Promise<void>,
): Promise<ExitCode> {
  try {
    for (const notice of noticesOf(opened.apis)) tell(notice);
    if (flags.graph !== undefined || !wantsLock(flags)) await printing();
    else await writeLock(opened, flags);
    return EXIT.ok;
  } finally {
    await opened.provider.close();
  }
}

function inspectionLines(found: Inspection): string[] {
  return [
    ink(stdout).bold(`${found.title} ${found.version}`),
    `${found.document.location} (OpenAPI ${found.document.version}), requests go to ${found.serverUrl ?? 'an unknown server'}`,
    ...section('Tools', toolLines(found)),
    ...section('Resources', resourceTable(found.resources)),
    ...section('Resource templates', resourceTable(found.resourceTemplates)),
    ...section('Uploads', uploadLines(found)),
    ...section('Paging', pagingLines(found)),
    ...section('Problems', problemLines(found.problems)),
    ...section('Total', totalLines(found)),
  ];
}

function toolLines({ tools }: Inspection): string[] {
  return table(
    ['bytes', 'model', 'wire', 'output', 'name', 'method', 'path'],
    tools.map((tool) => [
      tool.bytes,
      tool.tokens.model,
      tool.tokens.wire,
      tool.outputSchema,
      tool.name,
      tool.method,
      tool.path,
    ]),
  );
}

function uploadLines({ tools }: Inspection): string[] {
  return tools.flatMap(({ name, uploads: { files, texts } }) => [
    ...(files.length ? [`${name}: ${files.join(', ')}`] : []),
    ...(texts.length ? [`${name}: ${texts.join(', ')} (looks like a file, but is sent as text)`] : []),
  ]);
}

function pagingLines({ tools }: Inspection): string[] {
  const rows = tools.flatMap(({ name, paging }) =>
    paging ? [[name, PAGES_BY[paging.kind], pagesDetail(paging) ?? '']] : [],
  );
  return table(['tool', 'by', ''], rows);
}

function totalLines({ totals }: Inspection): string[] {
  return [
    countedFaces(totals),
    `${totals.filtered} of the document's ${totals.found} operations excluded`,
    `tools/list: ${totals.listBytes} bytes`,
    ...tokenLines(totals.tokens),
    `output schemas: ${totals.outputSchemasListed} listed, ${totals.outputSchemasOmitted} omitted`,
    `problems: ${totals.problems}`,
  ];
}
