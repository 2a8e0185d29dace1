/** How the pages of a list are reached, by what says where the next one starts. */
export type PaginationPlan = NextUrlPlan | TokenPlan | LastItemPlan | LinkPlan | PagePlan | OffsetPlan;

export type PaginationKind = PaginationPlan['kind'];

/** Names from the root of a JSON response; empty for the root itself. */
export type AnswerPath = readonly string[];

interface Paginated {
  /** The list. Absent: unknown, so the only list of a response is taken. */
  readonly items?: AnswerPath;
  /** Arguments that say which page is wanted. */
  readonly positions: readonly string[];
  readonly size?: PageSize;
}

/** The argument that limits the length of a page. */
export interface PageSize {
  readonly argument: string;
  /** The length without it, as far as the document says. */
  readonly default?: number;
  /** The document has a maximum, so the API does not silently return shorter pages. */
  readonly isBounded: boolean;
}

/** Signs in a response that there are further pages, or none. */
interface EndSigns {
  /** `true` if there are more. */
  readonly more?: AnswerPath;
  /** `true` on the last page. */
  readonly last?: AnswerPath;
  /** Number of items of all pages. */
  readonly total?: AnswerPath;
  /** Number of pages. */
  readonly pages?: AnswerPath;
}

/** The response has the URL of the next page. */
export interface NextUrlPlan extends Paginated {
  readonly kind: 'nextUrl';
  readonly next: AnswerPath;
}

/** The response has a value for an argument of the next request. */
export interface TokenPlan extends Paginated, Pick<EndSigns, 'more'> {
  readonly kind: 'token';
  readonly next: AnswerPath;
  readonly argument: string;
}

/** The next page starts after the last item of this one. */
export interface LastItemPlan extends Paginated {
  readonly kind: 'lastItem';
  readonly argument: string;
  /** The value for the argument, from the item. */
  readonly id: AnswerPath;
  readonly more: AnswerPath;
}

/** The header `Link: …; rel="next"` (RFC 8288). */
export interface LinkPlan extends Paginated {
  readonly kind: 'link';
}

/** Pages are counted. */
export interface PagePlan extends Paginated, EndSigns {
  readonly kind: 'page';
  readonly argument: string;
  /** The number of the first page. */
  readonly first: number;
}

/** Items are counted. */
export interface OffsetPlan extends Paginated, EndSigns {
  readonly kind: 'offset';
  readonly argument: string;
  /** The number of the first item. */
  readonly first: number;
}
