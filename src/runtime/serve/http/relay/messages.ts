/** Names and values, as they repeat. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** What processes send each other about one request. `id` is unique in the process that asks. */
export type RelayMessage =
  | {
      readonly kind: 'request';
      readonly id: string;
      /** The process that asks. */
      readonly from: string;
      readonly method: string;
      readonly url: string;
      readonly headers: HeaderPairs;
      readonly body?: string;
    }
  /** The client has gone. */
  | { readonly kind: 'abort'; readonly id: string; readonly from: string }
  /** So much of the body has been passed on to the client. */
  | { readonly kind: 'read'; readonly id: string; readonly from: string; readonly bytes: number }
  /** `hasBody`: chunks follow, then the end. */
  | {
      readonly kind: 'head';
      readonly id: string;
      readonly status: number;
      readonly headers: HeaderPairs;
      readonly hasBody: boolean;
    }
  /** Base64, numbered from 0: a missing one has been lost. */
  | { readonly kind: 'chunk'; readonly id: string; readonly number: number; readonly data: string }
  | { readonly kind: 'end'; readonly id: string; readonly number: number; readonly failed?: true };

/** What belongs to one connection, not to the request (RFC 9110 §7.6.1), or follows from the body. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export const passedHeaders = (headers: Headers): HeaderPairs =>
  [...headers].filter(([name]) => !OF_CONNECTION.has(name));

/** How many bytes of a body are on their way to a client that does not read them. */
export const WINDOW_BYTES = 1024 * 1024;

/** Requests of other processes that one serves, and those that it has passed on. */
export const MOST_REQUESTS = 2_000;
