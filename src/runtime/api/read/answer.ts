import type { Outcome } from '../../outcome.ts';

/** What the API answered, read and understood; the status is told beside it. */
export type Answer = JsonAnswer | TextAnswer | BinaryAnswer | ItemsAnswer | EmptyAnswer;

interface Read {
  /** Things the reader of the answer should know: where it was cut, what could not be decoded. Whole sentences. */
  readonly notes: readonly string[];
  /** It is not what it says it is, or the notes say where reading stopped for its size. */
  readonly flaw?: NonNullable<Outcome['flaw']>;
}

export interface JsonAnswer extends Read {
  readonly kind: 'json';
  /** Numbers that a double cannot hold (12345678901234567890, 1e400) are strings here. */
  readonly value: unknown;
  /** The API's own text: its digits, its layout. */
  readonly text: string;
  readonly mediaType: string;
}

export interface TextAnswer extends Read {
  readonly kind: 'text';
  readonly text: string;
  /** Essence in lower case, `text/csv`. */
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
  /** The JSON of the item, or its text where it is not JSON. */
  readonly value: unknown;
  /** As the API wrote it. */
  readonly text: string;
  /** Of a server-sent event, where the stream names it. */
  readonly event?: string;
  readonly id?: string;
}

export interface EmptyAnswer extends Read {
  readonly kind: 'empty';
}
