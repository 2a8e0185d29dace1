import { provenHints } from '../../claimed-hints.ts';
import type { Tool } from '../../provider.ts';
import { ALWAYS_LOADED } from '../always-loaded.ts';
import { MOST_HITS } from '../search/found-text.ts';
import { argumentsForm } from '../signature-form.ts';
import { memberOf } from './declarations.ts';
import { CODE_LIMITS, type CodeLimits } from './limits.ts';

export const SEARCH_DOCS = 'search_docs';
export const EXECUTE = 'execute';

/** What is listed in place of these tools. */
export function codeTools(tools: readonly Tool[], limits: Required<CodeLimits> = CODE_LIMITS): readonly Tool[] {
  if (tools.length === 0) return tools;
  const isReadOnly = tools.every((tool) => provenHints(tool).readOnlyHint === true);
  return Object.freeze([searchTool(tools.length), executeTool(exampleOf(tools), limits, isReadOnly)]);
}

const searchTool = (count: number): Tool => ({
  name: SEARCH_DOCS,
  description: `Finds functions for ${EXECUTE} among ${count}: say in a few words what to do and with what. Returns declarations and where required ids come from. No type: string; a|b: one of these strings. names: complete schemas.`,
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string' },
      tag: { type: 'string' },
      limit: { type: 'integer', minimum: 1, maximum: MOST_HITS },
      names: { type: 'array', items: { type: 'string' } },
    },
  },
  annotations: { readOnlyHint: true, openWorldHint: false },
  _meta: ALWAYS_LOADED,
});

function executeTool(example: string, { timeoutMs, maxCalls }: Required<CodeLimits>, isReadOnly: boolean): Tool {
  return {
    name: EXECUTE,
    description: `Runs plain JavaScript, the body of an async function, that calls functions found by ${SEARCH_DOCS}: ${example}. Use variables, loops and Promise.all for several calls, and return only what you need. A second argument {fields:['id','owner.name']} shortens a large result. Failed calls throw. No imports, network, files or timers; at most ${timeoutMs / 1000} s and ${maxCalls} calls.`,
    inputSchema: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] },
    // It may call any of the tools, so it is read-only only if all are.
    annotations: isReadOnly ? { readOnlyHint: true, openWorldHint: true } : { openWorldHint: true },
    _meta: ALWAYS_LOADED,
  };
}

/** A short call of this API, which reads if possible. */
function exampleOf(tools: readonly Tool[]): string {
  const [best] = tools
    .slice(0, MOST_CANDIDATES)
    .map((tool) => ({ tool, cost: costOf(tool) }))
    .sort((one, other) => one.cost - other.cost);
  const tool = best?.tool;
  if (!tool) return '';
  const required = (tool.inputSchema.required ?? []).slice(0, 3);
  const form = argumentsForm({ ...tool, inputSchema: { type: 'object', required } });
  return `const x = await ${memberOf(tool.name)}(${form === '' ? '' : `{${form}}`}); return x`;
}
const MOST_CANDIDATES = 200;

/** One required argument shows more than none. */
function costOf(tool: Tool): number {
  const required = tool.inputSchema.required?.length ?? 0;
  return (provenHints(tool).readOnlyHint === true ? 0 : 10) + (required === 0 ? 1.5 : required);
}
