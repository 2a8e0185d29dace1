import type { ApiModel, SearchData } from '../../../model/index.ts';
import { dependencies } from './dependencies.ts';
import { operationWords } from './fields.ts';

/** From the model if it was prepared for search, otherwise computed. */
export function searchData(model: ApiModel): SearchData {
  return (
    model.search ?? {
      words: model.operations.map((operation) => operationWords(operation, model)),
      needs: dependencies(model),
    }
  );
}
