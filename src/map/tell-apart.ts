import type { Operation } from '../model/index.ts';
import { shorten } from './text.ts';

/**
 * Appends method and path to descriptions that several operations share, as those of scaffolded controllers do
 * ("Display a listing of the resource.").
 *
 * @param longest maximum length of a description in characters
 */
export function tellApart(operations: readonly Operation[], longest: number): readonly Operation[] {
  const times = new Map<string, number>();
  for (const operation of operations) {
    const said = descriptionOf(operation);
    times.set(said, (times.get(said) ?? 0) + 1);
  }
  return operations.map((operation) => {
    if ((times.get(descriptionOf(operation)) ?? 0) < 2) return operation;
    const where = ` (${operation.request.method} ${operation.origin.path})`;
    const told = <Face extends { readonly description: string }>(face: Face): Face => ({
      ...face,
      description: `${shorten(face.description, Math.max(longest - where.length, 0))}${where}`,
    });
    return {
      ...operation,
      ...(operation.tool && { tool: told(operation.tool) }),
      ...(operation.resource && { resource: told(operation.resource) }),
    };
  });
}

const descriptionOf = ({ tool, resource }: Operation): string => (tool ?? resource)?.description ?? '';
