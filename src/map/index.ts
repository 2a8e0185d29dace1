// STAGE 2: an ApiDocument becomes an ApiModel.
// In: one document in one shape, unchecked, and the user's choices. Out: plain data with all defaults resolved.
// Promise: a broken operation is skipped and reported, and so is everything else that is not honoured.
import type { ApiModel, ServerChoice } from '../model/index.ts';
import type { ApiDocument } from '../parse/api-document.ts';
import type { Problem } from '../problems.ts';
import { searchData } from '../runtime/api/facts/search-data.ts';
import { nearest } from '../runtime/text/nearest.ts';
import { apiInfo } from './api-info.ts';
import { settleAuth } from './auth.ts';
import { changingVerb } from './changing-verb.ts';
import { type Candidate, type Draft, type DraftContext, draftOperation } from './draft-operation.ts';
import { type Curation, createCuration } from './extension.ts';
import { instructionsFor } from './instructions.ts';
import { createLeastSize } from './least-size.ts';
import { longestListed, settleAnswers } from './listed-answers.ts';
import { type RawOperation, readOperations } from './operations.ts';
import type { MapOptions } from './options.ts';
import { unmatchedPagination } from './paging/settings.ts';
import { PROFILES } from './profiles/index.ts';
import { createReader, isObject, joinPointer, type Reader } from './reader.ts';
import { reportHiddenText } from './report-hidden-text.ts';
import { createSchemaMapper } from './schema/mapper.ts';
import { createSelection, type RouteKind, unmatchedFilters } from './select.ts';
import { settleServers } from './servers.ts';
import { tellApart } from './tell-apart.ts';
import { textLimits } from './text.ts';
import { toolNames } from './tool-name.ts';

export { DEFAULT_MAP_OPTIONS, type GetAs, type MapOptions } from './options.ts';
export { FilterError } from './select.ts';

export interface MappedDocument {
  readonly model: ApiModel;
  /** Problems of `parse` first. A problem with `operation` means that the operation is skipped. */
  readonly problems: readonly Problem[];
  /** The number of operations that the user's filters exclude. */
  readonly filtered: number;
  /** The number of operations in the document, served or not. */
  readonly found: number;
  /** Notices about the user's options: filters that match nothing. */
  readonly notices: readonly string[];
}

export function mapDocument(document: ApiDocument, options: MapOptions): MappedDocument {
  const reader = createReader(document);
  const { root } = document;
  reportHiddenText(reader);
  const info = apiInfo(options.name, reader);
  const auth = settleAuth(reader);
  const candidates = readCandidates(options, reader);
  const served = candidates.filter(({ kind }) => kind !== 'exclude');
  const limits = textLimits(served.length);
  const { maxToolDescription = limits.operation } = PROFILES[options.profile];
  const notices: string[] = [];
  const context: DraftContext = {
    apiName: info.name,
    options,
    reader,
    auth,
    schemas: createSchemaMapper(reader, limits),
    leastSize: createLeastSize(longestListed(options), reader),
    longestDescription: Math.min(limits.operation, maxToolDescription),
    tell: (notice) => notices.push(notice),
  };
  const { drafts, unreadable } = draftAll(served, context);
  const operations = tellApart(settleAnswers(drafts, options, context.schemas), context.longestDescription);
  const instructions = instructionsFor(info, operations);
  const made: ApiModel = {
    format: 1,
    ...info,
    ...(instructions !== undefined && { instructions }),
    servers: settleServers({ value: root, pointer: '#' }, reader) ?? [ROOT_SERVER],
    ...(document.url !== undefined && { documentUrl: document.url }),
    ...(document.origin !== undefined && { documentOrigin: document.origin }),
    auth: auth.schemes,
    schemas: context.schemas.shared,
    operations,
  };
  const model = options.search ? { ...made, search: searchData(made) } : made;
  if (candidates.length === 0) {
    const message = 'The document describes no operations, so there is nothing to serve.';
    reader.report('NO_OPERATIONS', isObject(root.paths) ? '#/paths' : '#', message);
  }
  const known = candidates.map(({ raw, id }) => ({ ...raw.origin, name: id }));
  return {
    model,
    problems: [...reader.problems, ...unreadable],
    filtered: candidates.length - served.length,
    found: candidates.length,
    notices: [...unmatchedFilters(options, known), ...unmatchedPagination(options.pagination, known), ...notices],
  };
}

/** Every operation of the document, with its name and everything derived from it. */
function readCandidates(options: MapOptions, reader: Reader): readonly Candidate[] {
  const selection = createSelection(options);
  const raws = readOperations(reader);
  const curations = raws.map(createCuration(reader));
  const ids = toolNames(
    raws.map(({ origin }) => origin),
    { chosen: curations.map((curation) => curation.name), names: options.names },
  );
  reportDuplicateIds(raws, reader);
  reportUnknownStatus(raws, curations, reader);
  return raws.map((raw, index) => {
    const id = ids[index] ?? '';
    const curation = curations[index] ?? {};
    const chosen = selection.kind({ ...raw.origin, name: id });
    return { raw, curation, id, kind: routeOf(raw, curation, { chosen, getAs: options.getAs }) };
  });
}

/** An unexpected error of any stage skips only that operation, and is reported. */
function draftAll(candidates: readonly Candidate[], context: DraftContext) {
  const drafts: Draft[] = [];
  const unreadable: Problem[] = [];
  for (const candidate of candidates) {
    try {
      drafts.push(draftOperation(candidate, context));
    } catch (error) {
      const { pointer } = candidate.raw.origin;
      unreadable.push({
        code: 'BAD_OPERATION',
        severity: 'error',
        pointer,
        message: `The operation cannot be read (${error instanceof Error ? error.message : String(error)}). It is skipped.`,
        operation: pointer,
      });
    }
  }
  return { drafts, unreadable };
}

/** OpenAPI 3.1.1 §4.8.1: without `servers` there is one, with the URL `/`. */
const ROOT_SERVER: ServerChoice = { url: '/', variables: {} };

/** The user's routes first, then the settings of the document, then the default. */
function routeOf(
  raw: RawOperation,
  own: Curation,
  { chosen, getAs }: { readonly chosen: RouteKind | undefined; readonly getAs: MapOptions['getAs'] },
): RouteKind {
  if (own.enabled === false) return 'exclude';
  if (chosen !== undefined || raw.method !== 'GET') return chosen ?? 'tool';
  // Hosts read resources without being asked.
  const usual = changingVerb(raw.origin) === undefined || getAs !== 'both' ? getAs : 'tool';
  return own.kind ?? usual;
}

/** `x-mcp: { status }` that no GET has as its operationId. */
function reportUnknownStatus(raws: readonly RawOperation[], curations: readonly Curation[], reader: Reader): void {
  if (curations.every(({ status }) => status === undefined)) return;
  const reads = raws.flatMap(({ origin }) => (origin.method === 'get' ? (origin.operationId ?? []) : []));
  for (const [index, { status }] of curations.entries()) {
    const raw = raws[index];
    if (status === undefined || raw === undefined || reads.includes(status)) continue;
    const close = nearest(status, reads);
    const meant = close === undefined ? '' : ` Did you mean "${close}"?`;
    const message = `No GET operation has the operationId "${status}".${meant} It is ignored.`;
    reader.report('BAD_EXTENSION', joinPointer(joinPointer(raw.operation.pointer, 'x-mcp'), 'status'), message);
  }
}

function reportDuplicateIds(raws: readonly RawOperation[], reader: Reader): void {
  const first = new Map<string, string>();
  for (const { origin } of raws) {
    if (origin.operationId === undefined) continue;
    const other = first.get(origin.operationId);
    if (other === undefined) first.set(origin.operationId, origin.pointer);
    else {
      const message = `"${origin.operationId}" is also the operationId of ${other}. Both are served, under different names.`;
      reader.report('DUPLICATE_OPERATION_ID', `${origin.pointer}/operationId`, message);
    }
  }
}
