/** What can be wrong with a response. */
export type ContradictionCode =
  | 'wrong-type'
  | 'missing-property'
  | 'undocumented-property'
  | 'enum-violation'
  | 'format-violation'
  | 'schema-violation'
  | 'undocumented-status'
  | 'wrong-media-type'
  | 'invalid-json'
  | 'empty-body'
  | 'missing-header'
  | 'broken-paging';

/** Where a response contradicts the document. */
export interface Contradiction {
  readonly code: ContradictionCode;
  /** JSON pointer in the document. */
  readonly pointer: string;
  /** Name of the tool, or id of the operation if it is not served as one. */
  readonly tool: string;
  /** `GET https://api.example.com/pets`, without credentials. */
  readonly request: string;
  /** The part of the response, `items[].id`; empty for the response itself. */
  readonly place: string;
  /** What the document declares, and what was seen, in words. */
  readonly declared: string;
  readonly seen: string;
  /** How often, if it occurs in several items. */
  readonly count: number;
}

/** Why there is nothing to compare with the document. */
export type NotCheckedKind =
  /** It may change something. */
  | 'unsafe'
  /** No value is known for an argument. */
  | 'arguments'
  | 'credential'
  | 'network'
  /** The limit of calls is reached. */
  | 'limit'
  /** The API is busy, or the response is too large or unreadable. */
  | 'response';

export interface NotChecked {
  readonly tool: string;
  /** `DELETE /pets/{petId}` */
  readonly operation: string;
  readonly pointer: string;
  readonly kind: NotCheckedKind;
  readonly reason: string;
}

/** An operation whose responses were compared with the document. */
export interface Checked {
  readonly tool: string;
  readonly operation: string;
  readonly request: string;
  readonly status: number;
}

export interface CheckReport {
  /** Most important first: in the order of the document. */
  readonly contradictions: readonly Contradiction[];
  readonly checked: readonly Checked[];
  readonly notChecked: readonly NotChecked[];
  /** The number of requests that were sent. */
  readonly calls: number;
}
