import { PAGES_BY, pagesDetail } from '../../lint/pages-text.ts';
import { withApiDefaults } from '../../options/api-defaults.ts';
import type { FlagsOf } from '../../options/flags.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { runProxyOptions } from '../flags/proxy-options.ts';
import { countedFaces } from '../output/counted.ts';
import { stdout } from '../output/free-stdout.ts';
import { problemLines } from '../output/problem-lines.ts';
import { EXIT, type ExitCode, ink, print, printResult, tell, usageError } from '../output/report.ts';
import { table } from '../output/table.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { noticesOf } from '../targets/notices.ts';
import { openDocument } from '../targets/open-document.ts';
import { openOnce } from '../targets/open-once.ts';
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
  if (target.kind === 'document') {
    // Compute every output schema, including those that the list omits.
    const options = { ...runProxyOptions(flags, environment), answerSchemas: 'all' } as const;
    const api = await openDocument(target.document, options, { purpose: 'inspect' });
    try {
      for (const notice of api.notices) tell(notice);
      if (line.flags.graph !== undefined) {
        const { graphText } = await import('../output/graph.ts');
        print(graphText(api.model, line.flags.graph));
        return EXIT.ok;
      }
      if (wantsLock(line.flags)) {
        await writeLock(api.provider, [api.model], line.flags);
        return EXIT.ok;
      }
      const found = await inspection(api, line.flags);
      printResult(flags.json, found, () => inspectionLines(found));
      return EXIT.ok;
    } finally {
      await api.provider.close();
    }
  }
  if (line.flags.graph !== undefined) {
    throw usageError('--graph applies to one OpenAPI document.', 'Pass its path or URL.');
  }
  const { exec } = line.flags;
  const opened = await openOnce(target, line, { purpose: 'inspect', exec, environment });
  try {
    const { serverInspection, serverInspectionLines } = await import('./server-inspection.ts');
    for (const notice of noticesOf(opened.apis)) tell(notice);
    if (wantsLock(line.flags)) {
      await writeLock(
        opened.provider,
        opened.apis.map((each) => each.api.model),
        line.flags,
      );
      return EXIT.ok;
    }
    const found = await serverInspection(opened, line.flags);
    printResult(flags.json, found, () => serverInspectionLines(found));
    return EXIT.ok;
  } finally {
    await opened.provider.close();
  }
}

function inspectionLines(found: Inspection): string[] {
  const { bold } = ink(stdout);
  const section = (heading: string, lines: readonly string[]) => (lines.length ? ['', bold(heading), ...lines] : []);
  return [
    bold(`${found.title} ${found.version}`),
    `${found.document.location} (OpenAPI ${found.document.version}), requests go to ${found.serverUrl ?? 'an unknown server'}`,
    ...section('Tools', toolLines(found)),
    ...section('Resources', resourceLines(found.resources)),
    ...section('Resource templates', resourceLines(found.resourceTemplates)),
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
      String(tool.bytes),
      String(tool.tokens.model),
      String(tool.tokens.wire),
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

const resourceLines = (resources: Inspection['resources']): string[] =>
  table(
    ['name', 'URI'],
    resources.map((resource) => [resource.name, resource.uri]),
  );

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
