import type { LoginFlow } from '../../login/log-in.ts';
import { openBrowser } from '../../login/open-browser.ts';
import type { ClientMeans } from '../../login/register-client.ts';
import type { FlagsOf } from '../../options/flags.ts';
import { LoginError } from '../../runtime/api/auth/login-error.ts';
import { systemClock } from '../../runtime/clock.ts';
import { deadline } from '../../runtime/until-aborted.ts';
import type { Environment } from '../flags/environment.ts';
import { tell, usageError } from '../output/report.ts';

type LoginFlags = FlagsOf<'auth login'>;

/** How long a person may take. */
const TIMEOUT_MS = 5 * 60_000;

const tooLate = (): LoginError => new LoginError('LOGIN_TIMEOUT', 'Nobody logged in within the time limit.');

/** The time limit for a complete login. */
export const loginClock = () => deadline(2 * TIMEOUT_MS, new AbortController().signal, tooLate);

/** How the person at the terminal logs in: instructions go to stderr. */
export function atTerminal(
  { device, browser, loginParameter }: LoginFlags,
  environment: Environment,
): Omit<LoginFlow, keyof ClientMeans | 'store' | 'access'> {
  return {
    device,
    parameters: parametersOf(loginParameter),
    timeoutMs: TIMEOUT_MS,
    onUrl(url) {
      tell(`To log in, open this URL in a browser on this computer:\n\n  ${url}`);
      if (browser) openBrowser(url, process.platform, environment);
    },
    onPrompt({ url, userCode, completeUrl }) {
      const direct =
        completeUrl === undefined ? '' : `\nOr open this URL, which contains the code:\n\n  ${completeUrl}\n`;
      tell(`To log in, open this URL on any device:\n\n  ${url}\n\nand enter the code: ${userCode}\n${direct}`);
    },
    ...systemClock,
  };
}

/** Parameters that the login itself sets. */
const OWN = new Set(
  'client_id client_secret code code_challenge code_challenge_method code_verifier device_code grant_type redirect_uri refresh_token resource response_type scope state'.split(
    ' ',
  ),
);

function parametersOf(given: readonly string[]): Readonly<Record<string, string>> {
  const pairs = given.map((text): [string, string] => {
    const [, name = '', value = ''] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
    if (name === '') {
      throw usageError('--login-parameter: the value has no name.', 'Write it as name=value.');
    }
    if (!OWN.has(name)) return [name, value];
    throw usageError(`--login-parameter: "${name}" is set by the login itself.`, 'Leave it out.');
  });
  return Object.fromEntries(pairs);
}

/** The scopes of `--scope`, each of which may name several. */
export const givenScopes = ({ scope }: LoginFlags): readonly string[] | undefined =>
  scope.length > 0 ? scope.flatMap((text) => text.split(/\s+/).filter(Boolean)) : undefined;

export interface ClientVariables {
  readonly id: string;
  readonly secret: string;
}

/** The client of a login. The secret is never a flag: other users could see it in the list of processes. */
export function clientMeans(
  { clientId, clientMetadataUrl }: LoginFlags,
  environment: Environment,
  variables: ClientVariables,
): ClientMeans {
  const known = environment[variables.id]?.trim();
  const id = clientId ?? known;
  const secret = environment[variables.secret]?.trim();
  return {
    clientIdFrom: `--client-id or ${variables.id}`,
    clientMetadataUrl,
    ...(id && { clientId: id }),
    // A secret belongs to the id next to it.
    ...(secret && (clientId === undefined || clientId === known) && { clientSecret: secret }),
  };
}
