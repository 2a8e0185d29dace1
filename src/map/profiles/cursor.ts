import { generic, ROOT_COMPOSITION } from './generic.ts';
import type { Profile } from './profile.ts';

/** Cursor, whose models are of several providers: what all of them take. */
export const cursor: Profile = {
  name: 'cursor',
  // "Combined server and tool name length" of 60 in Cursor's own check leaves 48 and a prefix; names as Claude's.
  toolName: { pattern: /^[a-zA-Z0-9_-]+$/, maxLength: 60 },
  // 40 tools in 2025; names alone are loaded since 2026-01, yet Stainless's preset stays at 50 and Gcore's below it.
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
