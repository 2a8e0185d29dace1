import type { Profile } from './profile.ts';

/** Keywords that several providers refuse, or silently drop the tool for, when they stand at the root. */
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

/** The default: what every provider known to us accepts of names, keys and root; the rest as exact as it is. */
export const generic: Profile = {
  name: 'generic',
  // The common part of Claude's, OpenAI's and Vertex AI's rules; MCP itself (2026-07-28) allows 128 and dots.
  toolName: { pattern: /^[a-zA-Z][a-zA-Z0-9_-]*$/, maxLength: 64 },
  // Vertex AI, parameter names.
  propertyKey: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
  schema: {
    // makenotion/notion-mcp-server#341, claude-code#657: one such root fails the whole request.
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
