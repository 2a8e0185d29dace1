import { countedFaces } from './counted.ts';
import { readEnvironment } from './environment.ts';
import { type Inspection, inspection } from './inspection.ts';
import { openDocument } from './open-document.ts';
import type { SharedFlags } from './options.ts';
import { problemLines } from './problem-lines.ts';
import { sharedProxyOptions } from './proxy-options.ts';
import { EXIT, type ExitCode, ink, print } from './report.ts';
import { table } from './table.ts';

/** `openapi-mcp inspect`: shows what would be served. Problems alone do not fail it; a document of no use does. */
export async function inspect(document: string, flags: SharedFlags): Promise<ExitCode> {
  const environment = readEnvironment(flags.envFile);
  const api = await openDocument(document, { ...sharedProxyOptions(flags, environment), answerSchemas: 'all' });
  try {
    const found = await inspection(api);
    if (flags.json) print(JSON.stringify(found, null, 2));
    else for (const line of inspectionLines(found)) print(line);
    return EXIT.ok;
  } finally {
    await api.provider.close();
  }
}

function inspectionLines(found: Inspection): string[] {
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  const { bold } = ink(process.stdout);
  const section = (heading: string, lines: readonly string[]) => (lines.length ? ['', bold(heading), ...lines] : []);
  return [
    bold(`${found.title} ${found.version}`),
    `${found.document.location} (OpenAPI ${found.document.version}), requests go to ${found.serverUrl ?? 'no known server'}`,
    ...found.notices,
    ...section('Tools', found.tools.length ? toolLines(found, width) : []),
    ...section('Resources', resourceLines(found.resources, width)),
    ...section('Resource templates', resourceLines(found.resourceTemplates, width)),
    ...section('Problems', problemLines(found.problems)),
    ...section('In all', totalLines(found)),
  ];
}

function toolLines({ tools }: Inspection, width: number | undefined): string[] {
  return table(
    [
      { heading: 'bytes', align: 'right' },
      { heading: 'output' },
      { heading: 'name' },
      { heading: 'method' },
      { heading: 'path' },
    ],
    tools.map((tool) => [String(tool.bytes), tool.outputSchema, tool.name, tool.method, tool.path]),
    width,
  );
}

function resourceLines(resources: Inspection['resources'], width: number | undefined): string[] {
  if (resources.length === 0) return [];
  const rows = resources.map((resource) => [resource.name, resource.uri]);
  return table([{ heading: 'name' }, { heading: 'URI' }], rows, width);
}

function totalLines({ totals }: Inspection): string[] {
  return [
    countedFaces(totals),
    `${totals.filtered} of the document's ${totals.found} operations left out by filters`,
    `tools/list: ${totals.listBytes} bytes, about ${totals.estimatedTokens} tokens (bytes / 4, an estimate)`,
    `output schemas: ${totals.outputSchemasListed} listed, ${totals.outputSchemasOmitted} omitted`,
    `problems: ${totals.problems}`,
  ];
}
