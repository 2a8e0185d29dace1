import type { Profile } from './profile.ts';

/** Keywords at the root for which several providers reject the request, or silently drop the tool. */
export const ROOT_COMPOSITION = [
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'enum',
  'const',
  '$ref',
] as const;

/** The default: names, keys and roots that every known provider accepts; the rest is exact. */
export const generic: Profile = {
  name: 'generic',
  // What Claude's, OpenAI's and Vertex AI's rules have in common; MCP itself (2026-07-28) allows 128 and dots.
  toolName: { pattern: /^[a-zA-Z][a-zA-Z0-9_-]*$/, maxLength: 64 },
  // Vertex AI, parameter names.
  propertyKey: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
  schema: {
    // makenotion/notion-mcp-server#341, claude-code#657: one such root fails the entire request.
    notAtRoot: ROOT_COMPOSITION,
    keywords: 'any',
    refused: [],
    typeLists: true,
    enums: 'any',
    stringFormats: 'any',
    anyOfAlone: false,
    explicitShapes: false,
  },
};
