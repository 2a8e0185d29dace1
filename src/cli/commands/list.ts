import type { McpClient } from '../../client/index.ts';
import { PAGES_BY } from '../../lint/pages-text.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { type ListedPaging, listedOrigin } from '../../runtime/origin-meta.ts';
import type { Prompt, Provider, Tool } from '../../runtime/provider.ts';
import { known } from '../client/arguments/known-name.ts';
import { exampleCall } from '../client/print/example-call.ts';
import { schemaRows } from '../client/print/schema-lines.ts';
import { useClient } from '../client/use-client.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { commandText, shellWord } from '../output/command-text.ts';
import { oneLine } from '../output/for-terminal.ts';
import { stdout } from '../output/free-stdout.ts';
import { EXIT, type ExitCode, ink, printResult, section } from '../output/report.ts';
import { table } from '../output/table.ts';
import type { TargetWords } from '../targets/describe-target.ts';
import { type NotStarted, notStartedLine } from '../targets/not-started.ts';

export interface ListWords extends TargetWords {
  /** A tool or prompt to show with its arguments. */
  readonly name: string | undefined;
}

/** `openapi-mcp list`: lists what a server offers, or shows a tool or prompt with its arguments. */
export async function list({ name, ...words }: ListWords, line: CommandLine<FlagsOf<'list'>>): Promise<ExitCode> {
  return useClient(words, line, async ({ client, provider, targetText, down, notStarted, signal }) => {
    const [tools, prompts] = await Promise.all([client.listTools({ signal }), client.listPrompts({ signal })]);
    if (name === undefined) {
      const found = { ...(await offer(client, { tools, prompts, signal })), notStarted };
      printResult(line.flags.json, found, () => offerLines(found));
      return EXIT.ok;
    }
    const help = `${commandText('list', targetText)} lists what is available.`;
    const prompt = prompts.find((each) => each.name === name);
    if (prompt && !tools.some((each) => each.name === name))
      printResult(line.flags.json, prompt, () => promptLines(prompt, targetText));
    else {
      const tool = known(name, tools, { kind: prompts.length > 0 ? 'tool or prompt' : 'tool', help, down: down() });
      const paging = await pagingOf(tool, provider);
      printResult(line.flags.json, tool, () => toolLines(tool, targetText, paging));
    }
    return EXIT.ok;
  });
}

interface Lists {
  readonly tools: readonly Tool[];
  readonly prompts: readonly Prompt[];
}

async function offer(client: McpClient, { tools, prompts, signal }: Lists & { signal: AbortSignal }) {
  const [resources, resourceTemplates] = await Promise.all([
    client.listResources({ signal }),
    client.listResourceTemplates({ signal }),
  ]);
  return {
    server: client.server ?? null,
    protocolVersion: client.protocolVersion,
    instructions: client.instructions ?? null,
    tools,
    resources,
    resourceTemplates,
    prompts,
  };
}

function offerLines(
  found: Awaited<ReturnType<typeof offer>> & { readonly notStarted: readonly NotStarted[] },
): readonly string[] {
  const { server, tools, resources, resourceTemplates, prompts, notStarted } = found;
  const sections = [
    ...countedSection(
      'Tools',
      tools.map((tool) => [tool.name, oneLine(tool.description ?? tool.title)]),
    ),
    ...countedSection(
      'Resources',
      resources.map((each) => [each.uri, oneLine(each.description ?? each.title ?? each.name)]),
    ),
    ...countedSection(
      'Resource templates',
      resourceTemplates.map((each) => [each.uriTemplate, oneLine(each.description ?? each.title ?? each.name)]),
    ),
    ...countedSection(
      'Prompts',
      prompts.map((each) => [each.name, oneLine(each.description ?? each.title)]),
    ),
    ...section(
      `Not started (${notStarted.length})`,
      notStarted.map((each) => `  ${notStartedLine(each)}`),
    ),
  ];
  const heading = server ? [ink(stdout).bold(oneLine(`${server.title ?? server.name} ${server.version}`))] : [];
  if (sections.length === 0) return [...heading, 'The target offers nothing.'];
  return [...heading, ...sections];
}

const countedSection = (heading: string, rows: readonly (readonly string[])[]): readonly string[] =>
  section(`${heading} (${rows.length})`, aligned(rows));

/** How the pages of a tool are reached, if it was opened in this process. */
async function pagingOf({ name }: Tool, provider: Provider | undefined): Promise<ListedPaging | undefined> {
  const tools = await provider?.listTools({ origins: true });
  const tool = tools?.find((each) => each.name === name);
  return tool && listedOrigin(tool)?.paging;
}

function pagingLines({ kind, positions }: ListedPaging): readonly string[] {
  if (kind === undefined) return [];
  const own = positions.length > 0 ? `, argument ${positions.join(' or ')}` : '';
  return section('Pages', [`  by ${PAGES_BY[kind]}${own}; run --paging adds cursor and max_items`]);
}

function toolLines(tool: Tool, targetText: string, paging: ListedPaging | undefined): readonly string[] {
  return [
    `${ink(stdout).bold(tool.name)}${hints(tool)}`,
    ...(tool.description ?? tool.title ?? '').split(/\r?\n/).map((line) => oneLine(line)),
    ...argumentLines(schemaRows(tool.inputSchema)),
    ...section('Result', aligned(tool.outputSchema ? schemaRows(tool.outputSchema) : [])),
    ...(paging ? pagingLines(paging) : []),
    ...section('Example', [exampleCall(tool, targetText)]),
  ];
}

function promptLines(prompt: Prompt, targetText: string): readonly string[] {
  const rows = (prompt.arguments ?? []).map(({ name, description, required }) => [
    name,
    required ? 'text, required' : 'text',
    oneLine(description),
  ]);
  const given = (prompt.arguments ?? []).filter(({ required }) => required).map(({ name }) => `${shellWord(name)}=…`);
  return [
    ink(stdout).bold(prompt.name),
    oneLine(prompt.description ?? prompt.title),
    ...argumentLines(rows),
    ...section('Example', [commandText('prompt', targetText, shellWord(prompt.name), ...given)]),
  ];
}

const argumentLines = (rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length > 0 ? section('Arguments', aligned(rows)) : ['', 'It takes no arguments.'];

function hints({ annotations }: Tool): string {
  const said = [
    ...(annotations?.readOnlyHint ? ['read-only'] : []),
    ...(annotations?.destructiveHint ? ['may change data'] : []),
    ...(annotations?.idempotentHint && !annotations.readOnlyHint ? ['idempotent'] : []),
  ];
  return said.length > 0 ? ` (${said.join(', ')})` : '';
}

/** Without heading, indented by two spaces. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const headings = (rows[0] ?? []).map(() => '');
  // A terminal of unknown width reports 0.
  const width = stdout.isTTY && stdout.columns > 0 ? stdout.columns - 2 : Number.POSITIVE_INFINITY;
  return table(headings, rows, width)
    .slice(1)
    .map((line) => `  ${line}`);
}
