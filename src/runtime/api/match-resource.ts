import type { ApiModel, Operation } from '../../model/index.ts';
import { argumentsFromText } from './arguments/text-arguments.ts';
import { createTemplateMatcher } from './uri-template/index.ts';

export interface FoundResource {
  readonly operation: Operation;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A function that finds the operation of a URI, and its arguments, by URI templates (RFC 6570). */
export function resourceMatcher(
  templated: ReadonlyMap<string, Operation>,
  schemas: ApiModel['schemas'],
): (uri: string) => FoundResource | undefined {
  const match = createTemplateMatcher([...templated.keys()]);
  return (uri) => {
    const found = match(uri);
    const operation = found && templated.get(found.template);
    return operation && { operation, arguments: argumentsFromText(operation, schemas, found.values) };
  };
}
