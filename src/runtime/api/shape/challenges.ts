import { headerParameters, splitQuoted } from '../../../model/index.ts';
import type { HttpResponse } from '../http.ts';

/**
 * Describes `WWW-Authenticate` (RFC 9110 §11.6.1, RFC 6750 §3) in a sentence, or returns nothing if it cannot be
 * parsed. The header itself is never shown: a challenge may contain nonces and tokens.
 */
export function challengeText(headers: HttpResponse['headers']): string {
  const values = headers.flatMap(([name, value]) => (name === 'www-authenticate' ? [value] : []));
  const told = values.flatMap(challengesIn).slice(0, MOST).map(sentence);
  return told.length === 0 ? '' : `The API asks for ${[...new Set(told)].join('; or ')}.`;
}

const MOST = 4;
const LONGEST = 300;

/** A challenge: `Basic`, and its parameters as they are written: `realm="x"`. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: readonly string[];
}

/**
 * The challenges in the value of a `WWW-Authenticate` header. Commas separate both challenges and their parameters: an
 * item that starts with a scheme starts a challenge.
 */
export function challengesIn(value: string): readonly Challenge[] {
  const found: { scheme: string; parameters: string[] }[] = [];
  for (const part of splitQuoted(value, ',').map((piece) => piece.trim())) {
    const [, scheme, rest = ''] = /^([A-Za-z][\w.+-]*)(?:\s+(.*))?$/s.exec(part) ?? [];
    if (scheme !== undefined && !rest.startsWith('=')) found.push({ scheme, parameters: [rest] });
    else found.at(-1)?.parameters.push(part);
  }
  return found;
}

function sentence({ scheme, parameters }: Challenge): string {
  const given = headerParameters(parameters);
  const said = ['error', 'error_description', 'scope'].flatMap((name) => {
    const value = given.get(name);
    return value ? [`${name.replace('_', ' ')}: ${shown(value)}`] : [];
  });
  return said.length === 0 ? scheme : `${scheme} (${said.join(', ')})`;
}

function shown(value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
