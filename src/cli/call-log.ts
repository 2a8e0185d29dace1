import { logging } from '../runtime/middleware/logging.ts';
import { withMiddleware } from '../runtime/middleware/with-middleware.ts';
import type { Provider } from '../runtime/provider.ts';
import { tell } from './report.ts';

/** Tells every call on stderr when it has ended, with what was asked and answered; values that name secrets are hidden. */
export function withCallLog(provider: Provider, { json }: { readonly json: boolean }): Provider {
  return withMiddleware(provider, logging({ format: json ? 'json' : 'human', sink: tell, payload: true }));
}
