import type { ProfileName } from '../choices.ts';
/**
 * The rules of one model provider for tool definitions, as data. `apply-profile.ts` compiles a schema to them, and
 * `check-profile.ts` checks a schema against them; the two implementations are independent.
 */
export interface Profile {
  readonly name: ProfileName;
  readonly toolName: { readonly pattern: RegExp; readonly maxLength: number };
  /**
   * With more tools than this, providers reject the request, drop tools or choose badly. Only a warning, because the
   * host decides.
   */
  readonly maxTools?: number;
  /** Maximum length of a tool's description. */
  readonly maxToolDescription?: number;
  readonly propertyKey: RegExp;
  readonly schema: SchemaRules;
}

export interface SchemaRules {
  /** Keywords that are not allowed at the root, which is always a plain `type: object`. */
  readonly notAtRoot: readonly string[];
  /** Keywords that are allowed anywhere; `any`: all of JSON Schema 2020-12. */
  readonly keywords: 'any' | readonly string[];
  /** Keywords that are not allowed anywhere. */
  readonly refused: readonly string[];
  /** `type` may be a list. If not, null is expressed by `nullable`, if that is one of the keywords. */
  readonly typeLists: boolean;
  readonly enums: 'any' | 'strings';
  /** Formats of strings that are allowed; `any`. */
  readonly stringFormats: 'any' | readonly string[];
  /** `anyOf` must not have siblings. */
  readonly anyOfAlone: boolean;
  /** A list must have `items`, and only an object may have `properties`, which must not be empty below the root. */
  readonly explicitShapes: boolean;
  /**
   * If references are rejected: the maximum depth and size (JSON characters of one tool) of schemas after inlining, and
   * the maximum length of a description.
   */
  readonly inlined?: { readonly maxDepth: number; readonly maxSize: number; readonly maxDescription: number };
}
