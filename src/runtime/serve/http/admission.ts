import type { AuthInfo } from '@modelcontextprotocol/server';

type Headers = Readonly<Record<string, string>>;

/** What happens to a request, decided by its head. */
export type Admission =
  /** Goes to the MCP endpoint. `headers` are added to the response. */
  | { readonly kind: 'admitted'; readonly authInfo?: AuthInfo; readonly headers: Headers }
  | { readonly kind: 'refused'; readonly answer: PlainAnswer }
  /** Another path of this server. */
  | { readonly kind: 'page'; readonly respond: (request: Request) => Promise<Response> };

export interface PlainAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export function refused(status: number, text: string, headers: Headers = {}): Admission & { readonly kind: 'refused' } {
  return { kind: 'refused', answer: { status, text, headers: { ...PLAIN, ...headers } } };
}

const PLAIN = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};
