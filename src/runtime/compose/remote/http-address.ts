import { basicAuthorization } from '../../api/auth/basic.ts';
import { OptionError } from '../../options/option-error.ts';

export interface HttpAddress {
  readonly url: URL;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The HTTP address of an MCP server. A user name and password in the URL, which `fetch` rejects, become a header.
 *
 * @throws OptionError without secret values: `fetch` would quote the complete URL or header later
 */
export function httpAddress(given: string | URL, headers: Readonly<Record<string, string>>): HttpAddress {
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new OptionError(`"${shown(given)}" is not the URL of an MCP server: it must start with http:// or https://.`);
  }
  for (const [name, value] of Object.entries(headers)) {
    if (isHeader(name, value)) continue;
    throw new OptionError(
      `The header "${name}" for ${url.host} contains a character that headers cannot contain. Remove it.`,
    );
  }
  const { username, password } = url;
  if (username === '' && password === '') return { url, headers: { ...headers } };
  url.username = '';
  url.password = '';
  const authorization = basicAuthorization(decodeURIComponent(username), decodeURIComponent(password));
  // A given header takes precedence, as in every client.
  const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  return { url, headers: isGiven ? { ...headers } : { Authorization: authorization, ...headers } };
}

/** Without parts that may be secret. */
const shown = (url: string | URL): string =>
  String(url)
    .replace(/[?#].*$/s, '')
    .replace(/^([^/]*\/\/)?.*@/s, '$1');

function isHeader(name: string, value: string): boolean {
  try {
    new Headers([[name, value]]);
    return true;
  } catch {
    return false;
  }
}
