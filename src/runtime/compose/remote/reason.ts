import { SdkHttpError } from '@modelcontextprotocol/client';
import { messageOf } from '../../errors.ts';
import { NotAuthorized } from './auth/not-authorized.ts';

/** A one-line reason: `fetch` reports "fetch failed" and has the reason in `cause`. */
export function reasonOf(error: unknown): string {
  const [first = '', ...more] = messages(error);
  // Protocol negotiation is a detail that readers do not need.
  const told = first.replace(/^Version negotiation (probe )?failed: /, '');
  const reason = more.filter((message) => message !== '' && !told.includes(message)).at(-1);
  return reason === undefined ? told : `${told} (${reason})`;
}

/** The error and its causes, innermost last. */
function messages(error: unknown): readonly string[] {
  // Its message contains the body of the response, which may be a complete page.
  if (error instanceof SdkHttpError) return [`the server responded with status ${error.status}`];
  // It contains its cause.
  if (error instanceof NotAuthorized) return [error.message];
  if (!(error instanceof Error)) return [messageOf(error)];
  // For several addresses that were tried, the error itself has only a code.
  const message = error.message || String((error as { readonly code?: unknown }).code);
  return error.cause instanceof Error ? [message, ...messages(error.cause)] : [message];
}
