import { SdkHttpError } from '@modelcontextprotocol/client';
import { messageOf } from '../../errors.ts';

/** What went wrong, in one line: `fetch` says "fetch failed" and keeps the reason in `cause`. */
export function reasonOf(error: unknown): string {
  const [first = '', ...more] = messages(error);
  // How the SDK finds out what the server speaks is not what the reader asked for.
  const told = first.replace(/^Version negotiation (probe )?failed: /, '');
  const reason = more.filter((message) => message !== '' && !told.includes(message)).at(-1);
  return reason === undefined ? told : `${told} (${reason})`;
}

/** Of the error and of what caused it, the innermost last. */
function messages(error: unknown): readonly string[] {
  // Its message has the body of the answer, which may be a whole page.
  if (error instanceof SdkHttpError) return [`the server responded with status ${error.status}`];
  if (!(error instanceof Error)) return [messageOf(error)];
  // Several addresses that were tried: the error itself has only a code.
  const message = error.message || String((error as { readonly code?: unknown }).code);
  return error.cause instanceof Error ? [message, ...messages(error.cause)] : [message];
}
