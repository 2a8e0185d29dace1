import { isRecord } from './is-record.ts';
import type { Tool } from './provider.ts';

/** The names in a JSON response, as far as its schema knows them. Lists are entered without a name of their own. */
export interface AnswerFields {
  /** By name; `true` if nothing is known of its value, or it has no names. */
  readonly names: Readonly<Record<string, AnswerFields | true>>;
  /** There may be names that the schema does not list. */
  readonly isOpen: boolean;
  /** It is a list of objects with these names; absent also from earlier versions of this runtime. */
  readonly isList?: true;
}

/** The key in `_meta` of lists with `answers`. */
const ANSWER_KEY = 'openapi-mcp/answer';

/** The tool with the fields of its response, for a list with `answers`. */
export const withAnswerFields = (tool: Tool, fields: AnswerFields | undefined): Tool =>
  fields === undefined ? tool : { ...tool, _meta: { ...tool._meta, [ANSWER_KEY]: fields } };

/** The fields of the tool's response, if they are known. */
export function answerFieldsOf({ _meta }: Pick<Tool, '_meta'>): AnswerFields | undefined {
  const fields = _meta?.[ANSWER_KEY];
  // Only `withAnswerFields` writes it, in this or another copy of the runtime.
  return isRecord(fields) && isRecord(fields.names) ? (fields as unknown as AnswerFields) : undefined;
}
