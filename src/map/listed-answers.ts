import type { JsonSchemaObject, Operation } from '../model/index.ts';
import { sizeByProperty } from '../model/tool-bytes.ts';
import { madeLater } from '../runtime/made-later.ts';
import type { Draft } from './draft-operation.ts';
import type { MapOptions } from './options.ts';
import { listedOutputSchema } from './output-schema.ts';
import type { AnswerSchema } from './response-plan.ts';
import type { SchemaMapper } from './schema/mapper.ts';

/** The maximum size of a listed output schema, in bytes. */
export function longestListed({ outputSchemas }: MapOptions): number {
  if (outputSchemas === 'always') return Number.POSITIVE_INFINITY;
  return outputSchemas === 'auto' ? LONGEST_AUTO : 0;
}

/** `auto`: smallest first, so that the order of the document does not matter. */
const LONGEST_AUTO = 2_000;
const SHARE_OF_LIST = 0.15;
const LEAST_TOTAL = 64_000;

/** The operations with the schemas of their responses, as far as the options require them. */
export function settleAnswers(
  drafts: readonly Draft[],
  options: MapOptions,
  schemas: SchemaMapper,
): readonly Operation[] {
  const listed = chooseListed(drafts, options, schemas);
  return drafts.map(({ operation, answer, recognise }) => {
    const chosen = listed.get(operation.id);
    const described = chosen?.answer ?? (options.answerSchemas === 'all' ? answer?.convert() : undefined);
    const plan = described ? { ...operation.response, ...described } : operation.response;
    // Most servers never ask: it would be a fifth of the mapping.
    const response = recognise ? madeLater(plan, 'pagination', recognise) : plan;
    const tool = operation.tool && chosen ? { ...operation.tool, outputSchema: chosen.outputSchema } : operation.tool;
    return { ...operation, response, ...(tool && { tool }) };
  });
}

interface Listed {
  readonly answer: ReturnType<AnswerSchema['convert']>;
  readonly outputSchema: JsonSchemaObject;
}

/** The listed output schemas, by operation id. */
function chooseListed(
  drafts: readonly Draft[],
  options: MapOptions,
  schemas: SchemaMapper,
): ReadonlyMap<string, Listed> {
  const longest = longestListed(options);
  const listed = new Map<string, Listed>();
  const asTools = drafts.filter(({ operation }) => operation.tool);
  const candidates = asTools.filter(({ answer }) => answer !== undefined && answer.leastSize <= longest);
  if (longest === 0 || candidates.length === 0) return listed;
  let left = options.outputSchemas === 'auto' ? outputBudget(asTools) : Number.POSITIVE_INFINITY;
  for (const { operation, answer } of candidates.sort(bySize)) {
    const converted = answer?.convert();
    if (converted?.schema === undefined) continue;
    const { schema, wrapped } = converted;
    const outputSchema = listedOutputSchema(schema, { shared: schemas.shared, wrapped, longest });
    if (!outputSchema) continue;
    left -= JSON.stringify(outputSchema).length;
    if (left < 0) break;
    listed.set(operation.id, { answer: converted, outputSchema });
  }
  return listed;
}

const bySize = (a: Draft, b: Draft): number =>
  (a.answer?.leastSize ?? 0) - (b.answer?.leastSize ?? 0) || (a.operation.id < b.operation.id ? -1 : 1);

function outputBudget(drafts: readonly Draft[]): number {
  let list = 0;
  for (const { operation } of drafts)
    list += sizeByProperty(operation.arguments).length + (operation.tool?.description.length ?? 0) + 200;
  return Math.max(LEAST_TOTAL, list * SHARE_OF_LIST);
}
