import { parseKeepingNumbers, writeKeepingNumbers } from '../../api/read/kept-numbers.ts';
import { memberPath } from '../../api/shape/cut-json.ts';
import { keep } from '../../api/shape/project.ts';
import { messageOf } from '../../errors.ts';
import { isRecord } from '../../is-record.ts';
import { absentFields, readFields } from './fields.ts';
import { parseForQuery, readQuery } from './jmes-query.ts';
import type { KeptResult } from './result-store.ts';
import { kindOf, valueAt } from './value-path.ts';

/** What a caller wants of a result. */
export interface PartWanted {
  /** Where to look: `items[3].user`. Default: the complete result. */
  readonly path?: unknown;
  /** A JMESPath expression, applied to the value at `path`. */
  readonly query?: unknown;
  /** Only items (of a list), members (of an object) or lines (of a text) that contain it. */
  readonly search?: unknown;
  /** Items of a list, members of an object, characters of a string, lines of a text: from this one, counted from 0. */
  readonly from?: unknown;
  readonly limit?: unknown;
  /** Names of the fields to keep. */
  readonly fields?: unknown;
}

export interface Part {
  readonly text: string;
  readonly kind: 'json' | 'text';
  /** How many there are, and which of them these are; absent for everything. */
  readonly counts?: { readonly unit: string; readonly from: number; readonly shown: number; readonly total: number };
  readonly notes: readonly string[];
}

/** The part of a result that is wanted, or in words what is wrong with the request. */
export async function selectPart(
  { text, kind }: Pick<KeptResult, 'text' | 'kind'>,
  wanted: PartWanted,
): Promise<Part | { readonly problem: string }> {
  const range = readRange(wanted);
  if ('problem' in range) return range;
  const { search } = wanted;
  if (search !== undefined && (typeof search !== 'string' || search === '')) {
    return { problem: '"search" must be a text that is not empty.' };
  }
  if (kind === 'text') return partOfText(text, { ...range, search }, wanted);
  return partOfJson(text, { ...range, search }, wanted);
}

interface Range {
  readonly from: number;
  /** `undefined`: to the end. */
  readonly limit: number | undefined;
}

function readRange({ from = 0, limit }: PartWanted): Range | { readonly problem: string } {
  if (!isCount(from)) return { problem: '"from" must be a whole number, 0 or more.' };
  if (limit !== undefined && !isCount(limit)) return { problem: '"limit" must be a whole number, 0 or more.' };
  return { from, limit };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

type Selection = Range & { readonly search: string | undefined };

function partOfText(
  text: string,
  { from, limit, search }: Selection,
  wanted: PartWanted,
): Part | { readonly problem: string } {
  const other = (['path', 'query', 'fields'] as const).find((name) => wanted[name] !== undefined);
  if (other !== undefined)
    return { problem: `The result is plain text, not JSON: use from, limit and search, not "${other}".` };
  const lines = text.split('\n');
  const numbered = lines.map((line, index) => ({ line, index }));
  const found = search === undefined ? numbered : numbered.filter(({ line }) => contains(line, search));
  const part = sliced(found, { from, limit });
  const written =
    search === undefined ? part.map(({ line }) => line) : part.map(({ line, index }) => `${index}: ${line}`);
  const counts = {
    unit: search === undefined ? 'lines' : 'lines that contain it',
    from,
    shown: part.length,
    total: found.length,
  };
  return { text: written.join('\n'), kind: 'text', counts, notes: [] };
}

async function partOfJson(
  text: string,
  selection: Selection,
  wanted: PartWanted,
): Promise<Part | { readonly problem: string }> {
  const { path = '', query, fields: givenFields } = wanted;
  if (typeof path !== 'string') return { problem: '"path" must be a text such as items[3].user.' };
  const fields = givenFields === undefined ? undefined : readFields(givenFields);
  if (fields && 'problem' in fields) return fields;
  const run = query === undefined ? undefined : await readQuery(query);
  if (run && 'problem' in run) return run;
  const found = valueAt(run ? parseForQuery(text) : parseKeepingNumbers(text), path);
  if ('problem' in found) return found;
  let { value } = found;
  try {
    if (run) value = run.run(value) ?? null;
  } catch (error) {
    return { problem: messageOf(error) };
  }
  const part = partOf(value, selection);
  if ('problem' in part) return part;
  const notes = [...(part.notes ?? []), ...(fields ? absentFields(part.value, fields.fields) : [])];
  const shown = fields ? keep(part.value, fields.fields) : part.value;
  return { text: writeKeepingNumbers(shown), kind: 'json', ...(part.counts && { counts: part.counts }), notes };
}

interface ValuePart extends Pick<Part, 'counts'> {
  readonly value: unknown;
  readonly notes?: readonly string[];
}

function partOf(value: unknown, selection: Selection): ValuePart | { readonly problem: string } {
  const { from, limit, search } = selection;
  if (from === 0 && limit === undefined && search === undefined) return { value };
  if (Array.isArray(value)) return partOfList(value, selection);
  if (isRecord(value)) return partOfObject(value, selection);
  if (typeof value === 'string' && search === undefined) {
    const characters = [...value];
    const part = sliced(characters, selection);
    return { value: part.join(''), counts: { unit: 'characters', from, shown: part.length, total: characters.length } };
  }
  return { problem: `from, limit and search apply to lists, objects and texts, but this is ${kindOf(value)}.` };
}

function partOfList(value: readonly unknown[], selection: Selection): ValuePart {
  const { search, from } = selection;
  if (search === undefined) {
    const part = sliced(value, selection);
    return { value: part, counts: { unit: 'items', from, shown: part.length, total: value.length } };
  }
  const found = value
    .map((item, index) => ({ index, item }))
    .filter(({ item }) => contains(writeKeepingNumbers(item), search));
  const part = sliced(found, selection);
  const counts = { unit: 'items that contain it', from, shown: part.length, total: found.length };
  const indexes = part.slice(0, MOST_INDEXES).map(({ index }) => index);
  const places =
    part.length === 0 ? [] : [`Their indexes: ${indexes.join(', ')}${part.length > MOST_INDEXES ? ' …' : ''}.`];
  return { value: part.map(({ item }) => item), counts, notes: places };
}

/** With a search, the paths of the values that contain it. */
function partOfObject(value: Readonly<Record<string, unknown>>, selection: Selection): ValuePart {
  const { search, from } = selection;
  const entries = search === undefined ? Object.entries(value) : placesOf(value, search);
  const part = sliced(entries, selection);
  const unit = search === undefined ? 'members' : 'values that contain it';
  return { value: Object.fromEntries(part), counts: { unit, from, shown: part.length, total: entries.length } };
}

const MOST_INDEXES = 20;
const MOST_PLACES = 10_000;

function placesOf(whole: unknown, search: string): readonly (readonly [path: string, value: unknown])[] {
  const places: (readonly [string, unknown])[] = [];
  const look = (value: unknown, path: string): void => {
    if (places.length >= MOST_PLACES) return;
    if (Array.isArray(value)) for (const [index, item] of value.entries()) look(item, `${path}[${index}]`);
    else if (isRecord(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const at = memberPath(path, name);
        if (contains(name, search)) places.push([at, inner]);
        else look(inner, at);
      }
    } else if (contains(writeKeepingNumbers(value), search)) places.push([path, value]);
  };
  look(whole, '');
  return places;
}

const contains = (text: string, search: string): boolean => text.toLowerCase().includes(search.toLowerCase());

const sliced = <T>(list: readonly T[], { from, limit }: Range): readonly T[] =>
  list.slice(from, limit === undefined ? undefined : from + limit);
