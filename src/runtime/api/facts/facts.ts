import type { OperationNeed } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import type { Tool } from '../../provider.ts';

/**
 * What search uses of an operation besides its listed tool. A provider adds it to `_meta` of a tool, under
 * {@link FACTS_KEY}, if the caller of `listTools` sets `facts`. Plain data, so that it crosses mounts, transforms and
 * copies of this runtime; clients never receive it.
 */
export interface OperationFacts {
  /** Name of the API: operations are unique within it. */
  readonly api: string;
  /** `GET /users/{id}` */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** Stems by field, in the order of `FIELDS`, separated by spaces. */
  readonly words: readonly string[];
  /** Which operations return values that arguments of this one require, best first. */
  readonly needs: readonly OperationNeed[];
  /** The name and description that `words` were taken from. Transforms may have changed those of the tool. */
  readonly name: string;
  readonly description: string;
}

export const FACTS_KEY = 'openapi-mcp/operation';

/** The facts of a tool, if its provider gave any. Another version of this runtime, or a remote server, may have written them. */
export function factsOf({ _meta }: Pick<Tool, '_meta'>): OperationFacts | undefined {
  const facts = _meta?.[FACTS_KEY];
  if (!isRecord(facts)) return undefined;
  const isValid = TEXTS.every((key) => isText(facts[key])) && isTexts(facts.tags) && isTexts(facts.words);
  // Checked above.
  return isValid && isNeeds(facts.needs) ? (facts as unknown as OperationFacts) : undefined;
}

const TEXTS = ['api', 'operation', 'method', 'path', 'name', 'description'] as const satisfies (keyof OperationFacts)[];
const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isNeeds = (value: unknown): boolean =>
  Array.isArray(value) && value.every((need) => isRecord(need) && isText(need.argument) && isText(need.operation));

/** The tool of another server, whose facts are not trusted: they could claim to be operations of an API of ours. */
export function withoutFacts(tool: Tool): Tool {
  if (tool._meta?.[FACTS_KEY] === undefined) return tool;
  const { [FACTS_KEY]: _, ..._meta } = tool._meta;
  return { ...tool, _meta };
}
