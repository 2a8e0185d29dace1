import type { Performed } from '../runtime/api/perform.ts';
import { CallError } from '../runtime/call-error.ts';
import { messageOf } from '../runtime/errors.ts';
import type { NotChecked, NotCheckedKind } from './report.ts';

export type Reason = Pick<NotChecked, 'kind' | 'reason'>;

const KINDS: Readonly<Partial<Record<CallError['code'], NotCheckedKind>>> = {
  INVALID_ARGUMENTS: 'arguments',
  UNSAFE_ARGUMENT: 'arguments',
  FILE_REFUSED: 'arguments',
  MISSING_CREDENTIAL: 'credential',
  CREDENTIAL_REFUSED: 'credential',
  SIGNING_FAILED: 'credential',
  TIMEOUT: 'network',
  CONNECTION_REFUSED: 'network',
  CONNECTION_LOST: 'network',
  HOST_NOT_FOUND: 'network',
  TLS_FAILED: 'network',
  NETWORK_FAILED: 'network',
  CANCELLED: 'limit',
};

/** Why a call has no response. */
export function failureReason(error: unknown): Reason {
  const kind = (error instanceof CallError && KINDS[error.code]) || 'response';
  const hint = error instanceof CallError && error.hint !== undefined ? ` ${error.hint}` : '';
  return { kind, reason: `${messageOf(error)}${hint}`.replaceAll('\n', ' ') };
}

/** Why a response says nothing about the operation: it is about who called, or how often. */
export function refusalReason({ status, sources, answer }: Performed): Reason | undefined {
  if (status === 401 || status === 403) {
    const sent = sources.length === 0 ? 'no credential was sent' : `with the credential of ${sources.join(', ')}`;
    return { kind: 'credential', reason: `The API responded ${status}: ${sent}.` };
  }
  if (status === 429) return { kind: 'response', reason: 'The API responded 429: it limits how often it is called.' };
  if (answer.flaw === 'INCOMPLETE') return { kind: 'response', reason: answer.notes.join(' ') };
  return undefined;
}
