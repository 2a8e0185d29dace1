// In: what an API was sent, and what came back. Out: the same without the credentials.
// Promise: however it is spelt, no credential reaches the model; an answer without one is searched once and not copied.
import type { CallContext } from '../../provider.ts';
import { type Concealer, createConcealer } from './concealer.ts';
import { type SecretSources, secretHeaderValues, secretsOf } from './secrets-of.ts';

export { concealInAnswer } from './conceal-answer.ts';
export type { Concealer } from './concealer.ts';

/** The concealer of a call; tokens were fetched for it, headers come with its context. */
export type Concealers = (call: {
  readonly tokens: Readonly<Record<string, string>>;
  readonly headers?: CallContext['headers'];
}) => Concealer;

/** Expressions are made once: for what never changes, and again when a token does. */
export function createConcealers(sources: SecretSources): Concealers {
  const made = new Map<string, Concealer>();
  /** The last tokens: an API may still echo the one before. */
  const seen = new Set<string>();

  return ({ tokens, headers = {} }) => {
    for (const token of Object.values(tokens)) seen.add(token);
    for (const token of [...seen].slice(0, -MOST_TOKENS)) seen.delete(token);
    const more = [...seen, ...secretHeaderValues(headers)];
    const key = more.join('\n');
    const known = made.get(key);
    if (known) return known;
    if (made.size >= MOST_KEPT) made.clear();
    const concealer = createConcealer(secretsOf({ ...sources, secrets: [...sources.secrets, ...more] }));
    made.set(key, concealer);
    return concealer;
  };
}

const MOST_TOKENS = 8;
/** Each caller may have a header of its own. */
const MOST_KEPT = 32;
