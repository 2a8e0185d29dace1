import { type Html, html, pageResponse } from '../runtime/serve/pages/page.ts';

/** A request that the page cannot have meant; its message is shown. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** On every response. */
export const GUARDED: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(value, { status, headers: { ...GUARDED, ...headers } });
}

/** A page that says what went wrong, without script. */
export function message(status: number, title: string, text: Html): Promise<Response> {
  const headers = { 'Referrer-Policy': 'no-referrer', 'Cross-Origin-Opener-Policy': 'same-origin' };
  return pageResponse({ title, status, headers, body: html`<h1>${title}</h1>\n${text}` });
}
