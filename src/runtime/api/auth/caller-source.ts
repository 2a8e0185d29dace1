import { CallError } from '../../call-error.ts';
import { accessOf } from '../../caller-access.ts';
import { messageOf } from '../../errors.ts';
import type { Caller } from '../../provider.ts';
import { createConcealer } from '../conceal/concealer.ts';
import type { CallerCredential, CallerSource, CallerWay } from './caller-credential.ts';
import { CallerRefusedError } from './caller-refused.ts';

/** Opens the source of callers' credentials for a scheme. */
export function callerSource(scheme: string, { way }: CallerCredential): CallerSource {
  switch (way.kind) {
    case 'perCaller':
      return hookSource(scheme, way);
  }
}

/** The author's function decides each time: it knows how long its credentials are valid. */
function hookSource(scheme: string, { provide }: Extract<CallerWay, { readonly kind: 'perCaller' }>): CallerSource {
  return {
    isPrepared: false,
    async holding(asked) {
      const { caller } = asked;
      let used: string | undefined;
      try {
        const secret = await provide({
          ...asked,
          async token() {
            used = await callerToken(caller);
            return used;
          },
        });
        if (secret !== undefined) {
          return { secret, isFromToken: used !== undefined, hidden: used === undefined ? [] : [used] };
        }
      } catch (error) {
        if (error instanceof CallError) throw error;
        if (isInvalidToken(error)) throw loginEnded(error);
        // The author's message, which may quote what the function was given.
        const shown = createConcealer({ anywhere: used === undefined ? [] : [used], whole: [] });
        const message = shown.text(`auth.${scheme}.perCaller: ${messageOf(error)}`);
        throw new CallError('HOOK_FAILED', message, { cause: shown.error(error) });
      }
      throw new CallError('MISSING_CREDENTIAL', `There is no credential for "${scheme}" of this caller.`);
    },
    drop: () => {},
  };
}

/**
 * The caller's verified token; `undefined` if it has none.
 *
 * @throws CallerRefusedError if its login has ended, CallError if this cannot be determined now
 */
export async function callerToken(caller: Caller): Promise<string | undefined> {
  try {
    return await accessOf(caller)?.token();
  } catch (error) {
    if (isInvalidToken(error)) throw loginEnded(error);
    throw new CallError('CREDENTIAL_REFUSED', `The token of the caller cannot be read now: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** By name: also errors of another copy of the runtime. */
const isInvalidToken = (error: unknown): error is Error => error instanceof Error && error.name === 'InvalidTokenError';

const loginEnded = (error: Error): CallerRefusedError =>
  new CallerRefusedError(error.message, { kind: 'authenticate' }, { cause: error });
