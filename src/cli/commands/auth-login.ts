import { logIn } from '../../login/log-in.ts';
import type { AuthScheme } from '../../model/index.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { credentialVariables } from '../../runtime/api/auth/credentials.ts';
import { neededScopes } from '../../runtime/api/auth/needed-scopes.ts';
import type { CommandLine } from '../flags/command-line.ts';
import { readEnvironment } from '../flags/environment.ts';
import { loginStore } from '../flags/logins-option.ts';
import { EXIT, type ExitCode, printResult } from '../output/report.ts';
import { loginText } from '../output/start-report.ts';
import { describeTarget, type TargetWords } from '../targets/describe-target.ts';
import { type LoginScheme, onlyScheme, openLoginSchemes } from '../targets/login-schemes.ts';
import { loginToServer } from './auth-server.ts';
import { atTerminal, type ClientVariables, clientMeans, givenScopes, loginClock } from './login-means.ts';
import { loginReport } from './login-report.ts';

/** `openapi-mcp auth login`: logs the person at the terminal in. Instructions go to stderr, the result to stdout. */
export async function authLogin(words: TargetWords, line: CommandLine<FlagsOf<'auth login'>>): Promise<ExitCode> {
  const target = describeTarget(words);
  if (target.kind === 'url') return loginToServer(target, line);
  const { flags } = line;
  const environment = readEnvironment(flags.envFile);
  const store = await loginStore(flags, environment);
  const opened = await openLoginSchemes(words, line, environment);
  const clock = loginClock();
  try {
    const found = onlyScheme(opened);
    const { scheme, api, serverUrl, key } = found;
    const definition = api.model.auth[scheme] as AuthScheme; // it is one of them
    const record = await logIn({
      ...atTerminal(flags, environment),
      scheme: definition,
      serverUrl,
      store,
      access: { ...api.issuers, signal: clock.signal },
      scopes: givenScopes(flags) ?? neededScopes(api.model, scheme),
      resource: flags.resource,
      ...clientMeans(flags, environment, ofScheme(found)),
    });
    const report = loginReport(found.label, key, record);
    printResult(flags.json, report, () => [`${found.label} (${key.audience}): ${loginText(report)}`]);
    return EXIT.ok;
  } finally {
    clock.stop();
    await opened.close();
  }
}

/** The variables of a scheme with a client: every scheme that a person can log in for has them. */
function ofScheme({ scheme, prefix }: LoginScheme): ClientVariables {
  const { alternatives } = credentialVariables(scheme, { kind: 'openIdConnect', discoveryUrl: '' }, prefix);
  const [id = '', secret = ''] = alternatives[1] ?? [];
  return { id, secret };
}
