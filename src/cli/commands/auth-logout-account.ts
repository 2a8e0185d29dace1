import { logOut } from '../../login/log-out.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { openSenders } from '../../runtime/node/senders.ts';
import { type Environment, readOptionFile } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { EXIT, type ExitCode, print, tell } from '../output/report.ts';

/** For the request that revokes a token. */
const TIMEOUT_MS = 30_000;

/** Ends everything that a caller of a server has connected, here and at the third parties. */
export async function logoutOfAccount(
  account: string,
  flags: FlagsOf<'auth logout'>,
  environment: Environment,
): Promise<ExitCode> {
  const store = await loginStore(flags, environment, tell);
  const senders = openSenders({ environment, ca: flags.ca.map((file) => readOptionFile(file, '--ca')) });
  try {
    const results = [];
    for (const key of (await store.list()).filter((each) => each.account === account)) {
      const { issuer, audience } = key;
      // The endpoints were checked when the account was connected.
      const access = { send: senders.document, allowPrivate: true, signal: AbortSignal.timeout(TIMEOUT_MS) };
      const result = await logOut(key, store, access);
      results.push({
        issuer,
        audience,
        account,
        loggedOut: result.kind !== 'none',
        revoked: result.kind === 'revoked',
      });
      if (result.kind !== 'deleted') continue;
      tell(`The tokens for ${audience} were deleted here, but may still be valid at ${issuer}: ${result.why}.`);
    }
    if (flags.json) print(JSON.stringify(results, null, 2));
    else if (results.length === 0) print(`${account}: nothing is stored`);
    else for (const { audience } of results) print(`${account}: logged out of ${audience}`);
    return EXIT.ok;
  } finally {
    await senders.close();
  }
}
