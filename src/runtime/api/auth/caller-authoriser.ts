import { type ApiModel, type AuthRequirement, getOwn } from '../../../model/index.ts';
import { CallError } from '../../call-error.ts';
import { accessOf } from '../../caller-access.ts';
import type { CallContext } from '../../provider.ts';
import { untilAborted } from '../../until-aborted.ts';
import type { CallerCredential, CallerHolding, CallerSource } from './caller-credential.ts';
import { reportRefusal } from './caller-refused.ts';
import { callerSource } from './caller-source.ts';
import type { ConnectMeans } from './connect-source.ts';
import type { Credentials } from './credentials.ts';

type Call = Pick<CallContext, 'signal' | 'caller'>;
type Holdings = Readonly<Record<string, CallerHolding>>;

export interface CallerAuthoriserOptions extends ConnectMeans {
  readonly auth: ApiModel['auth'];
  readonly credentials: Credentials;
}

/** Finds the credentials of callers, for an API that acts on their behalf. */
export function callerAuthoriser(options: CallerAuthoriserOptions) {
  const { auth, credentials, serverUrl } = options;
  const sources = new Map<string, CallerSource>();
  const sourceOf = (name: string, { way }: CallerCredential): CallerSource => {
    const scheme = getOwn(auth, name);
    if (!scheme) throw nobody(name);
    const source = sources.get(name) ?? callerSource(name, { scheme, way }, options);
    sources.set(name, source);
    return source;
  };

  /** @throws CallError, and reports to the server what the caller has to do */
  const holding = async (
    scheme: string,
    credential: CallerCredential,
    { scopes, call: { caller, signal } }: { readonly scopes: readonly string[]; readonly call: Call },
  ): Promise<CallerHolding> => {
    if (!caller) throw nobody(scheme);
    try {
      return { caller, ...(await sourceOf(scheme, credential).holding({ caller, scheme, scopes, signal })) };
    } catch (error) {
      reportRefusal(caller, error);
      throw error;
    }
  };

  return {
    /** The only origin that gets them, unless the user names others. */
    audience: serverUrl === undefined ? undefined : new URL(serverUrl).origin,
    holding,
    /** Returns true if there were any. */
    drop(holdings: Holdings): boolean {
      const entries = Object.entries(holdings);
      for (const [, held] of entries) held.drop();
      return entries.length > 0;
    },
    /** The API rejects what was made from the caller's token, although it is new. */
    onRejected(holdings: Holdings): void {
      const rejected = Object.entries(holdings).find(([, { isFromToken }]) => isFromToken);
      if (!rejected) return;
      const [scheme, { caller }] = rejected;
      accessOf(caller)?.challenge({ description: `The API did not accept this caller for ${scheme}.` });
    },
    async prepare(requirement: AuthRequirement | undefined, call: Call): Promise<void> {
      if (!call.caller || !requirement) return;
      for (const { scheme, scopes } of requirement.schemes) {
        const credential = getOwn(credentials, scheme);
        if (credential?.kind !== 'caller' || !sourceOf(scheme, credential).isPrepared) continue;
        try {
          await untilAborted(holding(scheme, credential, { scopes, call }), call.signal);
        } catch {
          // The call fails in the same way, and says why.
          return;
        }
      }
    },
  };
}

const nobody = (scheme: string): CallError =>
  new CallError(
    'MISSING_CREDENTIAL',
    `"${scheme}" needs the credential of the caller, and this server does not know who calls.`,
    { hint: 'Serve over HTTP and authenticate callers, with --auth or the section auth of the config file.' },
  );
