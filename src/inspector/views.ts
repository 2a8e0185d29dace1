import { PROBLEMS } from '../problems.ts';
import { dependencyEdges } from '../runtime/api/facts/dependency-edges.ts';
import { estimateTokens, listTokens, modelTokens, USUAL_BUDGET, wireTokens } from '../runtime/fit/count.ts';
import { modeCosts } from '../runtime/fit/modes.ts';
import { listedOrigin } from '../runtime/origin-meta.ts';
import type { Tool } from '../runtime/provider.ts';
import type { Budget, Graph, Overview, ShownProblem, ToolCost } from './api-types.ts';
import type { InspectedServer } from './inspected.ts';
import { RequestError } from './respond.ts';
import { toolLines } from './tool-lines.ts';

/** What the page shows of a server at its start, and after each reload. */
export async function overview(server: InspectedServer): Promise<Overview> {
  const { whole, mode, failure, apis } = server;
  const context = { unrestricted: true } as const;
  const [tools, resources, templates, prompts] = await Promise.all([
    toolLines(whole),
    whole.listResources(context),
    whole.listResourceTemplates(context),
    whole.listPrompts(context),
  ]);
  const { name, title, version } = whole.info;
  return {
    info: { name, version, ...(title !== undefined && { title }) },
    mode,
    ...(failure && { failure }),
    problems: apis.reduce((sum, { api }) => sum + api.problems.length, 0),
    tools,
    resources,
    templates,
    prompts,
  };
}

/** What a list costs a model: as clients see it, per tool, and in each mode. */
export async function budget({ provider, whole, mode }: InspectedServer): Promise<Budget> {
  const tools = await provider.listTools({ unrestricted: true });
  return {
    mode,
    usual: USUAL_BUDGET,
    tools: tools.map(toolCost),
    total: listTokens(tools),
    modes: await modeCosts(whole),
  };
}

/** What a model sees of a tool, as clients list it. @throws RequestError 404 */
export async function seen({ provider }: InspectedServer, name: string): Promise<Partial<Tool>> {
  const tool = (await provider.listTools({ unrestricted: true })).find((each) => each.name === name);
  if (!tool) throw new RequestError(404, `There is no tool "${name}" any more.`);
  const { description, inputSchema } = tool;
  return { name, ...(description !== undefined && { description }), inputSchema };
}

function toolCost(tool: Tool): ToolCost {
  return {
    tool: tool.name,
    name: estimateTokens(tool.name),
    description: estimateTokens(tool.description ?? ''),
    schema: estimateTokens(JSON.stringify(tool.inputSchema)),
    model: modelTokens(tool),
    wire: wireTokens(tool),
  };
}

/** Which operation returns the ids that another one requires, of all APIs. */
export async function graph({ whole, apis }: InspectedServer): Promise<Graph> {
  const tools = await whole.listTools({ origins: true, unrestricted: true });
  const names = new Map(
    tools.flatMap((tool) => {
      const origin = listedOrigin(tool);
      return origin ? [[`${origin.api} ${origin.method} ${origin.path}`, tool.name] as const] : [];
    }),
  );
  const parts = apis.map(({ api: { model } }, index): Graph => {
    const idOf = (operation: string) => `${index}:${operation}`;
    return {
      nodes: model.operations.map(({ id, origin, request }) => {
        const tool = names.get(`${model.name} ${origin.method} ${origin.path}`);
        const node = { id: idOf(id), label: tool ?? id, method: request.method, path: origin.path };
        return tool === undefined ? node : { ...node, tool };
      }),
      edges: dependencyEdges(model).map(({ from, to, labels }) => ({ from: idOf(from), to: idOf(to), labels })),
    };
  });
  return { nodes: parts.flatMap(({ nodes }) => nodes), edges: parts.flatMap(({ edges }) => edges) };
}

/** The problems of all documents. */
export function problems({ apis }: InspectedServer): readonly ShownProblem[] {
  return apis.flatMap(({ namespace, api }) =>
    api.problems.map(({ code, severity, pointer, message }) => ({
      ...(apis.length > 1 && { api: namespace ?? api.model.title }),
      code,
      severity,
      pointer,
      message,
      fix: PROBLEMS[code].fix,
    })),
  );
}
