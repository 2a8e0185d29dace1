import type { FlagsOf } from '../../options/flags.ts';
import type { ListTokens } from '../../runtime/fit/count.ts';
import type { Tool } from '../../runtime/provider.ts';
import { stdout } from '../output/free-stdout.ts';
import { problemLines } from '../output/problem-lines.ts';
import { ink, section } from '../output/report.ts';
import { resourceTable, table } from '../output/table.ts';
import { type NotStarted, notStartedLine } from '../targets/not-started.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { type InspectedTokens, type TokenCounter, tokenCounter, tokenLines } from './list-tokens.ts';
import { apiReports, countsOf, offerLine, offerOf, type ServerReport, whatIs } from './server-report.ts';

/** The output of `inspect` for anything but a single document; with `--json`, exactly this. */
export interface ServerInspection extends Omit<ServerReport, 'counts'> {
  readonly tools: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly tokens: ListTokens;
    readonly outputSchema: boolean;
  }[];
  readonly resources: readonly { readonly uri: string; readonly name: string }[];
  readonly resourceTemplates: readonly { readonly uriTemplate: string; readonly name: string }[];
  readonly prompts: readonly { readonly name: string }[];
  readonly totals: {
    /** Size of the complete `tools/list` response, as JSON. */
    readonly listBytes: number;
    readonly tokens: InspectedTokens;
  };
  /** What `--no-exec` only lists by name. */
  readonly notStarted: readonly NotStarted[];
}

export async function serverInspection(
  opened: OpenedTarget,
  flags: Pick<FlagsOf<'inspect'>, 'exact' | 'budget'>,
): Promise<ServerInspection> {
  const counter = await tokenCounter(flags);
  const { tools, resources, resourceTemplates, prompts } = await offerOf(opened.provider);
  const listBytes = jsonBytes({ tools });
  const inspected = tools.map((tool) => inspectedTool(tool, counter));
  return {
    ...whatIs(opened),
    tools: inspected,
    resources: resources.map(({ uri, name }) => ({ uri, name })),
    resourceTemplates: resourceTemplates.map(({ uriTemplate, name }) => ({ uriTemplate, name })),
    prompts: prompts.map(({ name }) => ({ name })),
    totals: {
      listBytes,
      tokens: await counter.inspected(opened.provider, inspected),
    },
    apis: apiReports(opened),
    notStarted: opened.notStarted,
  };
}

const inspectedTool = (tool: Tool, counter: TokenCounter) => ({
  name: tool.name,
  bytes: jsonBytes(tool),
  tokens: counter.of(tool),
  outputSchema: tool.outputSchema !== undefined,
});

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

export function serverInspectionLines(found: ServerInspection): string[] {
  const { tools, resources, resourceTemplates, prompts, totals } = found;
  return [
    ink(stdout).bold(`${found.name} ${found.version}`),
    `${found.kind}: ${found.target}`,
    ...section(
      'Tools',
      table(
        ['bytes', 'model', 'wire', 'name'],
        tools.map(({ bytes, tokens, name }) => [bytes, tokens.model, tokens.wire, name]),
      ),
    ),
    ...section('Resources', resourceTable(resources)),
    ...section(
      'Resource templates',
      resourceTable(resourceTemplates.map(({ name, uriTemplate }) => ({ name, uri: uriTemplate }))),
    ),
    ...section(
      'Prompts',
      table(
        ['name'],
        prompts.map(({ name }) => [name]),
      ),
    ),
    ...found.apis.flatMap(({ namespace, problems }) =>
      section(`Problems of ${namespace ?? 'the document'}`, problemLines(problems)),
    ),
    ...section('Not started', found.notStarted.map(notStartedLine)),
    ...section('Total', [
      offerLine(countsOf(found)),
      `tools/list: ${totals.listBytes} bytes`,
      ...tokenLines(totals.tokens),
    ]),
  ];
}
