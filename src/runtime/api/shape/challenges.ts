import { type Challenge, challengesIn } from '../challenges.ts';
import type { HttpResponse } from '../http.ts';

/**
 * Describes `WWW-Authenticate` (RFC 9110 §11.6.1, RFC 6750 §3) in a sentence, or returns nothing if it cannot be
 * parsed. The header itself is never shown: a challenge may contain nonces and tokens.
 */
export function challengeText(headers: HttpResponse['headers']): string {
  const told = challengesIn(headers).slice(0, MOST).map(sentence);
  return told.length === 0 ? '' : `The API asks for ${[...new Set(told)].join('; or ')}.`;
}

const MOST = 4;
const LONGEST = 300;

function sentence({ scheme, parameters }: Challenge): string {
  const said = ['error', 'error_description', 'scope'].flatMap((name) => {
    const value = parameters.get(name);
    return value ? [`${name.replace('_', ' ')}: ${shown(value)}`] : [];
  });
  return said.length === 0 ? scheme : `${scheme} (${said.join(', ')})`;
}

function shown(value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
