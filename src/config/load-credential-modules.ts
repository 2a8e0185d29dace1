import type { PerCaller } from '../runtime/api/auth/given-caller-credentials.ts';
import type { GivenCredentials } from '../runtime/api/auth/given-credentials.ts';
import type { CredentialConfig } from './config.ts';
import { loadAuthHandler, NOT_LOADED } from './load-auth-handler.ts';
import { loadModule, ModuleError } from './load-module.ts';
import { shownPath } from './shown-path.ts';

export interface CredentialModuleMeans {
  /** Where to cache compiled TypeScript; `undefined`: nowhere. */
  readonly cacheFolder: string | undefined;
  /** Whether modules may run. Without, nothing is called. */
  readonly exec: boolean;
}

/**
 * The credentials of an API, with the auth handlers and functions of modules loaded.
 *
 * @throws ModuleError
 */
export async function loadCredentialModules(
  credentials: Readonly<Record<string, CredentialConfig>>,
  means: CredentialModuleMeans,
): Promise<GivenCredentials> {
  const entries = Object.entries(credentials).map(async ([scheme, credential]) => {
    if (typeof credential === 'string') return [scheme, credential] as const;
    if ('module' in credential) {
      return [scheme, means.exec ? await loadAuthHandler(credential, means) : NOT_LOADED] as const;
    }
    if (!('perCaller' in credential)) return [scheme, credential] as const;
    return [scheme, { perCaller: await callerFunction(credential.perCaller, means) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function callerFunction(
  given: string | PerCaller['perCaller'],
  { cacheFolder, exec }: CredentialModuleMeans,
): Promise<PerCaller['perCaller']> {
  if (typeof given === 'function') return given;
  if (!exec) return () => undefined;
  const { default: found } = await loadModule(given, { cacheFolder });
  if (typeof found === 'function') return found as PerCaller['perCaller'];
  throw new ModuleError(
    `The default export of ${shownPath(given)} is not a function.`,
    'Write `export default async ({ caller }) => …`, which returns the credential of the caller.',
  );
}
