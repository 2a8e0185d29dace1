/** An HTTP request that is about to be sent, without credentials. */
export interface SendingReport {
  readonly method: string;
  /** The origin that it goes to. */
  readonly origin: string;
  /** The path with its variables, `/v1/pets/{petId}`; absent for a redirect to another origin. */
  readonly template?: string;
  /**
   * The same whenever the call sends the same request again: after a failure or a redirect, or with another credential.
   * Contains arguments, so it must not be recorded.
   */
  readonly key: string;
}

/** Receives the outcome of a request. */
export interface SendingWatch {
  /** Replace headers of the context, if the request has them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Called when the response has been read, or with the error. */
  end(outcome: { readonly status: number } | { readonly error: unknown }): void;
}
