import { CallError } from '../../call-error.ts';
import { accessOf, type CallerChallenge } from '../../caller-access.ts';
import type { Caller } from '../../provider.ts';

/** There is no credential for this caller, and the caller can change that. */
export class CallerRefusedError extends CallError {
  /** What the caller has to do. */
  readonly remedy: CallerRemedy;
  constructor(message: string, remedy: CallerRemedy, options: { hint?: string; cause?: unknown } = {}) {
    super('CREDENTIAL_REFUSED', message, { hint: HINTS[remedy.kind], ...options });
    this.remedy = remedy;
  }
}

/** `authenticate`: get a new token for this server. */
export type CallerRemedy = { readonly kind: 'authenticate' } & Pick<CallerChallenge, 'claims'>;

const HINTS: Readonly<Record<CallerRemedy['kind'], string>> = {
  authenticate: 'The client must authenticate again at this server.',
};

/** Tells the server what the caller has to do. */
export function reportRefusal(caller: Caller | undefined, error: unknown): void {
  if (!(error instanceof CallerRefusedError)) return;
  const { message, remedy } = error;
  const { claims } = remedy;
  accessOf(caller)?.challenge({ description: message, ...(claims !== undefined && { claims }) });
}
