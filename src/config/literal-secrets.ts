import { carriesSecret } from '../parse/public-address.ts';
import { isRecord } from '../runtime/is-record.ts';
import { secretsAmong } from './secrets-among.ts';

/**
 * The keys of a config file, as written, whose values may be secret and are not variables: what would be readable for
 * everyone who gets the file.
 *
 * @returns their places: `apis.pets.auth.key`
 */
export function literalSecrets(written: unknown): readonly string[] {
  return placesIn(written, '').flatMap(({ at, text }) => (isLiteralSecret(text, at) ? [at] : []));
}

/** Every variable in the texts of a config, as written. */
export function variablesIn(written: unknown): readonly WrittenVariable[] {
  return placesIn(written, '').flatMap(({ at, text }) =>
    [...text.matchAll(VARIABLE)].map(([, name = '', preset]) => ({
      name,
      at,
      isOptional: preset !== undefined,
      isSecret: secretsAmong([name], text.replace(VARIABLE, '$1'), at).length > 0,
    })),
  );
}

export interface WrittenVariable {
  readonly name: string;
  readonly at: string;
  /** It has a default. */
  readonly isOptional: boolean;
  readonly isSecret: boolean;
}

const VARIABLE = /(?<!\$)\$\{([A-Za-z_]\w*)(:-[^}]*)?\}/g;

function isLiteralSecret(text: string, at: string): boolean {
  // A default is a literal too.
  const literal = text.replace(VARIABLE, (_, __, preset: string | undefined) => preset?.slice(2) ?? '');
  if (ADDRESS.test(at)) return carriesSecret(literal);
  if (literal.trim() === '' || PUBLIC_PART.test(at) || secretsAmong([literal], literal, at).length === 0) return false;
  // What is left of "Bearer ${TOKEN}" is a word.
  if (literal !== text && /^\w+\s+$/.test(literal)) return false;
  return !MIXED_PLACE.test(at) || SECRET_NAME.test(at.slice(at.search(/[.[][^.[]*$/)));
}

const ADDRESS = /\.(?:baseUrl|spec|url)$|\.overlays\[\d+\]$|^store$/;
/** Parts of a credential that are not secret alone. */
const PUBLIC_PART = /\.(?:clientId|module|export)$/;
/** Headers, variables and options hold all sorts of values: their names tell which are secret. */
const MIXED_PLACE = /(?:^|\.)(?:headers|documentHeaders|env|args|options)(?:[.[]|$)/;
const SECRET_NAME = /auth|cookie|key|token|secret|passw|credential/i;

function placesIn(value: unknown, at: string): readonly { readonly at: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ at, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => placesIn(item, `${at}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => placesIn(inner, at === '' ? key : `${at}.${key}`));
}
