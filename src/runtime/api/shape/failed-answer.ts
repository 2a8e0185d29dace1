import { isHtmlType } from '../../../model/index.ts';
import { fitsIn } from '../../text/byte-length.ts';
import { characterCount, cutText } from '../../text/cut-text.ts';
import type { Concealer } from '../conceal/concealer.ts';
import type { HttpResponse } from '../http.ts';
import { safeUrl } from '../outcome/safe-url.ts';
import type { Answer } from '../read/answer.ts';
import { challengeText } from './challenges.ts';
import { cutJson } from './cut-json.ts';
import { number } from './cut-note.ts';
import { htmlToText } from './html-to-text.ts';
import { isTooDeep } from './nesting.ts';
import { statusName } from './status-name.ts';
import { usefulHeaders } from './useful-headers.ts';

/** Neither a success nor the 304 of a conditional request. */
export function isFailure(status: number): boolean {
  return status < 200 || (status >= 300 && status !== 304);
}

/** The response of an API, and what its request was sent with. */
export interface Responded {
  readonly answer: Answer;
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** The URL that responded. */
  readonly url: string;
  /** Hides secrets in the final result too: a credential may be split by markup until that is removed. */
  readonly conceal: Pick<Concealer, 'text'>;
  /** The source of the request's credentials, for messages. */
  readonly sources: readonly string[];
  /** What to do if the API rejected them. */
  readonly remedies: readonly string[];
}

export interface FailedAnswer extends Responded {
  readonly method: string;
  /** Names of the headers that the document declares for this status. */
  readonly declared: readonly string[];
  /** The name of the tool, or the URI of the resource. */
  readonly of: string;
}

/**
 * The message for a failed request: which URL responded with what, what to do next, useful headers, and the body, cut
 * to a limit.
 */
export function failedAnswerText(failed: FailedAnswer): string {
  const { answer, status, headers, declared, method, url, of, conceal, sources, remedies } = failed;
  const parts = [
    `${method} ${safeUrl(url)} responded ${statusName(status)} (${of}).`,
    hint(status, sources),
    ...(status === 401 || status === 403 ? remedies : []),
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

/** Enough to see what is wrong; error pages can be much larger. */
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

/** RFC 9457 §3.1: the standard problem fields; the JSON that follows has the rest. */
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
