import type { AuthScheme } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { messageOf } from '../../errors.ts';
import { once } from '../../once.ts';
import { createConcealer } from '../conceal/concealer.ts';
import type { CallerSource, CallerWay } from './caller-credential.ts';
import { callerToken, isInvalidToken, loginEnded } from './caller-token.ts';
import type { ConnectMeans } from './connect-source.ts';
import { exchangeSource } from './exchange-source.ts';

/** Opens the source of callers' credentials for a scheme. */
export function callerSource(
  name: string,
  { scheme, way }: { readonly scheme: AuthScheme; readonly way: CallerWay },
  means: ConnectMeans,
): CallerSource {
  switch (way.kind) {
    case 'perCaller':
      return hookSource(name, way);
    case 'exchange':
      return exchangeSource(name, { scheme, way }, means);
    case 'connect':
      return loadedLater(async () => {
        const { connectSource } = await import('./connect-source.ts');
        return connectSource(name, { scheme, way }, means);
      });
  }
}

/** Most APIs have nobody who consents. Asking before the call would only invite the caller earlier. */
function loadedLater(load: () => Promise<CallerSource>): CallerSource {
  const source = once(load);
  return { isPrepared: false, holding: async (asked) => (await source()).holding(asked) };
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
          return { secret, isFromToken: used !== undefined, hidden: used === undefined ? [] : [used], drop: () => {} };
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
  };
}
