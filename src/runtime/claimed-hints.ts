import type { ToolAnnotations } from '../model/index.ts';
import type { Tool } from './provider.ts';

/** `_meta` lists here the hints that a remote server claims and the operator has not confirmed. */
const CLAIMED_KEY = 'openapi-mcp/claimedHints';

/**
 * The values that make a tool look safer than one without annotations (MCP, ToolAnnotations: hints from an untrusted
 * server must not be relied on).
 */
const LOOSENING: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** A remote server's tool: hints that would loosen a guard are marked as claims, whatever marks the server sent. */
export function withClaims(tool: Tool): Tool {
  const annotations: Readonly<Record<string, unknown>> = { ...tool.annotations };
  const claims = Object.entries(LOOSENING).flatMap(([hint, value]) => (annotations[hint] === value ? [hint] : []));
  return withMark(tool, claims);
}

/** The tool with `hints` set by the operator, who may tighten and loosen. */
export function withOwnHints(tool: Tool, hints: ToolAnnotations): Tool {
  const claims = claimsOf(tool).filter((hint) => !Object.hasOwn(hints, hint));
  return withMark({ ...tool, annotations: { ...tool.annotations, ...hints } }, claims);
}

/** The annotations that guards may rely on: those that are not claims. */
export function provenHints(tool: Pick<Tool, 'annotations' | '_meta'>): ToolAnnotations {
  const claims = claimsOf(tool);
  if (claims.length === 0) return tool.annotations ?? {};
  return Object.fromEntries(Object.entries(tool.annotations ?? {}).filter(([hint]) => !claims.includes(hint)));
}

function claimsOf({ _meta }: Pick<Tool, '_meta'>): readonly string[] {
  const claims = _meta?.[CLAIMED_KEY];
  return Array.isArray(claims) ? claims : [];
}

function withMark(tool: Tool, claims: readonly string[]): Tool {
  if (claims.length > 0) return { ...tool, _meta: { ...tool._meta, [CLAIMED_KEY]: claims } };
  if (tool._meta?.[CLAIMED_KEY] === undefined) return tool;
  const { [CLAIMED_KEY]: _, ...meta } = tool._meta;
  return { ...tool, _meta: meta };
}
