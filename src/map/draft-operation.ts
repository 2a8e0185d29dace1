import type { JsonSchemaObject, Operation, PaginationPlan, ResponsePlan, ToolAnnotations } from '../model/index.ts';
import { settleHints } from './annotations.ts';
import { type SettledAuth, suppliedParameters } from './auth.ts';
import { describeOperation } from './describe-operation.ts';
import type { Curation } from './extension.ts';
import type { RawOperation } from './operations.ts';
import type { MapOptions } from './options.ts';
import { planPagination } from './paging/index.ts';
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
  /** The response plan without the schema of the response. */
  readonly operation: Operation;
  readonly answer: AnswerSchema | undefined;
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
  const { coercions, inputSchema } = applyProfile({
    arguments: planned.arguments,
    schemas: schemas.shared,
    profile: PROFILES[options.profile],
  });
  const operation: Operation = {
    id: candidate.id,
    origin: raw.origin,
    request: coercions.length ? { ...planned.request, coercions } : planned.request,
    response: responseOf(answered, curation, paginationOf(candidate, planned, answered, context)),
    auth: requirements,
    arguments: planned.arguments,
    ...facesOf(candidate, { planned, inputSchema, mimeType: answered.mimeType }, context),
  };
  return { operation, answer: answered.answer };
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

/** The user's setting first, then that of the document. */
function paginationOf(
  { raw, curation, id }: Candidate,
  planned: PlannedRequest,
  { response, written }: PlannedResponse,
  { options, reader, schemas, tell }: DraftContext,
): PaginationPlan | undefined {
  const ofUser = paginationFor(options.pagination, { name: id, operationId: raw.origin.operationId });
  const ofDocument = curation.pagination;
  return planPagination({
    raw,
    planned,
    reader,
    schema: written,
    shared: schemas.shared,
    hasLink: Object.entries(response.headers ?? {}).some(
      ([status, names]) => /^[2d]/.test(status) && names.includes('link'),
    ),
    setting: ofUser ?? ofDocument?.setting,
    onUnfit(message) {
      if (ofUser !== undefined) tell(`The pagination of "${id}" is not used: ${message}`);
      // What applies to many operations fits only some of them.
      else if (ofDocument?.isOwn) reader.report('BAD_EXTENSION', ofDocument.pointer, `${message} It is ignored.`);
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
  return {
    ...(annotations && { tool: inputSchema ? { ...face, annotations, inputSchema } : { ...face, annotations } }),
    ...(address && { resource: { ...address, ...face, ...(mimeType !== undefined && { mimeType }) } }),
  };
}

function annotationsOf({ raw, curation }: Candidate, { options, reader }: DraftContext): ToolAnnotations {
  const settled = settleHints(raw.origin, curation.annotations ?? {}, options.trustHints);
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
