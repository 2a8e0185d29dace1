import { generic, ROOT_COMPOSITION } from './generic.ts';
import type { Profile } from './profile.ts';

/** Cursor, which uses models of several providers: what all of them accept. */
export const cursor: Profile = {
  name: 'cursor',
  // Cursor itself limits "Combined server and tool name length" to 60, which leaves 48 and a prefix; names as
  // Claude's.
  toolName: { pattern: /^[a-zA-Z0-9_-]+$/, maxLength: 60 },
  // 40 tools in 2025. Since 2026-01 only names are loaded, but Stainless's preset stays at 50 and Gcore's is lower.
  maxTools: 40,
  propertyKey: /^[a-zA-Z0-9_.-]{1,64}$/,
  schema: {
    ...generic.schema,
    notAtRoot: ROOT_COMPOSITION,
    // Stainless's preset for Cursor: references, unions and formats off.
    refused: ['$ref', '$defs', '$anchor', 'oneOf', 'anyOf', 'allOf', 'format'],
    stringFormats: [],
    inlined: { maxDepth: 8, maxSize: 12_000, maxDescription: 1000 },
  },
};
