import { CallError } from '../../call-error.ts';
import { accessOf, type CallerChallenge } from '../../caller-access.ts';
import type { Caller } from '../../provider.ts';

/** There is no credential for this caller, and the caller can change that. */
export class CallerRefusedError extends CallError {
  /** What the caller has to do. */
  readonly remedy: CallerRemedy;
  constructor(message: string, remedy: CallerRemedy, options: { hint?: string; cause?: unknown } = {}) {
    super('CREDENTIAL_REFUSED', message, { hint: hintOf(remedy), ...options });
    this.remedy = remedy;
  }
}

/** `authenticate`: get a new token for this server. `connect`: open `url` in a browser and consent there. */
export type CallerRemedy =
  | ({ readonly kind: 'authenticate' } & Pick<CallerChallenge, 'claims'>)
  | { readonly kind: 'connect'; readonly url: string };

function hintOf(remedy: CallerRemedy): string {
  switch (remedy.kind) {
    case 'authenticate':
      return 'The client must authenticate again at this server.';
    case 'connect':
      return `Ask the user to open this link in a browser, and call the tool again afterwards: ${remedy.url}`;
  }
}

/** Tells the server what the caller has to do. An invitation is known to it already. */
export function reportRefusal(caller: Caller | undefined, error: unknown): void {
  if (!(error instanceof CallerRefusedError) || error.remedy.kind !== 'authenticate') return;
  const { message, remedy } = error;
  const { claims } = remedy;
  accessOf(caller)?.challenge({ description: message, ...(claims !== undefined && { claims }) });
}
