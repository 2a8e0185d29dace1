import { headerParameters, splitQuoted } from '../../model/index.ts';

/** One way to authenticate that a server offers. */
export interface Challenge {
  /** As the server writes it: compare without case (RFC 9110 §11.1). */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The challenges of all `WWW-Authenticate` headers (RFC 9110 §11.6.1). Commas separate both challenges and their
 * parameters: an item that starts with a scheme starts a challenge.
 *
 * @param headers names in lower case
 */
export function challengesIn(headers: readonly (readonly [name: string, value: string])[]): readonly Challenge[] {
  const found: { scheme: string; parts: string[] }[] = [];
  for (const [, value] of headers.filter(([name]) => name === 'www-authenticate')) {
    for (const part of splitQuoted(value, ',').map((piece) => piece.trim())) {
      const [, scheme, rest = ''] = /^([A-Za-z][\w.+-]*)(?:\s+(.*))?$/s.exec(part) ?? [];
      if (scheme !== undefined && !rest.startsWith('=')) found.push({ scheme, parts: [rest] });
      else found.at(-1)?.parts.push(part);
    }
  }
  return found.map(({ scheme, parts }) => ({ scheme, parameters: headerParameters(parts) }));
}
