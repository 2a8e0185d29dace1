/** A call in the background. */
export interface BackgroundCall {
  /** Aborted when the client cancels the task, or its time is over. Takes the place of that of the context. */
  readonly signal: AbortSignal;
  /** When it has to end, as `Date.now()`. */
  readonly ends: number;
  /** How it goes on: for the client that asks. */
  update(state: BackgroundState): void;
}

export interface BackgroundState {
  /** A full sentence. */
  readonly message: string;
  /** When it makes sense to ask again, in milliseconds. */
  readonly pollMs: number;
  /** How often this was reported. */
  readonly poll: number;
  readonly percent?: number;
}
