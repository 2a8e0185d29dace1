import type { ApiModel } from '../../model/index.ts';
import { withAnswerFields } from '../answer-meta.ts';
import type { Tool } from '../provider.ts';
import { answerFields } from './schema/answer-fields.ts';

/** The tools of an API, each with the fields of its response as far as the model knows them. */
export function toolsWithFields(tools: readonly Tool[], { operations, schemas }: ApiModel): readonly Tool[] {
  const byName = new Map(operations.map((operation) => [operation.tool?.name, operation]));
  return Object.freeze(
    tools.map((tool) => withAnswerFields(tool, answerFields(byName.get(tool.name)?.response.schema, schemas))),
  );
}
