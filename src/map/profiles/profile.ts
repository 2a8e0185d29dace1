import type { ProfileName } from '../choices.ts';
/**
 * What one model provider accepts of a tool definition. Rules as data; `apply-profile.ts` compiles a schema to them and
 * `check-profile.ts` checks one against them, each reading the rules on its own.
 */
export interface Profile {
  readonly name: ProfileName;
  readonly toolName: { readonly pattern: RegExp; readonly maxLength: number };
  /** More tools than these are refused, cut or chosen among badly; a warning, for the host decides. */
  readonly maxTools?: number;
  /** The longest description of a tool. */
  readonly maxToolDescription?: number;
  readonly propertyKey: RegExp;
  readonly schema: SchemaRules;
}

export type { ProfileName } from '../choices.ts';

export interface SchemaRules {
  /** Keywords that may not stand at the root, which always is a plain `type: object`. */
  readonly notAtRoot: readonly string[];
  /** Keywords that may stand anywhere; `any`: all of JSON Schema 2020-12. */
  readonly keywords: 'any' | readonly string[];
  /** Keywords that may not stand anywhere. */
  readonly refused: readonly string[];
  /** `type` may be a list. Where it may not, null is told by `nullable` if that is among the keywords. */
  readonly typeLists: boolean;
  readonly enums: 'any' | 'strings';
  /** Formats of strings that may be told; `any`. */
  readonly stringFormats: 'any' | readonly string[];
  /** `anyOf` stands alone in its schema. */
  readonly anyOfAlone: boolean;
  /**
   * A list says what its items are, and only an object has properties, of which there is at least one below the root.
   */
  readonly explicitShapes: boolean;
  /**
   * Where references are refused: how deep, and how large (JSON characters of one tool), schemas may become by putting
   * what they refer to in their place, and how long one description.
   */
  readonly inlined?: { readonly maxDepth: number; readonly maxSize: number; readonly maxDescription: number };
}
