import { isHtmlType } from '../../../model/index.ts';
import type { Concealer } from '../conceal/concealer.ts';
import type { HttpResponse } from '../http.ts';
import type { Answer } from '../read/answer.ts';
import { safeUrl } from '../safe-url.ts';
import { fitsIn } from './byte-length.ts';
import { challengeText } from './challenges.ts';
import { cutJson } from './cut-json.ts';
import { number } from './cut-note.ts';
import { characterCount, cutText } from './cut-text.ts';
import { htmlToText } from './html-to-text.ts';
import { isTooDeep } from './nesting.ts';
import { statusName } from './status-name.ts';
import { usefulHeaders } from './useful-headers.ts';

/** Not a success, and not the "nothing new" that a conditional request asks for. */
export function isFailure(status: number): boolean {
  return status < 200 || (status >= 300 && status !== 304);
}

export interface FailedAnswer {
  readonly answer: Answer;
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly method: string;
  readonly url: string;
  /** Names of the headers that the document declares for this status. */
  readonly declared: readonly string[];
  /** The name of the tool, or the URI of the resource. */
  readonly of: string;
  /** Of a page without its markup a credential may be left that was not one before. */
  readonly conceal: Pick<Concealer, 'text'>;
  /** Where the credentials of the request came from: names of variables. */
  readonly sources: readonly string[];
}

/** What a failure says to its reader: who answered what, how to go on, the useful headers, and the body, bounded. */
export function failedAnswerText(failed: FailedAnswer): string {
  const { answer, status, headers, declared, method, url, of, conceal, sources } = failed;
  const parts = [
    `${method} ${safeUrl(url)} responded ${statusName(status)} (${of}).`,
    hint(status, sources),
    status === 401 || status === 403 ? challengeText(headers) : '',
    ...usefulHeaders(headers, { declared }),
    ...answer.notes,
    ...bodyLines(answer),
  ];
  return conceal.text(parts.filter(Boolean).join('\n'));
}

function hint(status: number, sources: readonly string[]): string {
  if (status < 400) return 'The redirect was not followed.';
  if (status !== 401 && status !== 403) return HINTS[status] ?? '';
  if (sources.length === 0) return 'No credential was sent.';
  const credential = `The credential of ${sources.join(' and ')}`;
  return status === 401 ? `${credential} is wrong or expired.` : `${credential} may lack the permission for this.`;
}

const HINTS: Readonly<Record<number, string>> = {
  429: 'Too many requests: wait before you retry.',
  503: 'The API is temporarily unavailable: retry later.',
};

/** Enough to tell what is wrong; error pages can be far larger. */
const MOST_BODY_BYTES = 8_000;

function bodyLines(answer: Answer): readonly string[] {
  switch (answer.kind) {
    case 'empty':
      return ['The response has no body.'];
    case 'binary':
      return [`The body is ${number(answer.bytes.length)} bytes of ${answer.mediaType}.`];
    case 'items':
      return [bounded(answer.items.map(({ text }) => text).join('\n'))];
    case 'text':
      return [bounded(isHtmlType(answer.mediaType) ? htmlToText(answer.text) : answer.text)];
    case 'json': {
      const problem = answer.mediaType === 'application/problem+json' ? problemLine(answer.value) : '';
      return [problem, boundedJson(answer.text)];
    }
  }
}

/** RFC 9457 §3.1: what every problem may tell; the JSON that follows holds the rest. */
function problemLine(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return '';
  const { title, detail, type } = problem as { readonly [member: string]: unknown };
  const said = [title, detail].filter((part) => typeof part === 'string' && part !== '');
  const about = typeof type === 'string' && type !== 'about:blank' && type !== '' ? ` (${type})` : '';
  return said.length ? bounded(`Problem: ${said.join(': ')}${about}`) : '';
}

function bounded(text: string): string {
  if (fitsIn(MOST_BODY_BYTES, text)) return text;
  const head = cutText(text, MOST_BODY_BYTES);
  return `${head}\n… [cut: ${number(characterCount(head))} of ${number(characterCount(text))} characters]`;
}

function boundedJson(text: string): string {
  if (fitsIn(MOST_BODY_BYTES, text)) return text;
  if (isTooDeep(text)) return bounded(text);
  const { text: cut, cuts } = cutJson(text, MOST_BODY_BYTES);
  return cuts.length ? `${cut}\n… [the body was cut to ${number(MOST_BODY_BYTES)} bytes]` : cut;
}
