// In: what an API was sent, and its response. Out: the response without credentials. Promise: no credential reaches the
// model in any encoding; a response without one is searched once and not copied.
import type { CallContext } from '../../provider.ts';
import { type Concealer, createConcealer } from './concealer.ts';
import { type SecretSources, secretHeaderValues, secretsOf } from './secrets-of.ts';

export { concealInAnswer } from './conceal-answer.ts';
export type { Concealer } from './concealer.ts';

/** The concealer for a call, with its tokens and the headers of its context. */
export type Concealers = (call: {
  readonly tokens: Readonly<Record<string, string>>;
  readonly headers?: CallContext['headers'];
  /** Of the caller: hidden in this call only. */
  readonly secrets?: readonly string[];
}) => Concealer;

/** Expressions are built once for fixed secrets, and again when a token changes. */
export function createConcealers(sources: SecretSources): Concealers {
  const made = new Map<string, Concealer>();
  /** Recent tokens: an API may still echo the previous one. */
  const seen = new Set<string>();

  return ({ tokens, headers = {}, secrets = [] }) => {
    for (const token of Object.values(tokens)) seen.add(token);
    for (const token of [...seen].slice(0, -MOST_TOKENS)) seen.delete(token);
    const more = [...seen, ...secretHeaderValues(headers)];
    const key = more.join('\n');
    const all = (own: readonly string[]) =>
      createConcealer(secretsOf({ ...sources, secrets: [...sources.secrets, ...own] }));
    // Kept nowhere: it would outlive the request.
    if (secrets.length > 0) return all([...more, ...secrets]);
    const known = made.get(key);
    if (known) return known;
    if (made.size >= MOST_KEPT) made.clear();
    const concealer = all(more);
    made.set(key, concealer);
    return concealer;
  };
}

const MOST_TOKENS = 8;
/** Callers may have different headers. */
const MOST_KEPT = 32;
