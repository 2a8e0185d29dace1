import { setTimeout as sleep } from 'node:timers/promises';
import { logIn } from '../../login/log-in.ts';
import { openBrowser } from '../../login/open-browser.ts';
import type { AuthScheme } from '../../model/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { credentialVariables } from '../../runtime/api/auth/credentials.ts';
import { LoginError } from '../../runtime/api/auth/login-error.ts';
import { deadline, untilAborted } from '../../runtime/until-aborted.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { type Environment, readEnvironment } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { EXIT, type ExitCode, print, tell } from '../output/report.ts';
import { loginText } from '../output/start-report.ts';
import type { TargetWords } from '../targets/describe-target.ts';
import { type LoginScheme, onlyScheme, openLoginSchemes } from '../targets/login-schemes.ts';
import { loginReport } from './login-report.ts';

/** How long a person may take. */
const TIMEOUT_MS = 5 * 60_000;

const tooLate = (): LoginError => new LoginError('LOGIN_TIMEOUT', 'Nobody logged in within the time limit.');

/** `openapi-mcp auth login`: logs the person at the terminal in. Instructions go to stderr, the result to stdout. */
export async function authLogin(words: TargetWords, line: CommandLine<FlagsOf<'auth login'>>): Promise<ExitCode> {
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment, tell);
  const opened = await openLoginSchemes(words, line, environment);
  const clock = deadline(2 * TIMEOUT_MS, new AbortController().signal, tooLate);
  try {
    const found = onlyScheme(opened);
    const { scheme, api, serverUrl, key } = found;
    const definition = api.model.auth[scheme] as AuthScheme; // it is one of them
    const record = await logIn({
      scheme: definition,
      serverUrl,
      store,
      access: { ...api.issuers, signal: clock.signal },
      device: flags.device,
      scopes: flags.scope.length > 0 ? flags.scope.flatMap((text) => text.split(/\s+/)) : neededScopes(found),
      ...clientMeans(found, flags, environment),
      timeoutMs: TIMEOUT_MS,
      onUrl(url) {
        tell(`To log in, open this URL in a browser on this computer:\n\n  ${url}`);
        if (flags.browser) openBrowser(url, process.platform, environment);
      },
      onPrompt({ url, userCode, completeUrl }) {
        const direct =
          completeUrl === undefined ? '' : `\nOr open this URL, which contains the code:\n\n  ${completeUrl}\n`;
        tell(`To log in, open this URL on any device:\n\n  ${url}\n\nand enter the code: ${userCode}\n${direct}`);
      },
      sleep: (ms, signal) => untilAborted(sleep(ms), signal),
      now: Date.now,
    });
    const report = loginReport(found.label, key, record);
    if (flags.json) print(JSON.stringify(report, null, 2));
    else print(`${found.label} (${key.audience}): ${loginText(report)}`);
    return EXIT.ok;
  } finally {
    clock.stop();
    await opened.close();
  }
}

/** The scopes that the served operations need; without any, those that the document describes. */
function neededScopes({ scheme: name, api: { model } }: LoginScheme): readonly string[] {
  const needed = model.operations.flatMap(({ auth }) =>
    auth.flatMap(({ schemes }) => schemes.filter(({ scheme }) => scheme === name).flatMap(({ scopes }) => scopes)),
  );
  if (needed.length > 0) return [...new Set(needed)];
  const scheme = model.auth[name];
  if (scheme?.kind === 'openIdConnect') return ['openid'];
  return scheme?.kind === 'oauth2' ? ((scheme.authorizationCode ?? scheme.deviceAuthorization)?.scopes ?? []) : [];
}

/** The secret is never a flag: other users could see it in the list of processes. */
function clientMeans({ scheme, prefix }: LoginScheme, { clientId }: FlagsOf<'auth login'>, environment: Environment) {
  // Every scheme of this kind has the variables of a client.
  const { alternatives } = credentialVariables(scheme, { kind: 'openIdConnect', discoveryUrl: '' }, prefix);
  const [idVariable = '', secretVariable = ''] = alternatives[1] ?? [];
  const id = clientId ?? environment[idVariable]?.trim();
  const secret = environment[secretVariable]?.trim();
  return {
    clientIdFrom: `--client-id or ${idVariable}`,
    ...(id && { clientId: id }),
    // A secret belongs to the id next to it.
    ...(secret && (clientId === undefined || clientId === environment[idVariable]?.trim()) && { clientSecret: secret }),
  };
}
