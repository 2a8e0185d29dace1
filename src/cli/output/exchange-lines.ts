import { STATUS_CODES } from 'node:http';
import type { ExchangeReport } from '../../runtime/provider.ts';
import { onOneLine } from './for-terminal.ts';

/** An HTTP exchange as lines for people: the heads of request and response, and how long it took. */
export function exchangeLines({ request, response, error, ms }: ExchangeReport): string[] {
  const took = `(${Math.round(ms)} ms)`;
  return [
    `> ${request.method} ${onOneLine(request.url)}`,
    ...headerLines('>', request.headers),
    ...(request.body === undefined ? [] : [`> ${bodyText(request.body)}`]),
    ...(response
      ? [`< ${statusText(response.status)} ${took}`, ...headerLines('<', response.headers)]
      : [`< ${onOneLine(error ?? 'no response')} ${took}`]),
  ];
}

/** `404 Not Found` */
export const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

const headerLines = (mark: string, headers: ExchangeReport['request']['headers']): string[] =>
  headers.map(([name, value]) => `${mark} ${name}: ${onOneLine(value)}`);

const MOST_BODY_CHARACTERS = 2_000;

function bodyText(body: string | Uint8Array): string {
  if (typeof body !== 'string') return `(${body.byteLength} bytes)`;
  const text = onOneLine(body);
  return text.length > MOST_BODY_CHARACTERS ? `${text.slice(0, MOST_BODY_CHARACTERS)}…` : text;
}
