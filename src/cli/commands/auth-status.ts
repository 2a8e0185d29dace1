import { serverLogins } from '../../login/log-in-to-server.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { type TokenKey, type TokenStore, TokenStoreError } from '../../runtime/secrets/token-store.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { EXIT, type ExitCode, print, tell } from '../output/report.ts';
import { loginText } from '../output/start-report.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { openLoginSchemes } from '../targets/login-schemes.ts';
import { type Target, targetLabel } from '../targets/target.ts';
import { checkServerFlags } from './auth-server.ts';
import { type LoginReport, loginReport } from './login-report.ts';

/**
 * `openapi-mcp auth status`: all stored logins, or those for a target. With a target, it fails unless every scheme has a
 * usable login.
 */
export async function authStatus(words: TargetWords, line: CommandLine<FlagsOf<'auth status'>>): Promise<ExitCode> {
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment);
  const target = words.targets.length === 0 ? undefined : describeTarget(words);
  const wanted = target === undefined ? await stored(store) : await ofTarget(target, line);
  const reports = await Promise.all(wanted.map(([scheme, key]) => reportOf(scheme, key, store)));
  if (flags.json) print(JSON.stringify(reports, null, 2));
  else if (target?.kind === 'url' && reports.length === 0) print(`${targetLabel(target)}: not logged in`);
  else if (reports.length === 0) tell('There are no stored logins.');
  else for (const report of reports) print(lineOf(report));
  if (target === undefined) return EXIT.ok;
  return reports.length > 0 && reports.every(({ loggedIn }) => loggedIn) ? EXIT.ok : EXIT.credential;

  async function ofTarget(described: Target, own: CommandLine<FlagsOf<'auth status'>>): Promise<Wanted> {
    if (described.kind === 'url') {
      checkServerFlags(own);
      return (await serverLogins(store, described.url)).map((key) => [null, key] as const);
    }
    const opened = await openLoginSchemes(words, own, environment);
    await opened.close();
    return opened.schemes.map(({ label, key }) => [label, key] as const);
  }
}

type Wanted = readonly (readonly [scheme: string | null, key: TokenKey])[];

const stored = async (store: TokenStore): Promise<Wanted> => {
  const keys = await store.list();
  const texts = keys.map((key) => [key.audience + key.issuer + key.account, key] as const);
  return texts.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => [null, key] as const);
};

/** A login that cannot be read is reported, so that the others are still shown. */
async function reportOf(scheme: string | null, key: TokenKey, store: TokenStore): Promise<LoginReport> {
  try {
    return loginReport(scheme, key, await store.get(key));
  } catch (error) {
    if (!(error instanceof TokenStoreError)) throw error;
    return { ...loginReport(scheme, key, undefined), problem: `${error.message} ${error.hint}` };
  }
}

function lineOf({ scheme, issuer, audience, account, loggedIn, problem, ...login }: LoginReport): string {
  const whose = account === 'self' ? '' : ` for ${account}`;
  const name = scheme === null ? audience : `${scheme} (${audience})`;
  const state = problem ?? (loggedIn ? loginText(login) : 'not logged in');
  return `${name}${whose} at ${issuer}: ${state}`;
}
