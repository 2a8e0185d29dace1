import { declaredHeaders, isListed, type JsonSchemaObject, mediaKind, type Operation } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { note } from '../../note.ts';
import { outcomeMeta } from '../../outcome.ts';
import type { ContentBlock, ToolResult } from '../../provider.ts';
import { toBase64 } from '../../text/base64.ts';
import { fitsIn } from '../../text/byte-length.ts';
import { characterCount, cutText } from '../../text/cut-text.ts';
import { httpOutcome } from '../outcome/http-outcome.ts';
import type { Answer, BinaryAnswer, ItemsAnswer, JsonAnswer, TextAnswer } from '../read/answer.ts';
import { parseJson } from '../read/json.ts';
import type { SchemaCompiler } from '../schema/schema-check.ts';
import { type Cut, cutJson } from './cut-json.ts';
import { cutNote, number, wayOn } from './cut-note.ts';
import { failedAnswerText, isFailure, type Responded } from './failed-answer.ts';
import { blobUri, fileName } from './file-name.ts';
import { fitToSchema } from './fit-to-schema.ts';
import { judge } from './flaw.ts';
import { isTooDeep } from './nesting.ts';
import { statusName } from './status-name.ts';
import { usefulHeaders } from './useful-headers.ts';

export interface ResultShaping extends Responded {
  readonly operation: Operation;
  readonly toolName: string;
  /** At least 4,000. */
  readonly maxResultBytes: number;
  /** Additional notes, one sentence each. */
  readonly extraNotes: readonly string[];
  /** The resource with the same response: the way to get binary data that is too large for a result. */
  readonly resourceUri?: string | undefined;
  readonly compileSchema: SchemaCompiler;
}

/**
 * Converts a response to a tool result: first its content, unchanged, then one text with notes and useful headers, if
 * any. An error status sets `isError`.
 *
 * `_meta` gives programs the outcome: always for a failure; for a success if the API says how long to cache it, or if
 * the response has a flaw.
 */
export async function toToolResult(shaping: ResultShaping): Promise<ToolResult> {
  const { answer, operation, status, headers, toolName, extraNotes } = shaping;
  const { method } = operation.request;
  const outcome = httpOutcome(shaping);
  const declared = declaredHeaders(operation.response, status);
  if (isFailure(status)) {
    const text = failedAnswerText({ ...shaping, declared, method, of: `tool "${toolName}"` });
    return {
      content: [{ type: 'text', text: [text, ...extraNotes].join('\n') }],
      isError: true,
      _meta: outcomeMeta(outcome),
    };
  }
  const judged = judge(answer, operation);
  const shaped = await shape(shaping);
  const structured = await structure(shaped, shaping);
  const remarks = [
    ...answer.notes,
    ...judged.notes,
    ...shaped.notes,
    ...structured.notes,
    ...extraNotes,
    ...usefulHeaders(headers, { declared, all: method === 'HEAD' }),
  ];
  // A response that our own limit has cut need not match any more.
  const flaw = judged.flaw ?? (structured.misfit && !shaped.isCut ? 'MISFIT' : undefined);
  return {
    content: remarks.length ? [...shaped.content, note(remarks.join('\n'))] : shaped.content,
    ...('value' in structured ? { structuredContent: structured.value } : {}),
    ...((outcome.cacheControl !== undefined || flaw) && { _meta: outcomeMeta({ ...outcome, ...(flaw && { flaw }) }) }),
  };
}

interface Shaped {
  readonly content: readonly ContentBlock[];
  readonly notes: readonly string[];
  /** The value for `structuredContent`; absent if there is none, or no room to include the data twice. */
  readonly value?: unknown;
  /** To stay within the limit. */
  readonly isCut?: true;
}

async function shape(shaping: ResultShaping): Promise<Shaped> {
  const { answer, status } = shaping;
  switch (answer.kind) {
    case 'json':
      return shapeJson(answer, shaping);
    case 'text':
      return shapeText(answer, shaping);
    case 'items':
      return shapeItems(answer, shaping);
    case 'binary':
      return shapeBytes(answer, shaping);
    case 'empty':
      return { content: [note(`${statusName(status)}: the API returned no body.`)], notes: [] };
  }
}

function shapeJson(answer: JsonAnswer, shaping: ResultShaping): Shaped {
  const { operation, maxResultBytes } = shaping;
  if (isTooDeep(answer.text)) {
    return shapeText({ ...answer, kind: 'text' }, shaping);
  }
  const promised = operation.tool?.outputSchema !== undefined;
  const twice = fitsIn(Math.floor(maxResultBytes / 2), answer.text);
  if (twice || (!promised && fitsIn(maxResultBytes, answer.text))) {
    return { content: [text(answer.text)], notes: [], ...(twice ? { value: answer.value } : {}) };
  }
  const budget = maxResultBytes - NOTES_BYTES;
  const cut = cutJson(answer.text, promised ? Math.floor(budget / 2) : budget);
  return {
    content: [text(cut.text)],
    ...(cut.cuts.length
      ? { notes: [cutNote(cut.cuts, maxResultBytes, operation)], isCut: true as const }
      : { notes: [] }),
    ...(promised ? { value: parseJson(cut.text)?.value } : {}),
  };
}

/** Space reserved for notes and headers. */
const NOTES_BYTES = 3_000;

function shapeText(answer: TextAnswer, { operation, maxResultBytes }: ResultShaping): Shaped {
  if (fitsIn(maxResultBytes, answer.text)) {
    const twice = fitsIn(Math.floor(maxResultBytes / 2), answer.text);
    return { content: [text(answer.text)], notes: [], ...(twice ? { value: answer.text } : {}) };
  }
  const head = cutText(answer.text, maxResultBytes - NOTES_BYTES);
  const cut: Cut = { path: '', unit: 'characters', kept: characterCount(head), total: characterCount(answer.text) };
  return { content: [text(head)], notes: [cutNote([cut], maxResultBytes, operation)], isCut: true };
}

/** One item per line; events with a name or an id as written in the stream. */
function shapeItems({ items }: ItemsAnswer, { operation, maxResultBytes }: ResultShaping): Shaped {
  const named = items.some(({ event, id }) => event !== undefined || id !== undefined);
  const promised = operation.tool?.outputSchema !== undefined;
  const budget = Math.floor((maxResultBytes - NOTES_BYTES) / (promised ? 2 : 1));
  const lines: string[] = [];
  let room = budget;
  for (const item of items) {
    const line = named ? eventText(item) : item.text;
    if (!fitsIn(room - 1, line)) break;
    room -= new TextEncoder().encode(line).length + 1;
    lines.push(line);
  }
  const values = items
    .slice(0, lines.length)
    .map(({ value, event, id }) => (named ? { event, id, data: value } : value));
  if (lines.length === items.length) {
    return { content: [text(lines.join('\n') || 'The stream ended without any items.')], notes: [], value: values };
  }
  const [first] = items;
  const beginning = lines.length === 0 && first ? [cutText(first.text, budget)] : lines;
  const cut: Cut = { path: '', unit: 'items', kept: lines.length, total: items.length };
  const spoiled = lines.length === 0 ? ['The first item is too large; only its beginning is shown.'] : [];
  return {
    content: [text(beginning.join('\n'))],
    notes: [cutNote([cut], maxResultBytes, operation), ...spoiled],
    isCut: true,
    value: values,
  };
}

function eventText({ text, event, id }: ItemsAnswer['items'][number]): string {
  const head = [...(event === undefined ? [] : [`event: ${event}`]), ...(id === undefined ? [] : [`id: ${id}`])];
  return [...head, ...text.split('\n').map((line) => `data: ${line}`), ''].join('\n');
}

async function shapeBytes(answer: BinaryAnswer, shaping: ResultShaping): Promise<Shaped> {
  const { maxResultBytes, operation } = shaping;
  const { bytes, mediaType } = answer;
  if (Math.ceil(bytes.length / 3) * 4 > maxResultBytes) return tooManyBytes(answer, shaping);
  const data = toBase64(bytes);
  const media = /^(image|audio)\//.exec(mediaType)?.[1];
  if (media === 'image' || media === 'audio')
    return { content: [{ type: media, data, mimeType: mediaType }], notes: [] };
  const uri = await blobUri(answer, operation.id);
  return { content: [{ type: 'resource', resource: { uri, mimeType: mediaType, blob: data } }], notes: [] };
}

/** Binary data is never cut, because part of a file is useless. */
function tooManyBytes(answer: BinaryAnswer, { maxResultBytes, operation, resourceUri }: ResultShaping): Shaped {
  const { bytes, mediaType } = answer;
  const name = fileName(answer);
  const said = `The response is the file "${name}" (${mediaType}, ${number(bytes.length)} bytes), too large for a result of at most ${number(maxResultBytes)} bytes.`;
  if (resourceUri === undefined) return { content: [note(`${said} ${wayOn(operation)}`)], notes: [], isCut: true };
  const link = { type: 'resource_link', uri: resourceUri, name, mimeType: mediaType, size: bytes.length } as const;
  return { content: [note(`${said} Read it through the resource link in this result.`), link], notes: [], isCut: true };
}

interface Structured {
  readonly value?: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** The response does not match the listed schema. */
  readonly misfit?: true;
}

/** `structuredContent`: the value that the listed output schema describes; without a schema, any object. */
async function structure(shaped: Shaped, { answer, operation, compileSchema }: ResultShaping): Promise<Structured> {
  const schema = operation.tool?.outputSchema;
  const { value } = shaped;
  if (schema === undefined) return isRecord(value) ? { value, notes: [] } : { notes: [] };
  if (isOtherKind(answer, operation)) return { value: await besides(value, schema, compileSchema), notes: [] };
  const candidate = operation.response.wrapped && value !== undefined ? { result: value } : value;
  if (!isRecord(candidate)) {
    const notes = ['The response does not match the output schema; structuredContent is empty.'];
    // No content (RFC 9110 §15.3.5) does not violate the schema.
    return { value: {}, notes, ...(answer.kind !== 'empty' && { misfit: true }) };
  }
  const check = await compileSchema(schema);
  if (!check) return { value: candidate, notes: [] };
  const { value: fitting, omitted } = fitToSchema(candidate, check);
  return omitted.length > 0
    ? { value: fitting, notes: [misfitNote(omitted)], misfit: true }
    : { value: fitting, notes: [] };
}

/** A listed media type that is not JSON: the output schema does not apply to it. */
function isOtherKind(answer: Answer, { response }: Operation): boolean {
  if (answer.kind === 'empty') return false;
  return mediaKind(answer.mediaType) !== 'json' && isListed(response, answer.mediaType);
}

/** Such a response as far as the output schema allows it: an object unchanged, events and texts as `result`. */
async function besides(value: unknown, schema: JsonSchemaObject, compileSchema: SchemaCompiler) {
  if (value === undefined) return {};
  const candidate = isRecord(value) ? value : { result: value };
  const check = await compileSchema(schema);
  if (!check) return candidate;
  const { value: fitting, omitted } = fitToSchema(candidate, check);
  return omitted.length > 0 ? {} : fitting;
}

function misfitNote(omitted: readonly string[]): string {
  const shown = omitted.slice(0, 5).map((place) => `\`${place}\``);
  const more = omitted.length - shown.length;
  const places = more > 0 ? [...shown, `and ${number(more)} more`] : shown;
  return `Parts of the response do not match the output schema: structuredContent omits ${places.join(', ')}; the text is complete.`;
}

const text = (content: string): ContentBlock => ({ type: 'text', text: content });
