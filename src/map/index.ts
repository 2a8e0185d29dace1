// STAGE 2: an ApiDocument becomes an ApiModel.
// In: one document of one shape, unchecked, and what the user chose. Out: plain data with every default settled.
// Promise: one broken operation costs one operation, and everything that was not honoured is told by name.
import {
  type ApiModel,
  type JsonSchemaObject,
  type Operation,
  type ServerChoice,
  type ToolAnnotations,
  visibleText,
} from '../model/index.ts';
import type { ApiDocument } from '../parse/api-document.ts';
import type { Problem } from '../problems.ts';
import { settleHints } from './annotations.ts';
import { settleAuth, suppliedParameters } from './auth.ts';
import { changingVerb } from './changing-verb.ts';
import { describeOperation } from './describe-operation.ts';
import { type Curation, mergeCurations, readCuration } from './extension.ts';
import { createLeastSize } from './least-size.ts';
import { type RawOperation, readOperations } from './operations.ts';
import type { MapOptions } from './options.ts';
import { listedOutputSchema } from './output-schema.ts';
import { applyProfile, PROFILES } from './profiles/index.ts';
import { createReader, isObject, prose, type Reader } from './reader.ts';
import { reportHiddenText } from './report-hidden-text.ts';
import { planRequest } from './request-plan.ts';
import { resourceAddress } from './resource-uri.ts';
import { type AnswerSchema, planResponse } from './response-plan.ts';
import { whyUnsatisfiable } from './satisfiable.ts';
import { createSchemaMapper, type SchemaMapper } from './schema.ts';
import { createSelection, type RouteKind, unmatchedFilters } from './select.ts';
import { settleServers } from './servers.ts';
import { tellApart } from './tell-apart.ts';
import { textLimits } from './text.ts';
import { toolNames } from './tool-name.ts';

export { DEFAULT_MAP_OPTIONS, type GetAs, type MapOptions } from './options.ts';
export { FilterError } from './select.ts';

export interface MappedDocument {
  readonly model: ApiModel;
  /** Those of `parse` first. A problem with `operation` cost that operation. */
  readonly problems: readonly Problem[];
  /** How many operations the user's filters left out. */
  readonly filtered: number;
  /** How many operations the document has, served or not. */
  readonly found: number;
  /** What to say of the user's options: filters that match nothing. */
  readonly notices: readonly string[];
}

export function mapDocument(document: ApiDocument, options: MapOptions): MappedDocument {
  const reader = createReader(document);
  reportHiddenText(reader);
  const selection = createSelection(options);
  const { root } = document;
  const info = isObject(root.info) ? root.info : {};
  if (!isObject(root.info))
    reader.report('MISSING_INFO', '#', 'The document has no "info". The API is named "API", version "0".');
  const {
    name: ownName,
    title: ownTitle,
    description: ownDescription,
  } = readCuration({ value: root, pointer: '#' }, reader);
  const title = ownTitle ?? prose(info, 'title') ?? 'API';
  const name = options.name ?? apiName(ownName ?? title);
  const auth = settleAuth(reader);

  const raws = readOperations(reader);
  const curation = createCuration(reader);
  const curations = raws.map(curation);
  const names = toolNames(
    raws.map(({ origin }) => origin),
    { chosen: curations.map((own) => own.name), names: options.names },
  );
  reportDuplicateIds(raws, reader);
  const kinds = raws.map((raw, index) => {
    const chosen = selection.kind({ ...raw.origin, name: names[index] ?? '' });
    return routeOf(raw, curations[index] ?? {}, { chosen, getAs: options.getAs });
  });
  const limits = textLimits(kinds.filter((kind) => kind !== 'exclude').length);
  const longestDescription = Math.min(
    limits.operation,
    PROFILES[options.profile].maxToolDescription ?? limits.operation,
  );
  const schemas = createSchemaMapper(reader, limits);
  const leastSize = createLeastSize(longestListed(options), reader);
  const excluded: Problem[] = [];
  const drafts: Draft[] = [];
  raws.forEach((raw, index) => {
    const id = names[index];
    const kind = kinds[index];
    if (id === undefined || kind === undefined || kind === 'exclude') return;
    try {
      drafts.push(draftOperation(raw, id, kind, curations[index] ?? {}));
    } catch (error) {
      // A defect that no stage foresaw costs this operation alone, and says so.
      excluded.push({
        code: 'BAD_OPERATION',
        severity: 'error',
        pointer: raw.origin.pointer,
        message: `The operation cannot be read (${error instanceof Error ? error.message : String(error)}). It is skipped.`,
        operation: raw.origin.pointer,
      });
    }
  });
  const operations = tellApart(settleAnswers(drafts, options, schemas), longestDescription);
  const description = ownDescription ?? prose(info, 'description');
  const version =
    typeof info.version === 'string' || typeof info.version === 'number' ? visibleText(String(info.version)) : '0';
  const model: ApiModel = {
    format: 1,
    name,
    title,
    version,
    ...(description !== undefined && { description }),
    servers: settleServers({ value: root, pointer: '#' }, reader) ?? [ROOT_SERVER],
    ...(document.url !== undefined && { documentUrl: document.url }),
    ...(document.origin !== undefined && { documentOrigin: document.origin }),
    auth: auth.schemes,
    schemas: schemas.shared,
    operations,
  };
  if (raws.length === 0)
    reader.report(
      'NO_OPERATIONS',
      isObject(root.paths) ? '#/paths' : '#',
      'The document describes no operations, so there is nothing to serve.',
    );
  return {
    model,
    problems: [...reader.problems, ...excluded],
    filtered: raws.length - drafts.length - excluded.length,
    found: raws.length,
    notices: unmatchedFilters(
      options,
      raws.map(({ origin }, index) => ({ ...origin, name: names[index] ?? '' })),
    ),
  };

  function draftOperation(raw: RawOperation, id: string, kind: Exclude<RouteKind, 'exclude'>, own: Curation): Draft {
    const requirements = auth.requirements(raw.operation);
    const planned = planRequest(raw, reader, schemas, suppliedParameters(requirements, auth.schemes));
    for (const name of planned.arguments.required) {
      const why = whyUnsatisfiable(planned.arguments.properties[name] ?? true, schemas.shared);
      if (why === undefined) continue;
      const message = `The argument "${name}" is required, but can have no value: ${why}. Every call is rejected.`;
      reader.report('UNSATISFIABLE_ARGUMENT', raw.operation.pointer, message);
    }
    const { response, answer, mimeType } = planResponse(raw.operation, planned.parameters, reader, schemas, leastSize);
    const told = { ...raw.origin, method: raw.method };
    const written = describeOperation(raw.operation.value, told, longestDescription);
    const ownTitle = own.title ?? written.title;
    const faces = {
      ...(ownTitle !== undefined && { title: ownTitle }),
      description: own.description ?? written.description,
    };
    const shown = applyProfile({
      arguments: planned.arguments,
      schemas: schemas.shared,
      profile: PROFILES[options.profile],
    });
    const address =
      raw.method === 'GET' && kind !== 'tool' ? resourceAddress(name, planned, schemas.shared) : undefined;
    // What cannot be a resource stays reachable as a tool.
    const asTool = kind !== 'resource' || address === undefined;
    return {
      answer,
      operation: {
        id,
        origin: raw.origin,
        request: shown.coercions.length ? { ...planned.request, coercions: shown.coercions } : planned.request,
        response: own.response ? { ...response, projection: own.response } : response,
        auth: requirements,
        arguments: planned.arguments,
        ...(asTool && {
          tool: {
            name: id,
            ...faces,
            annotations: annotations(raw, own),
            ...(shown.inputSchema && { inputSchema: shown.inputSchema }),
          },
        }),
        ...(address && { resource: { ...address, name: id, ...faces, ...(mimeType !== undefined && { mimeType }) } }),
      },
    };
  }

  function annotations(
    { origin, method, operation }: RawOperation,
    { annotations: hints = {} }: Curation,
  ): ToolAnnotations {
    const settled = settleHints(origin, hints, options.trustHints);
    for (const hint of settled.ignored) {
      const message = `"${hint}" would make a ${method} look safer than it may be. It is ignored; --trust-hints accepts it.`;
      reader.report('UNTRUSTED_HINT', operation.pointer, message);
    }
    return settled.annotations;
  }
}

interface Draft {
  /** Without the schema of its answer. */
  readonly operation: Operation;
  readonly answer: AnswerSchema | undefined;
}

/** OpenAPI 3.1.1 §4.8.1: without `servers` there is one, with the URL `/`. */
const ROOT_SERVER: ServerChoice = { url: '/', variables: {} };

/** The user's routes first, then what the document says of itself, then the default. */
function routeOf(
  raw: RawOperation,
  own: Curation,
  { chosen, getAs }: { readonly chosen: RouteKind | undefined; readonly getAs: MapOptions['getAs'] },
): RouteKind {
  if (own.enabled === false) return 'exclude';
  if (chosen !== undefined || raw.method !== 'GET') return chosen ?? 'tool';
  // Hosts read resources by themselves.
  const usual = changingVerb(raw.origin) === undefined || getAs !== 'both' ? getAs : 'tool';
  return own.kind ?? usual;
}

/** The curation of an operation: of the document, its tags, its path item and itself, the last one winning. */
function createCuration(reader: Reader): (raw: RawOperation) => Curation {
  const { root } = reader.document;
  const ofRoot = general(readCuration({ value: root, pointer: '#' }, reader));
  const ofTags = new Map<string, Curation>();
  for (const [index, tag] of (Array.isArray(root.tags) ? root.tags : []).entries())
    if (isObject(tag) && typeof tag.name === 'string')
      ofTags.set(tag.name, general(readCuration({ value: tag, pointer: `#/tags/${index}` }, reader)));
  return ({ origin, pathItem, operation }) =>
    mergeCurations([
      ofRoot,
      ...origin.tags.flatMap((tag) => ofTags.get(tag) ?? []),
      general(readCuration(pathItem, reader)),
      readCuration(operation, reader),
    ]);
}

/** What holds for many operations at once: neither names nor words. */
function general(curation: Curation): Curation {
  if (curation.name === undefined && curation.title === undefined && curation.description === undefined)
    return curation;
  const { name: _name, title: _title, description: _description, ...rest } = curation;
  return rest;
}

/** Bytes of the longest output schema that may be listed. */
function longestListed({ outputSchemas }: MapOptions): number {
  if (outputSchemas === 'always') return Number.POSITIVE_INFINITY;
  return outputSchemas === 'auto' ? LONGEST_AUTO : 0;
}

/** `auto`: the smallest first, so that the order of the document does not matter. */
const LONGEST_AUTO = 2_000;
const SHARE_OF_LIST = 0.15;
const LEAST_TOTAL = 64_000;

function settleAnswers(drafts: readonly Draft[], options: MapOptions, schemas: SchemaMapper): readonly Operation[] {
  const listed = chooseListed(drafts, options, schemas);
  return drafts.map(({ operation, answer }) => {
    const chosen = listed.get(operation.id);
    const described = chosen?.answer ?? (options.answerSchemas === 'all' ? answer?.convert() : undefined);
    const response = described ? { ...operation.response, ...described } : operation.response;
    const tool = operation.tool && chosen ? { ...operation.tool, outputSchema: chosen.outputSchema } : operation.tool;
    return { ...operation, response, ...(tool && { tool }) };
  });
}

interface Listed {
  readonly answer: ReturnType<AnswerSchema['convert']>;
  readonly outputSchema: JsonSchemaObject;
}

/** By the id of the operation: the output schemas that are listed. */
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
  const list = drafts.reduce(
    (sum, { operation }) =>
      sum + JSON.stringify(operation.arguments).length + (operation.tool?.description.length ?? 0) + 200,
    0,
  );
  return Math.max(LEAST_TOTAL, list * SHARE_OF_LIST);
}

function reportDuplicateIds(raws: readonly RawOperation[], reader: Reader): void {
  const first = new Map<string, string>();
  for (const { origin } of raws) {
    if (origin.operationId === undefined) continue;
    const other = first.get(origin.operationId);
    if (other === undefined) first.set(origin.operationId, origin.pointer);
    else
      reader.report(
        'DUPLICATE_OPERATION_ID',
        `${origin.pointer}/operationId`,
        `"${origin.operationId}" is also the operationId of ${other}. Both are served, under different names.`,
      );
  }
}

/** `Swagger Petstore - OpenAPI 3.1` → `swagger-petstore`: the authority of resource URIs. */
function apiName(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\b(?:rest|open|http)?[ _-]?api\b.*$|\b(?:openapi|swagger)\s+[\d.]+.*$/g, ' ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return slug === '' ? 'api' : slug;
}
