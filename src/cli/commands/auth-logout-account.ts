import type { FlagsOf } from '../../options/flags.ts';
import { openSenders } from '../../runtime/node/senders.ts';
import type { TokenKey } from '../../runtime/secrets/token-store.ts';
import { type Environment, readOptionFile } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { EXIT, type ExitCode, printResult } from '../output/report.ts';
import { type EndedLogin, endLogin, REVOKE_MS } from './end-login.ts';

/** Ends everything that a caller of a server has connected, here and at the third parties. */
export async function logoutOfAccount(
  account: string,
  flags: FlagsOf<'auth logout'>,
  environment: Environment,
): Promise<ExitCode> {
  const store = await loginStore(flags, environment);
  const senders = openSenders({ environment, ca: flags.ca.map((file) => readOptionFile(file, '--ca')) });
  try {
    const results: (TokenKey & EndedLogin)[] = [];
    for (const key of (await store.list()).filter((each) => each.account === account)) {
      const { issuer, audience } = key;
      // The endpoints were checked when the account was connected.
      const access = { send: senders.document, allowPrivate: true, signal: AbortSignal.timeout(REVOKE_MS) };
      const ended = await endLogin(key, store, access, `The tokens for ${audience} were`);
      results.push({ issuer, audience, account, ...ended });
    }
    printResult(flags.json, results, () =>
      results.length === 0
        ? [`${account}: nothing is stored`]
        : results.map(({ audience }) => `${account}: logged out of ${audience}`),
    );
    return EXIT.ok;
  } finally {
    await senders.close();
  }
}
