import { type AnswerProjection, type ToolAnnotations, visibleText } from '../model/index.ts';
import { given } from '../runtime/given.ts';
import type { RawOperation } from './operations.ts';
import { type PaginationSetting, settingProblem } from './paging/setting.ts';
import { describe, isObject, joinPointer, type Located, type Node, type Reader } from './reader.ts';
import type { RouteKind } from './select.ts';

/** The document's settings for its use as an MCP server: `x-mcp`, described in docs/x-mcp.md. */
export interface Curation {
  readonly enabled?: boolean;
  /** The name of the tool, or the key of an argument. */
  readonly name?: string;
  readonly title?: string;
  readonly description?: string;
  readonly annotations?: ToolAnnotations;
  readonly kind?: Exclude<RouteKind, 'exclude'>;
  readonly response?: AnswerProjection;
  readonly pagination?: WrittenPagination;
  /** operationId of the GET that tells how a job goes on that the operation starts. */
  readonly status?: string;
}

/** A setting for the pagination, and where it is. */
export interface WrittenPagination {
  readonly setting: PaginationSetting;
  readonly pointer: string;
  /** It is that of one operation. */
  readonly isOwn: boolean;
}

const KINDS = ['tool', 'resource', 'both'] as const;
const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
const FIELDS = new Set([
  'enabled',
  'name',
  'title',
  'description',
  'annotations',
  'kind',
  'response',
  'pagination',
  'status',
]);

/**
 * The curation of an object in the document. `x-mcp: true|false` is short for `{ enabled }`; `x-speakeasy-mcp` is read
 * as a synonym if `x-mcp` is absent.
 */
export function readCuration({ value, pointer }: Located, reader: Reader): Curation {
  // Most objects have neither.
  if (value['x-mcp'] === undefined && value['x-speakeasy-mcp'] === undefined) return NOTHING;
  if (value['x-mcp'] !== undefined) return own(value['x-mcp'], joinPointer(pointer, 'x-mcp'), reader);
  return speakeasy(value['x-speakeasy-mcp']);
}

const NOTHING: Curation = Object.freeze({});

/** Merges curations from general to specific; for each field, the last one wins. */
export function mergeCurations(levels: readonly Curation[]): Curation {
  if (levels.every((level) => level === NOTHING)) return NOTHING;
  const annotations = Object.assign({}, ...levels.map((level) => level.annotations));
  const merged: Curation = Object.assign({}, ...levels);
  return merged.annotations ? { ...merged, annotations } : merged;
}

/** The curation of an operation, merged from the document, its tags, its path item and the operation itself. */
export function createCuration(reader: Reader): (raw: RawOperation) => Curation {
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

/** Fields that may apply to many operations at once: not names and texts. */
function general(curation: Curation): Curation {
  if (curation === NOTHING) return curation;
  const { name: _name, title: _title, description: _description, status: _status, pagination, ...rest } = curation;
  return pagination ? { ...rest, pagination: { ...pagination, isOwn: false } } : rest;
}

function own(value: unknown, pointer: string, reader: Reader): Curation {
  if (typeof value === 'boolean') return { enabled: value };
  const bad = (at: string, message: string): void => reader.report('BAD_EXTENSION', at, `${message} It is ignored.`);
  if (!isObject(value)) {
    bad(pointer, `"x-mcp" must be an object, true or false, not ${describe(value)}.`);
    return {};
  }
  for (const field of Object.keys(value))
    if (!FIELDS.has(field))
      bad(joinPointer(pointer, field), `"${field}" is not a field of x-mcp (${[...FIELDS].join(', ')}).`);
  const text = (field: 'name' | 'title' | 'description' | 'status') => {
    const given = value[field];
    if (given === undefined) return undefined;
    if (typeof given === 'string' && visibleText(given).trim() !== '') return visibleText(given);
    bad(joinPointer(pointer, field), `"${field}" must be text.`);
    return undefined;
  };
  const enabled = typeof value.enabled === 'boolean' ? value.enabled : undefined;
  if (value.enabled !== undefined && enabled === undefined)
    bad(joinPointer(pointer, 'enabled'), '"enabled" must be true or false.');
  const kind = KINDS.find((known) => known === value.kind);
  if (value.kind !== undefined && kind === undefined)
    bad(joinPointer(pointer, 'kind'), `"kind" must be ${KINDS.join(', ')}.`);
  const annotations =
    value.annotations === undefined ? undefined : hints(value.annotations, joinPointer(pointer, 'annotations'), bad);
  const response =
    value.response === undefined ? undefined : projection(value.response, joinPointer(pointer, 'response'), bad);
  const pagination =
    value.pagination === undefined
      ? undefined
      : writtenPagination(value.pagination, joinPointer(pointer, 'pagination'), bad);
  const [name, title, description, status] = [text('name'), text('title'), text('description'), text('status')];
  return given({ enabled, name, title, description, annotations, kind, response, pagination, status });
}

type Bad = (pointer: string, message: string) => void;

function hints(value: unknown, pointer: string, bad: Bad): ToolAnnotations | undefined {
  if (!isObject(value)) {
    bad(pointer, `"annotations" must be an object, not ${describe(value)}.`);
    return undefined;
  }
  for (const [name, hint] of Object.entries(value)) {
    if (!HINTS.some((known) => known === name))
      bad(joinPointer(pointer, name), `"${name}" is not an annotation (${HINTS.join(', ')}).`);
    else if (typeof hint !== 'boolean') bad(joinPointer(pointer, name), `"${name}" must be true or false.`);
  }
  return Object.fromEntries(HINTS.flatMap((name) => (typeof value[name] === 'boolean' ? [[name, value[name]]] : [])));
}

function writtenPagination(value: unknown, pointer: string, bad: Bad): WrittenPagination | undefined {
  const problem = settingProblem(value);
  // Checked by `settingProblem`.
  if (problem === undefined) return { setting: value as PaginationSetting, pointer, isOwn: true };
  bad(pointer, `"pagination" ${problem}.`);
  return undefined;
}

/** Paths are names joined by dots; a list on the way stands for each of its items. */
function projection(value: unknown, pointer: string, bad: Bad): AnswerProjection | undefined {
  const { keep, omit } = isObject(value) ? value : ({} as Node);
  const isPaths = (paths: unknown): paths is readonly string[] =>
    Array.isArray(paths) && paths.every((path) => typeof path === 'string' && path !== '');
  if (!isObject(value) || (keep === undefined) === (omit === undefined) || !isPaths(keep ?? omit)) {
    bad(pointer, '"response" must have either "keep" or "omit", a list of paths such as "items.name".');
    return undefined;
  }
  const paths = (keep ?? omit) as readonly string[];
  return { mode: keep === undefined ? 'omit' : 'keep', paths: paths.map((path) => path.split('.')) };
}

/** The extension of another generator: `disabled`, `name`, `title`, `description`, and hints as direct fields. */
function speakeasy(value: unknown): Curation {
  if (!isObject(value)) return {};
  const texts = (['name', 'title', 'description'] as const).flatMap((field) =>
    typeof value[field] === 'string' && value[field] !== '' ? [[field, visibleText(value[field])]] : [],
  );
  const annotations = Object.fromEntries(
    HINTS.flatMap((hint) => (typeof value[hint] === 'boolean' ? [[hint, value[hint]]] : [])),
  );
  return {
    ...(typeof value.disabled === 'boolean' && { enabled: !value.disabled }),
    ...Object.fromEntries(texts),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
