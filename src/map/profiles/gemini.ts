import type { Profile } from './profile.ts';

/** Gemini API and Vertex AI, by the `parameters` of a function declaration. */
export const gemini: Profile = {
  name: 'gemini',
  // Gemini API: 128 of [A-Za-z0-9_.:-]; Vertex AI: starts with a letter or _, 64.
  toolName: { pattern: /^[a-zA-Z_][a-zA-Z0-9_-]*$/, maxLength: 64 },
  // Vertex AI, function calling (older reference): 64 declarations.
  maxTools: 64,
  // Vertex AI, parameter names.
  propertyKey: /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
  schema: {
    notAtRoot: ['anyOf', 'enum', 'nullable'],
    // The fields of Schema in the API's discovery document (revision 20260816); any other fails the entire request
    // (nakama#292, pizza-bot#62).
    keywords: [
      'type',
      'format',
      'title',
      'description',
      'nullable',
      'default',
      'example',
      'enum',
      'properties',
      'required',
      'propertyOrdering',
      'items',
      'minItems',
      'maxItems',
      'minimum',
      'maximum',
      'minLength',
      'maxLength',
      'minProperties',
      'maxProperties',
      'pattern',
      'anyOf',
    ],
    refused: [],
    // `type` is one value of an enumeration; null is expressed by `nullable`.
    typeLists: false,
    // `enum` is a list of strings; an empty one is rejected.
    enums: 'strings',
    // "only 'enum' and 'date-time' are supported for STRING type" (enechange/collmbo#195).
    stringFormats: ['date-time', 'enum'],
    // "When using any_of, it must be the only field set" (Vertex AI; opencode#15795).
    anyOfAlone: true,
    // opencode#11889: properties and required only on an object; "items: missing field"; "properties: should be
    // non-empty for OBJECT type".
    explicitShapes: true,
    // No $ref and no recursion, so we choose the size: about 3,000 tokens.
    inlined: { maxDepth: 8, maxSize: 12_000, maxDescription: 1000 },
  },
};
