import type { PaginationPlan, Schemas } from '../../model/index.ts';
// How the pages of a response are reached. In: an operation with its planned request, and what somebody says about it.
// Out: a plan, if there are pages. Promise: what is declared or set wins over what names suggest.
import type { RawOperation } from '../operations.ts';
import { followed, type Reader } from '../reader.ts';
import type { PlannedRequest } from '../request-plan.ts';
import { answerShape } from './answer-shape.ts';
import { declared, mayDeclare } from './declared.ts';
import { pagingArguments } from './paging-arguments.ts';
import { recognised } from './recognise.ts';
import { type PaginationSetting, settledPlan } from './setting.ts';

export interface PagingInput {
  readonly raw: RawOperation;
  readonly planned: PlannedRequest;
  readonly shared: Schemas;
  readonly reader: Reader;
  /** The schema of the response, as written. */
  readonly schema: unknown;
  readonly hasLink: boolean;
  readonly setting: PaginationSetting | undefined;
  /** Told if the setting does not fit the operation. */
  readonly onUnfit: (message: string) => void;
}

export function planPagination(input: PagingInput): PaginationPlan | undefined {
  const { raw, planned, reader, schema, setting } = input;
  if (setting === false) return undefined;
  const { origin, method, operation } = raw;
  const isRead = method === 'GET' || method === 'QUERY' || isSearch(raw);
  // Nothing but names to go by, which mean pages only where something is read.
  const isTold = setting !== undefined || mayDeclare(operation.value);
  if (!isRead && !isTold) return undefined;
  const shape = answerShape(schema, reader, origin.path);
  if (shape.items === undefined && !isTold) return undefined;
  const args = pagingArguments(planned.request, planned.arguments.properties, input.shared);
  if (setting) {
    const settled = settledPlan(setting, { method, args, shape });
    if ('plan' in settled) return settled.plan;
    input.onUnfit(settled.problem);
  }
  const { operationId, pointer } = origin;
  const said = declared({ operation, operationId, pointer, method, args, shape, reader });
  if (said === 'none') return undefined;
  if (said) return said;
  return isRead ? recognised({ method, args, shape, hasLink: input.hasLink || mentionsLink(raw, reader) }) : undefined;
}

/** Descriptions of parameters refer to the header more often than responses declare it. */
function mentionsLink({ operation }: RawOperation, reader: Reader): boolean {
  const { parameters } = operation.value;
  return (Array.isArray(parameters) ? parameters : []).some((written) => {
    const { description } = followed(written, reader) ?? {};
    return typeof description === 'string' && LINK_HEADER.test(description);
  });
}

const LINK_HEADER = /\blink`?\]? header/i;

/** A POST that only reads. Other methods change something: their `limit` is part of what is written. */
function isSearch({ method, origin, operation }: RawOperation): boolean {
  if (method !== 'POST') return false;
  const { summary } = operation.value;
  const words = [origin.path.split('/').at(-1), origin.operationId, typeof summary === 'string' ? summary : undefined];
  return words.some((word) => word !== undefined && SEARCH.test(word));
}

const SEARCH = /search|query|list|find|filter|lookup|scan|browse|retrieve|fetch|^get/i;
