import { logInToServer, serverLogins } from '../../login/log-in-to-server.ts';
import { logOut } from '../../login/log-out.ts';
import { openServerAccess } from '../../login/server-access.ts';
import { variablePart } from '../../model/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { flagName, longFlag } from '../../options/option-text.ts';
import { OPTIONS } from '../../options/options.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment, readOptionFile } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { SERVER_SCHEME } from '../flags/server-auth.ts';
import { EXIT, type ExitCode, print, tell, usageError } from '../output/report.ts';
import { loginText } from '../output/start-report.ts';
import { targetLabel, type UrlTarget } from '../targets/target.ts';
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
  const message = `${longFlag(row)} applies to an OpenAPI document, but this is an MCP server.`;
  throw usageError(message, 'Leave it out.');
}

const part = variablePart(SERVER_SCHEME);
const VARIABLES = { id: `OAUTH_CLIENT_ID_${part}`, secret: `OAUTH_CLIENT_SECRET_${part}` };

/** `openapi-mcp auth login` for an MCP server at a URL. */
export async function loginToServer(target: UrlTarget, line: CommandLine<FlagsOf<'auth login'>>): Promise<ExitCode> {
  checkServerFlags(line);
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment, tell);
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
    if (flags.json) print(JSON.stringify(report, null, 2));
    else print(`${key.audience}: ${loginText(report)}`);
    return EXIT.ok;
  } finally {
    clock.stop();
    await access.close();
  }
}

/** What became of one login for a server; with `--json`, a list of these. */
interface ServerLogout {
  readonly scheme: null;
  readonly server: string;
  /** The authorization server; `null` if there was no login. */
  readonly issuer: string | null;
  readonly loggedOut: boolean;
  /** Whether the authorization server has ended it, too. */
  readonly revoked: boolean;
}

/** For the request that revokes a login. */
const LOGOUT_MS = 30_000;

/** `openapi-mcp auth logout` for an MCP server at a URL. */
export async function logoutOfServer(target: UrlTarget, line: CommandLine<FlagsOf<'auth logout'>>): Promise<ExitCode> {
  checkServerFlags(line);
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment, tell);
  const signal = AbortSignal.timeout(LOGOUT_MS);
  const access = openServerAccess({ ...network(target, flags), environment, signal });
  const server = targetLabel(target);
  try {
    const results: ServerLogout[] = [];
    for (const key of await serverLogins(store, target.url)) {
      const result = await logOut(key, store, access);
      const revoked = result.kind === 'revoked';
      results.push({ scheme: null, server, issuer: key.issuer, loggedOut: result.kind !== 'none', revoked });
      if (result.kind !== 'deleted') continue;
      tell(`The login was deleted here, but may still be valid at ${key.issuer}: ${result.why}.`);
    }
    if (results.length === 0) results.push({ scheme: null, server, issuer: null, loggedOut: false, revoked: false });
    if (flags.json) print(JSON.stringify(results, null, 2));
    else for (const result of results) print(logoutLine(result, results.length));
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
