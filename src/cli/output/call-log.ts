import { logging } from '../../runtime/middleware/logging.ts';
import { withMiddleware } from '../../runtime/middleware/with-middleware.ts';
import type { Provider } from '../../runtime/provider.ts';
import { tell } from './report.ts';

export interface CallLogOptions {
  /** Write JSON lines instead of lines for people. */
  readonly json: boolean;
  /** Strings to hide wherever they occur, each at least 4 characters long. */
  readonly secrets: readonly string[];
}

/**
 * Logs every finished call to stderr, with request and result. Secrets are hidden, and so are the values of keys that
 * look like secrets.
 */
export function withCallLog(provider: Provider, { json, secrets }: CallLogOptions): Provider {
  const format = json ? 'json' : 'human';
  return withMiddleware(provider, logging({ format, sink: tell, payload: true, redaction: { secrets } }));
}
