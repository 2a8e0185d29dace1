import { isRecord } from '../../is-record.ts';
import { OptionError } from '../../options/option-error.ts';
import { func, type OptionKind, required, shape } from '../../options/option-kinds.ts';
import type { AskedCredential, CallerSecret } from './caller-credential.ts';
import type { Credential } from './credentials.ts';

/** How the credential of each caller is found. */
export type GivenCallerCredential = PerCaller;

/**
 * A function that returns the credential of a caller: what `auth` takes for a scheme, or headers; `undefined` if this
 * caller has none. Called for every request to the API, so it should remember what is expensive. An error named
 * `InvalidTokenError` makes the client authenticate again.
 */
export interface PerCaller {
  readonly perCaller: (asked: AskedCredential) => CallersOwn | undefined | Promise<CallersOwn | undefined>;
}

/** The credential of one caller. */
export type CallersOwn =
  | string
  | { readonly username: string; readonly password: string }
  | { readonly headers: Readonly<Record<string, string>> };

/** Of {@link GivenCallerCredential}, for the option `auth`. */
export const CALLER_KINDS: readonly OptionKind[] = [
  { ...shape<PerCaller>({ perCaller: required(func) }), fits: hasName('perCaller') },
];

function hasName(name: string): OptionKind['fits'] {
  return (value) => isRecord(value) && Object.hasOwn(value, name);
}

/**
 * @param fixed what a credential of the option `auth` is for the scheme @throws OptionError
 * @returns `undefined` if it is not one of a caller
 */
export function callerCredential(
  name: string,
  given: object | string,
  fixed: (own: string | { readonly username: string; readonly password: string }) => Credential,
): Credential | undefined {
  if (typeof given === 'string') return undefined;
  if ('perCaller' in given) {
    const { perCaller } = given as PerCaller;
    return {
      kind: 'caller',
      way: {
        kind: 'perCaller',
        async provide(asked) {
          const own = await perCaller(asked);
          return own === undefined ? undefined : secretOf(name, own, fixed);
        },
      },
    };
  }
  return undefined;
}

/** @throws OptionError that says what was returned instead, never the value */
function secretOf(name: string, own: CallersOwn, fixed: Parameters<typeof callerCredential>[2]): CallerSecret {
  const wrong = (message: string) => new OptionError(message, { option: `auth.${name}.perCaller` });
  if (typeof own === 'string') return ownSecret(fixed(own), wrong);
  if (!isRecord(own)) throw wrong(EXPECTED);
  if ('headers' in own) return { kind: 'headers', headers: headersOf(own.headers, wrong) };
  if (typeof own.username !== 'string' || typeof own.password !== 'string') throw wrong(EXPECTED);
  return ownSecret(fixed({ username: own.username, password: own.password }), wrong);
}

const EXPECTED = 'returned something else than a string, { username, password } or { headers }.';

type Wrong = (message: string) => OptionError;

function ownSecret(credential: Credential, wrong: Wrong): CallerSecret {
  switch (credential.kind) {
    case 'apiKey':
    case 'bearer':
    case 'basic':
      return credential;
    default:
      throw wrong(EXPECTED);
  }
}

function headersOf(headers: unknown, wrong: Wrong): (readonly [string, string])[] {
  if (!isRecord(headers)) throw wrong(EXPECTED);
  return Object.entries(headers).map(([name, value]) => {
    // RFC 9110 §5.5, §5.6.2
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw wrong('returned a header whose name is not valid.');
    if (typeof value !== 'string' || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw wrong(`returned a header ${name} with a value that HTTP headers cannot contain.`);
    }
    return [name, value] as const;
  });
}
