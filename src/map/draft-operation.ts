import type { JsonSchemaObject, Operation, PaginationPlan, ResponsePlan, ToolAnnotations } from '../model/index.ts';
import { settleHints } from './annotations.ts';
import { type SettledAuth, suppliedParameters } from './auth.ts';
import { describeOperation } from './describe-operation.ts';
import type { Curation } from './extension.ts';
import type { RawOperation } from './operations.ts';
import type { MapOptions } from './options.ts';
import { planPagination } from './paging/index.ts';
import type { PaginationSetting } from './paging/setting.ts';
import { paginationFor } from './paging/settings.ts';
import { applyProfile, PROFILES } from './profiles/index.ts';
import type { Reader } from './reader.ts';
import { type PlannedRequest, planRequest } from './request-plan.ts';
import { resourceAddress } from './resource-uri.ts';
import { type AnswerSchema, type PlannedResponse, planResponse } from './response-plan.ts';
import { whyUnsatisfiable } from './satisfiable.ts';
import type { SchemaMapper } from './schema/mapper.ts';
import type { RouteKind } from './select.ts';

/** An operation of the document with everything derived from it. */
export interface Candidate {
  readonly raw: RawOperation;
  readonly curation: Curation;
  /** The name of its tool. */
  readonly id: string;
  readonly kind: RouteKind;
}

export interface Draft {
  /** The response plan without the schema of the response, and with pagination only if a setting tells it. */
  readonly operation: Operation;
  readonly answer: AnswerSchema | undefined;
  /** Looks for pages, if no setting tells how they are reached. */
  readonly recognise: (() => PaginationPlan | undefined) | undefined;
}

/** What all operations of a document share. */
export interface DraftContext {
  readonly apiName: string;
  readonly options: MapOptions;
  readonly reader: Reader;
  readonly auth: SettledAuth;
  readonly schemas: SchemaMapper;
  readonly leastSize: (schema: unknown) => number;
  /** Maximum length of a tool's description, in characters. */
  readonly longestDescription: number;
  /** Notices about the user's options. */
  readonly tell: (notice: string) => void;
}

export function draftOperation(candidate: Candidate, context: DraftContext): Draft {
  const { raw, curation } = candidate;
  const { reader, auth, schemas, options } = context;
  const requirements = auth.requirements(raw.operation);
  const planned = planRequest(raw, reader, schemas, suppliedParameters(requirements, auth.schemes));
  reportUnsatisfiable(planned, raw, context);
  const answered = planResponse(raw.operation, planned.parameters, reader, schemas, context.leastSize);
  const { coercions, inputSchema } = applyProfile(planned.arguments, schemas.shared, PROFILES[options.profile]);
  const paged = { candidate, planned, answered, context };
  const told = paginationSetting(candidate, options);
  const plan = told && paginationOf(paged, told);
  const operation: Operation = {
    id: candidate.id,
    origin: raw.origin,
    request: coercions.length ? { ...planned.request, coercions } : planned.request,
    response: responseOf(answered, curation, plan),
    auth: requirements,
    arguments: planned.arguments,
    ...facesOf(candidate, { planned, inputSchema, mimeType: answered.mimeType }, context),
  };
  return { operation, answer: answered.answer, recognise: told ? undefined : () => recognised(paged) };
}

function responseOf(
  { response }: PlannedResponse,
  { response: projection, status }: Curation,
  pagination: PaginationPlan | undefined,
): ResponsePlan {
  return {
    ...response,
    ...(pagination && { pagination }),
    ...(status !== undefined && { statusOperation: status }),
    ...(projection && { projection }),
  };
}

interface Paged {
  readonly candidate: Candidate;
  readonly planned: PlannedRequest;
  readonly answered: PlannedResponse;
  readonly context: DraftContext;
}

interface ToldPages {
  readonly setting: PaginationSetting;
  readonly isOfUser: boolean;
}

/** The user's setting first, then that of the document. */
function paginationSetting({ raw, curation, id }: Candidate, options: MapOptions): ToldPages | undefined {
  const ofUser = paginationFor(options.pagination, { name: id, operationId: raw.origin.operationId });
  const setting = ofUser ?? curation.pagination?.setting;
  return setting === undefined ? undefined : { setting, isOfUser: ofUser !== undefined };
}

/** A guess, so an unexpected error means that there is none: the operation can be called all the same. */
function recognised(paged: Paged): PaginationPlan | undefined {
  try {
    return paginationOf(paged);
  } catch {
    return undefined;
  }
}

function paginationOf(
  { candidate, planned, answered, context }: Paged,
  { setting, isOfUser = false }: Partial<ToldPages> = {},
): PaginationPlan | undefined {
  const { raw, curation, id } = candidate;
  const { reader, schemas, tell } = context;
  return planPagination({
    raw,
    planned,
    reader,
    schema: answered.written,
    shared: schemas.shared,
    hasLink: Object.entries(answered.response.headers ?? {}).some(
      ([status, names]) => /^[2d]/.test(status) && names.includes('link'),
    ),
    setting,
    onUnfit(message) {
      if (isOfUser) tell(`The pagination of "${id}" is not used: ${message}`);
      // What applies to many operations fits only some of them.
      else if (curation.pagination?.isOwn)
        reader.report('BAD_EXTENSION', curation.pagination.pointer, `${message} It is ignored.`);
    },
  });
}

interface Shown {
  readonly planned: PlannedRequest;
  readonly inputSchema: JsonSchemaObject | undefined;
  readonly mimeType: string | undefined;
}

/** Decides whether the operation becomes a tool, a resource, or both. */
function facesOf(candidate: Candidate, shown: Shown, context: DraftContext): Pick<Operation, 'tool' | 'resource'> {
  const { raw, curation, id, kind } = candidate;
  const { planned, inputSchema, mimeType } = shown;
  const { path, deprecated } = raw.origin;
  const written = describeOperation(
    raw.operation.value,
    { method: raw.method, path, deprecated },
    context.longestDescription,
  );
  const title = curation.title ?? written.title;
  const description = curation.description ?? written.description;
  const face = title === undefined ? { name: id, description } : { name: id, title, description };
  const mayBeResource = raw.method === 'GET' && kind !== 'tool';
  const address = mayBeResource ? resourceAddress(context.apiName, planned, context.schemas.shared) : undefined;
  // An operation that cannot be a resource stays available as a tool.
  const isTool = kind !== 'resource' || address === undefined;
  const annotations = isTool ? annotationsOf(candidate, context) : undefined;
  const faces: { tool?: NonNullable<Operation['tool']>; resource?: NonNullable<Operation['resource']> } = {};
  if (annotations) faces.tool = inputSchema ? { ...face, annotations, inputSchema } : { ...face, annotations };
  if (address) faces.resource = mimeType === undefined ? { ...address, ...face } : { ...address, ...face, mimeType };
  return faces;
}

function annotationsOf({ raw, curation }: Candidate, { options, reader }: DraftContext): ToolAnnotations {
  const settled = settleHints(raw.origin, curation.annotations, options.trustHints);
  for (const hint of settled.ignored) {
    const message = `"${hint}" would make a ${raw.method} look safer than it may be. It is ignored; --trust-hints accepts it.`;
    reader.report('UNTRUSTED_HINT', raw.operation.pointer, message);
  }
  return settled.annotations;
}

function reportUnsatisfiable(planned: PlannedRequest, { operation }: RawOperation, { schemas, reader }: DraftContext) {
  for (const name of planned.arguments.required) {
    const why = whyUnsatisfiable(planned.arguments.properties[name] ?? true, schemas.shared);
    if (why === undefined) continue;
    const message = `The argument "${name}" is required, but can have no value: ${why}. Every call is rejected.`;
    reader.report('UNSATISFIABLE_ARGUMENT', operation.pointer, message);
  }
}
