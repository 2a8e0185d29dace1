/**
 * The HTTP sender: an injected interface, so that the runtime core uses only web standards. `runtime/node/` has the one
 * based on undici; other platforms use `fetch`.
 */
export type HttpSender = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpRequest {
  readonly method: string;
  /** Absolute, fully encoded; sent byte for byte. */
  readonly url: string;
  /** Names as they are sent. Names that occur twice, or differ only in case, are a bug in the caller. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
}

/** The bytes of a response. */
export interface ResponseBytes extends AsyncIterable<Uint8Array> {
  /**
   * All bytes, instead of an iteration, if they have arrived already: most responses are small, and arrive with their
   * head. `undefined` if there may be others, or if there are more than `most`.
   */
  arrived?(most: number): Uint8Array | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a repeated header occurs repeatedly. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Raw bytes, before any Content-Encoding is decoded. Ending the iteration early frees the connection. */
  readonly body: ResponseBytes;
}

/** The value of a header, joined by `, ` if it is repeated (RFC 9110 §5.3). */
export function headerValue(headers: HttpResponse['headers'], name: string): string | undefined {
  const values = headers.filter(([key]) => key === name).map(([, value]) => value);
  return values.length ? values.join(', ') : undefined;
}

/** A request that is ready to be authorised and sent; `authorise` returns an extended copy. */
export interface BuiltRequest {
  readonly method: string;
  /** Absolute URL without query. */
  readonly target: string;
  /** Encoded `name=value` pairs, in order. */
  readonly query: readonly string[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Encoded `name=value` pairs for the Cookie header. */
  readonly cookies: readonly string[];
  readonly body?: string | Uint8Array;
}

/** The URL of a built request. */
export function requestUrl({ target, query }: Pick<BuiltRequest, 'target' | 'query'>): string {
  return query.length ? `${target}?${query.join('&')}` : target;
}
