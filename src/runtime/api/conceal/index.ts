// In: what an API was sent, and its response. Out: the response without credentials. Promise: no credential reaches the
// model in any encoding; a response without one is returned unchanged.
import { once } from '../../once.ts';
import type { CallContext } from '../../provider.ts';
import { possibleSecrets } from '../../secrets/possible-secrets.ts';
import { byteText } from '../../secrets/spelling.ts';
import { type Concealer, createConcealer } from './concealer.ts';
import { type SecretSources, secretHeaderValues, secretsOf } from './secrets-of.ts';

export { concealInAnswer } from './conceal-answer.ts';
export type { Concealer } from './concealer.ts';
export { secretHeaderValues } from './secrets-of.ts';

/** The concealer for a call, with its tokens and the headers of its context. */
export type Concealers = (call: {
  readonly tokens: Readonly<Record<string, string>>;
  readonly headers?: CallContext['headers'];
  /** Of this request only: its signature, and the credential of its caller. */
  readonly own?: readonly string[];
}) => Concealer;

/**
 * Concealers are made once for fixed secrets, and again when a token changes, or when a response echoes what belongs to its
 * request.
 */
export function createConcealers(sources: SecretSources): Concealers {
  const made = new Map<string, Concealer>();
  /** Recent tokens: an API may still echo the previous one. */
  const seen = new Set<string>();

  return ({ tokens, headers = {}, own = [] }) => {
    for (const token of Object.values(tokens)) seen.add(token);
    for (const token of [...seen].slice(0, -MOST_TOKENS)) seen.delete(token);
    const more = [...seen, ...secretHeaderValues(headers)];
    const make = (found: readonly string[]) =>
      createConcealer(secretsOf({ ...sources, secrets: [...sources.secrets, ...found] }));
    const key = more.join('\n');
    const known = made.get(key);
    if (made.size >= MOST_KEPT) made.clear();
    const concealer = known ?? make(more);
    made.set(key, concealer);
    // Kept nowhere: they would outlive the request.
    return own.length === 0 ? concealer : withOwn(concealer, own, () => make([...more, ...own]));
  };
}

/** Conceals what belongs to one request: the concealer is made only for a response that may contain it. */
function withOwn(usual: Concealer, own: readonly string[], make: () => Concealer): Concealer {
  const { anywhere, whole } = secretsOf({ credentials: {}, headers: [], secrets: own });
  const possibleIn = possibleSecrets([...anywhere, ...whole]);
  const full = once(make);
  const of = (text: string) => (possibleIn(text).length > 0 ? full() : usual);
  return {
    text: (text) => of(text).text(text),
    json: (text) => of(text).json(text),
    headers: (headers) => headers.map(([name, value]) => [name, of(value).text(value)]),
    bytes: (bytes) => of(byteText(bytes)).bytes(bytes),
    error: (error) => full().error(error),
  };
}

const MOST_TOKENS = 8;
/** Callers may have different headers. */
const MOST_KEPT = 32;
