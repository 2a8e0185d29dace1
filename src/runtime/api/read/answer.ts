import type { Outcome } from '../../outcome.ts';

/** The body of a response, read and parsed; the status is separate. */
export type Answer = JsonAnswer | TextAnswer | BinaryAnswer | ItemsAnswer | EmptyAnswer;

interface Read {
  /** Notes for the reader: where it was cut, what could not be decoded. Full sentences. */
  readonly notes: readonly string[];
  /** The body does not match its declared type, or reading stopped because of its size. */
  readonly flaw?: NonNullable<Outcome['flaw']>;
}

export interface JsonAnswer extends Read {
  readonly kind: 'json';
  /** Numbers that a double cannot hold (12345678901234567890, 1e400) are strings here. */
  readonly value: unknown;
  /** The original text of the API, with its digits and layout. */
  readonly text: string;
  readonly mediaType: string;
}

export interface TextAnswer extends Read {
  readonly kind: 'text';
  readonly text: string;
  /** Media type in lower case, `text/csv`. */
  readonly mediaType: string;
}

export interface BinaryAnswer extends Read {
  readonly kind: 'binary';
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** From Content-Disposition, without any folder. */
  readonly filename?: string;
}

/** A stream of items (JSON Lines, RFC 7464, server-sent events), collected. */
export interface ItemsAnswer extends Read {
  readonly kind: 'items';
  readonly items: readonly Item[];
  readonly mediaType: string;
}

export interface Item {
  /** The parsed JSON of the item, or its text if it is not JSON. */
  readonly value: unknown;
  /** As the API wrote it. */
  readonly text: string;
  /** The event name of a server-sent event, if it has one. */
  readonly event?: string;
  readonly id?: string;
}

export interface EmptyAnswer extends Read {
  readonly kind: 'empty';
}
