import type { ApiModel } from '../../../model/index.ts';
import type { Tool } from '../../provider.ts';
import { operationKey } from './dependencies.ts';
import { FACTS_KEY, type OperationFacts } from './facts.ts';
import { searchData } from './search-data.ts';

/** The tools of a model with the facts that search uses, in `_meta`. */
export function addFacts(tools: readonly Tool[], model: ApiModel): readonly Tool[] {
  const { words, needs } = searchData(model);
  const byName = new Map(
    model.operations.flatMap((operation, index) =>
      operation.tool ? [[operation.tool.name, { operation, index }]] : [],
    ),
  );
  const withFacts = tools.map((tool): Tool => {
    const found = byName.get(tool.name);
    if (!found) return tool;
    const { operation, index } = found;
    const { method, path, tags, deprecated } = { ...operation.origin, method: operation.request.method };
    const facts: OperationFacts = {
      api: model.name,
      operation: operationKey(operation),
      method,
      path,
      tags,
      deprecated,
      words: words[index] ?? [],
      needs: needs[index] ?? [],
      name: tool.name,
      description: tool.description ?? '',
    };
    return { ...tool, _meta: { ...tool._meta, [FACTS_KEY]: facts } };
  });
  return Object.freeze(withFacts);
}
