import { generic, ROOT_COMPOSITION } from './generic.ts';
import type { Profile } from './profile.ts';

/** Claude API, Claude Code and claude.ai connectors, without `strict`: its grammars are too large for real APIs. */
export const claude: Profile = {
  name: 'claude',
  // Anthropic, "Define tools": ^[a-zA-Z0-9_-]{1,64}$; claude.ai connectors: 64.
  toolName: { pattern: /^[a-zA-Z0-9_-]+$/, maxLength: 64 },
  // Anthropic, "Tool search": accuracy drops beyond 30–50 tools.
  maxTools: 50,
  // Claude Code shows 4,096 characters of a description up front.
  maxToolDescription: 4096,
  // Claude API, tools.input_schema.properties; twilio-labs/mcp#49, decocms/studio#6874: one bad key fails every
  // request.
  propertyKey: /^[a-zA-Z0-9_.-]{1,64}$/,
  // Root: "input_schema does not support oneOf, allOf, or anyOf at the top level"; mcpx#28: the tool is dropped.
  schema: { ...generic.schema, notAtRoot: ROOT_COMPOSITION },
};
