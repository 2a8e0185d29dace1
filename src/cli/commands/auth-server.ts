import { logInToServer, serverLogins } from '../../login/log-in-to-server.ts';
import { openServerAccess } from '../../login/server-access.ts';
import { variablePart } from '../../model/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { flagName, longFlag } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment, readOptionFile } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { SERVER_SCHEME } from '../flags/server-auth.ts';
import { EXIT, type ExitCode, printResult, usageError } from '../output/report.ts';
import { loginText } from '../output/start-report.ts';
import { targetLabel, type UrlTarget } from '../targets/target.ts';
import { type EndedLogin, endLogin, REVOKE_MS } from './end-login.ts';
import { atTerminal, clientMeans, givenScopes, loginClock } from './login-means.ts';
import { loginReport } from './login-report.ts';

/** Flags of `auth` that apply to an MCP server, too. The others are for OpenAPI documents. */
const SERVER_FLAGS: readonly string[] = [
  'device',
  'clientId',
  'clientMetadataUrl',
  'scope',
  'browser',
  'tokenStore',
  'envFile',
  'ca',
  'allowPrivate',
  'json',
];

/** @throws CommandError if a flag applies to documents only */
export function checkServerFlags({ given }: CommandLine<unknown>): void {
  const row = OPTIONS.find((each) => given[flagName(each)] !== undefined && !SERVER_FLAGS.includes(flagName(each)));
  if (row === undefined) return;
  throw usageError(`${longFlag(row)} applies to an OpenAPI document, but this is an MCP server.`, 'Leave it out.');
}

const part = variablePart(SERVER_SCHEME);
const VARIABLES = { id: `OAUTH_CLIENT_ID_${part}`, secret: `OAUTH_CLIENT_SECRET_${part}` };

/** `openapi-mcp auth login` for an MCP server at a URL. */
export async function loginToServer(target: UrlTarget, line: CommandLine<FlagsOf<'auth login'>>): Promise<ExitCode> {
  checkServerFlags(line);
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment);
  const clock = loginClock();
  const access = openServerAccess({ ...network(target, flags), environment, signal: clock.signal });
  try {
    const { key, record } = await logInToServer({
      ...atTerminal(flags, environment),
      serverUrl: target.url,
      store,
      access,
      scopes: givenScopes(flags),
      ...clientMeans(flags, environment, VARIABLES),
    });
    const report = loginReport(null, key, record);
    printResult(flags.json, report, () => [`${key.audience}: ${loginText(report)}`]);
    return EXIT.ok;
  } finally {
    clock.stop();
    await access.close();
  }
}

/** What became of one login for a server; with `--json`, a list of these. */
interface ServerLogout extends EndedLogin {
  readonly scheme: null;
  readonly server: string;
  /** The authorization server; `null` if there was no login. */
  readonly issuer: string | null;
}

/** `openapi-mcp auth logout` for an MCP server at a URL. */
export async function logoutOfServer(target: UrlTarget, line: CommandLine<FlagsOf<'auth logout'>>): Promise<ExitCode> {
  checkServerFlags(line);
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment);
  const signal = AbortSignal.timeout(REVOKE_MS);
  const access = openServerAccess({ ...network(target, flags), environment, signal });
  const server = targetLabel(target);
  try {
    const results: ServerLogout[] = [];
    for (const key of await serverLogins(store, target.url)) {
      const ended = await endLogin(key, store, access, 'The login was');
      results.push({ scheme: null, server, issuer: key.issuer, ...ended });
    }
    if (results.length === 0) results.push({ scheme: null, server, issuer: null, loggedOut: false, revoked: false });
    printResult(flags.json, results, () => results.map((result) => logoutLine(result, results.length)));
    return EXIT.ok;
  } finally {
    await access.close();
  }
}

function logoutLine({ server, issuer, loggedOut, revoked }: ServerLogout, logins: number): string {
  if (!loggedOut) return `${server}: not logged in`;
  const where = logins === 1 ? server : `${server} at ${issuer}`;
  return `${where}: logged out${revoked ? '' : ' here, but not revoked'}`;
}

function network({ url }: UrlTarget, { ca, allowPrivate }: Pick<FlagsOf<'auth logout'>, 'ca' | 'allowPrivate'>) {
  return { serverUrl: url, allowPrivate, ca: ca.map((file) => readOptionFile(file, '--ca')) };
}
