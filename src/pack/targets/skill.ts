import { openTemplates } from '../../emit/templates.ts';
import { markdownText } from '../../emit/text/markdown.ts';
import {
  codeText,
  countedTools,
  type PackedTool,
  type PackFile,
  type PackSource,
  servedFiles,
} from '../pack-source.ts';

/** Limits of a skill: https://agentskills.io/specification. */
const MOST = { description: 1024 };
/** SKILL.md is read as a whole, so it should stay below 500 lines. A longer list is in a file of its own. */
const MOST_LISTED = 150;

/** A skill for agents with a shell: instructions to call the tools with `openapi-mcp call`. */
export async function skillFiles(source: PackSource): Promise<readonly PackFile[]> {
  const render = await openTemplates();
  const isLong = source.tools.length > MOST_LISTED;
  const groups = groupsOf(source.tools);
  const view = viewOf(source, groups, isLong);
  return [
    { path: 'SKILL.md', content: render('pack/SKILL.md')(view) },
    ...(isLong ? [{ path: 'references/tools.md', content: render('pack/tools.md')(view) }] : []),
    ...servedFiles(source),
  ];
}

interface Group {
  readonly title: string;
  readonly count: string;
  readonly tools: readonly { readonly name: string; readonly about: string }[];
}

function viewOf(source: PackSource, groups: readonly Group[], isLong: boolean) {
  const { name, title, description, tools, variables, programVersion } = source;
  return {
    name,
    title: markdownText(title),
    // YAML in double quotes is JSON.
    description: JSON.stringify(cut(whenToUse(source, groups), MOST.description)),
    about: markdownText(description),
    count: countedTools(tools.length),
    program: 'openapi-mcp',
    version: programVersion,
    variables: variables.map((variable) => ({ name: variable.name, about: markdownText(variable.description) })),
    groups,
    isLong,
  };
}

function whenToUse({ title, description }: PackSource, groups: readonly Group[]): string {
  const topics = groups
    .map((group) => group.title.replaceAll('\\', '').toLowerCase())
    .filter((topic) => topic !== 'other');
  const about = topics.length > 0 ? ` Topics: ${topics.join(', ')}.` : '';
  return `Calls ${title} from the command line. ${description} Use it when the user wants to read or change something there.${about}`.replace(
    /[<>]/g,
    '',
  );
}

/** By the first tag of each operation, in the order of the document. */
function groupsOf(tools: readonly PackedTool[]): readonly Group[] {
  const groups = new Map<string, PackedTool[]>();
  for (const tool of tools) {
    const tag = tool.tag ?? 'Other';
    groups.set(tag, [...(groups.get(tag) ?? []), tool]);
  }
  return [...groups].map(([tag, members]) => ({
    title: markdownText(tag),
    count: countedTools(members.length),
    tools: members.map(({ name, description }) => ({ name: codeText(name), about: markdownText(description) })),
  }));
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
