import type { Admission } from '../http/admission.ts';
import type { RequestHead } from '../http/request-head.ts';

/** Authenticates the callers of an HTTP server, and serves the paths that this needs. */
export interface InboundAuth {
  /** Who calls, or the response that refuses the call. Decides by the head alone, before the body is read. */
  authenticate(head: RequestHead): Promise<Admission>;
  /**
   * Serves a path outside the MCP endpoint, such as a metadata document (RFC 9728) or a page of the OAuth proxy;
   * `undefined` if the path is not one of its own.
   */
  handler(path: string): ((request: Request) => Promise<Response>) | undefined;
  /** Frees timers and connections. */
  close(): Promise<void>;
}
