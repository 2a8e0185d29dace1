import type { OpenedApi, ProxyOptions } from '../../proxy.ts';

/** What an API is called with that no log may show: its credentials, and headers that carry some. */
export function secretsOf(
  { credentials }: OpenedApi,
  { environment = {}, headers = [] }: Pick<ProxyOptions, 'environment' | 'headers'>,
): readonly string[] {
  const values = credentials.flatMap(({ variables }) => variables.map((name) => environment[name] ?? ''));
  const sent = headers.filter(([name]) => CARRIES_SECRETS.test(name)).flatMap(([, value]) => [value, token(value)]);
  // Shorter ones occur by chance.
  return [...new Set([...values, ...sent])].filter((secret) => secret.length >= 4);
}

const CARRIES_SECRETS = /auth|key|token|secret|cookie|password/i;

/** `Bearer abc` → `abc` (RFC 9110 §11.4). */
const token = (value: string): string => value.slice(value.indexOf(' ') + 1);
