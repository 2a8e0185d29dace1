import type { FlagsOf } from '../../options/flags.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { EXIT, type ExitCode, printResult, usageError } from '../output/report.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { openLoginSchemes } from '../targets/login-schemes.ts';
import { logoutOfAccount } from './auth-logout-account.ts';
import { logoutOfServer } from './auth-server.ts';
import { type EndedLogin, endLogin, REVOKE_MS } from './end-login.ts';

/** `openapi-mcp auth logout`: ends the logins for a target, here and at the authorization server. */
export async function authLogout(words: TargetWords, line: CommandLine<FlagsOf<'auth logout'>>): Promise<ExitCode> {
  const { account } = line.flags;
  if (account !== undefined) {
    if (words.targets.length > 0) {
      const fix = 'Leave out one of them: openapi-mcp auth status lists the accounts.';
      throw usageError('--account ends all logins of a caller, whatever the target.', fix);
    }
    return logoutOfAccount(account, line.flags, readEnvironment(line.flags.envFile));
  }
  const target = describeTarget(words);
  if (target.kind === 'url') return logoutOfServer(target, line);
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment);
  const opened = await openLoginSchemes(words, line, environment);
  try {
    const results: ({ readonly scheme: string } & EndedLogin)[] = [];
    for (const { label, key, api } of opened.schemes) {
      const access = { ...api.issuers, signal: AbortSignal.timeout(REVOKE_MS) };
      results.push({ scheme: label, ...(await endLogin(key, store, access, `The login for ${label} was`)) });
    }
    printResult(flags.json, results, () =>
      results.map(({ scheme, loggedOut }) => `${scheme}: ${loggedOut ? 'logged out' : 'not logged in'}`),
    );
    return EXIT.ok;
  } finally {
    await opened.close();
  }
}
