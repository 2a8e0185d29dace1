import type { OperationNeed } from '../../../model/index.ts';
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

/** The facts of a tool, if its provider gave any. They may come from another version of this runtime. */
export function factsOf({ _meta }: Pick<Tool, '_meta'>): OperationFacts | undefined {
  const facts = _meta?.[FACTS_KEY] as Partial<OperationFacts> | undefined;
  const isValid =
    typeof facts === 'object' &&
    facts !== null &&
    typeof facts.operation === 'string' &&
    typeof facts.path === 'string' &&
    Array.isArray(facts.words) &&
    Array.isArray(facts.needs);
  return isValid ? (facts as OperationFacts) : undefined;
}
