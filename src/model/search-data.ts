/** What search uses of the operations, in their order. Computed once, because it takes longer than a search. */
export interface SearchData {
  /** Per operation: its stems by field, separated by spaces. */
  readonly words: readonly (readonly string[])[];
  /** Per operation: which other operations return values that it requires. The dependency graph of the API. */
  readonly needs: readonly (readonly OperationNeed[])[];
}

/** An argument, and the operation that returns its value. */
export interface OperationNeed {
  readonly argument: string;
  /** Method and path: `GET /users`. */
  readonly operation: string;
}
