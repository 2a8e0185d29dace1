import { logging } from '../runtime/middleware/logging.ts';
import { withMiddleware } from '../runtime/middleware/with-middleware.ts';
import type { Provider } from '../runtime/provider.ts';
import { tell } from './report.ts';

export interface CallLogOptions {
  /** Lines of JSON, in place of those for people. */
  readonly json: boolean;
  /** Hidden wherever they occur; each has 4 characters or more. */
  readonly secrets: readonly string[];
}

/**
 * Tells every call on stderr when it has ended, with what was asked and answered. Secrets are hidden, and the values of
 * keys that name some.
 */
export function withCallLog(provider: Provider, { json, secrets }: CallLogOptions): Provider {
  const format = json ? 'json' : 'human';
  return withMiddleware(provider, logging({ format, sink: tell, payload: true, redaction: { secrets } }));
}
