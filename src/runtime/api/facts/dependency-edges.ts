import type { ApiModel } from '../../../model/index.ts';
import { operationKey } from './dependencies.ts';
import { searchData } from './search-data.ts';

/** An operation that returns ids, and one that requires them. */
export interface DependencyEdge {
  /** Ids of operations. */
  readonly from: string;
  readonly to: string;
  /** The arguments of `to` that are such ids. */
  readonly labels: readonly string[];
}

/** The dependencies between the operations of an API. */
export function dependencyEdges(model: ApiModel): readonly DependencyEdge[] {
  const ids = new Map(model.operations.map((operation) => [operationKey(operation), operation.id]));
  return searchData(model).needs.flatMap((needs, index) => {
    const to = model.operations[index]?.id ?? '';
    const labels = new Map<string, string[]>();
    for (const { argument, operation } of needs) {
      const from = ids.get(operation);
      if (from !== undefined) labels.set(from, [...(labels.get(from) ?? []), argument]);
    }
    return [...labels].map(([from, names]) => ({ from, to, labels: names }));
  });
}
