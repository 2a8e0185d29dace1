import type { FlagsOf } from '../../options/flags.ts';
import type { ListTokens } from '../../runtime/fit/count.ts';
import type { Tool } from '../../runtime/provider.ts';
import { counted } from '../output/counted.ts';
import { stdout } from '../output/free-stdout.ts';
import { problemLines } from '../output/problem-lines.ts';
import { ink } from '../output/report.ts';
import { type StartReport, startReport } from '../output/start-report.ts';
import { table } from '../output/table.ts';
import { type NotStarted, notStartedLine } from '../targets/not-started.ts';
import type { OpenedTarget } from '../targets/opened-target.ts';
import { targetLabel } from '../targets/target.ts';
import { type InspectedTokens, type TokenCounter, tokenCounter, tokenLines } from './list-tokens.ts';

/** The output of `inspect` for anything but a single document; with `--json`, exactly this. */
export interface ServerInspection {
  readonly name: string;
  readonly version: string;
  readonly kind: OpenedTarget['target']['kind'];
  readonly target: string;
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
  /** Its OpenAPI documents. */
  readonly apis: readonly (StartReport & { readonly namespace: string | null })[];
  /** What `--no-exec` only lists by name. */
  readonly notStarted: readonly NotStarted[];
}

export async function serverInspection(
  { target, provider, apis, notStarted }: OpenedTarget,
  flags: Pick<FlagsOf<'inspect'>, 'exact' | 'budget'>,
): Promise<ServerInspection> {
  const counter = await tokenCounter(flags);
  const [tools, resources, templates, prompts] = await Promise.all([
    provider.listTools({}),
    provider.listResources({}),
    provider.listResourceTemplates({}),
    provider.listPrompts({}),
  ]);
  const { name, version } = provider.info;
  const listBytes = jsonBytes({ tools });
  const inspected = tools.map((tool) => inspectedTool(tool, counter));
  return {
    name,
    version,
    kind: target.kind,
    target: targetLabel(target),
    tools: inspected,
    resources: resources.map(({ uri, name }) => ({ uri, name })),
    resourceTemplates: templates.map(({ uriTemplate, name }) => ({ uriTemplate, name })),
    prompts: prompts.map(({ name }) => ({ name })),
    totals: {
      listBytes,
      tokens: await counter.inspected(provider, inspected),
    },
    apis: apis.map(({ namespace = null, api }) => ({ namespace, ...startReport(api) })),
    notStarted,
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
  const { bold } = ink(stdout);
  const section = (heading: string, lines: readonly string[]) => (lines.length ? ['', bold(heading), ...lines] : []);
  const { tools, resources, resourceTemplates, prompts, totals } = found;
  return [
    bold(`${found.name} ${found.version}`),
    `${found.kind}: ${found.target}`,
    ...section(
      'Tools',
      table(
        ['bytes', 'model', 'wire', 'name'],
        tools.map(({ bytes, tokens, name }) => [String(bytes), String(tokens.model), String(tokens.wire), name]),
      ),
    ),
    ...section(
      'Resources',
      table(
        ['name', 'URI'],
        resources.map(({ name, uri }) => [name, uri]),
      ),
    ),
    ...section(
      'Resource templates',
      table(
        ['name', 'URI'],
        resourceTemplates.map(({ name, uriTemplate }) => [name, uriTemplate]),
      ),
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
      `${counted(tools.length, 'tool')}, ${counted(resources.length, 'resource')}, ${counted(resourceTemplates.length, 'resource template')}, ${counted(prompts.length, 'prompt')}`,
      `tools/list: ${totals.listBytes} bytes`,
      ...tokenLines(totals.tokens),
    ]),
  ];
}
