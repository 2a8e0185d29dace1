import type { HttpSender } from '../../../api/http.ts';
import { declareOptions } from '../../../options/declare-options.ts';
import { OptionError } from '../../../options/option-error.ts';
import { func, type OptionKind, required, text, texts } from '../../../options/option-kinds.ts';
import type { TokenStore } from '../../../secrets/token-store.ts';

/** How to get the tokens that an MCP server requires: a string is a ready token. */
export type RemoteAuth = string | TokenAuth | ClientAuth | LoginAuth;

/** A token that somebody else got, and renews. */
export interface TokenAuth {
  readonly token: string;
}

/** A machine with a client of its own: OAuth 2.0 client credentials (RFC 6749 §4.4). */
export interface ClientAuth {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** Instead of a secret: PKCS#8 in PEM, for `private_key_jwt` (RFC 7523). */
  readonly privateKey?: string | undefined;
  /** The `kid` of the private key. */
  readonly keyId?: string | undefined;
  /** Default: those that the server names. */
  readonly scopes?: readonly string[];
  /** The authorization server that has this client; another one is refused. Default: the first that the server names. */
  readonly issuer?: string | undefined;
  /** Sends requests to the authorization server. Default: with `fetch`. */
  readonly send?: HttpSender;
}

/** A person who has logged in: `openapi-mcp auth login`, or `login()`. */
export interface LoginAuth {
  /** Where the login is stored. A function is called when a token is needed, and may find no store. */
  readonly store: TokenStore | (() => Promise<TokenStore | undefined>);
  /**
   * Logs a person in if there is no login, or if it lacks scopes; at most once at a time. Default: requests fail with
   * `NotAuthorized`.
   */
  readonly logIn?: (needed: NeededLogin) => Promise<unknown>;
  /** What to type to log in, for messages. Default: they name `login()`. */
  readonly command?: (scopes: readonly string[]) => string;
  /** Sends requests to the authorization server. Default: with `fetch`. */
  readonly send?: HttpSender;
}

export interface NeededLogin {
  /** All scopes that the token needs; empty if the server names none. */
  readonly scopes: readonly string[];
  /** Where the challenge of the server says that its metadata is (RFC 9728 §5.1). */
  readonly resourceMetadata?: string;
}

/** Checked when the target is opened: see {@link checkedAuth}. */
export const AUTH_KIND: OptionKind & { readonly required?: false } = {
  expected: 'a token, { token }, { clientId, clientSecret } or { store }',
  fits: (value) => typeof value === 'string' || (typeof value === 'object' && value !== null && !Array.isArray(value)),
};

const STORE_KIND: OptionKind = {
  expected: 'a token store, such as memoryTokenStore()',
  fits: (value) => typeof value === 'function' || (typeof value === 'object' && value !== null && 'update' in value),
};

const checkedToken = declareOptions<TokenAuth>('auth', { token: required(text) });
const checkedClient = declareOptions<ClientAuth>(
  'auth',
  {
    clientId: required(text),
    clientSecret: text,
    privateKey: text,
    keyId: text,
    scopes: texts,
    issuer: text,
    send: func,
  },
  { hints: { scope: 'Write "scopes".', client_id: 'Write "clientId".', client_secret: 'Write "clientSecret".' } },
);
const checkedLogin = declareOptions<LoginAuth>(
  'auth',
  { store: required(STORE_KIND), logIn: func, command: func, send: func },
  {
    hints: {
      login: 'Write "logIn".',
      onUrl: 'Pass it to login(): auth: { store, logIn: () => login(url, { onUrl, store }) }.',
    },
  },
);

/** @throws OptionError without the credential, if it is not one, or is not complete */
export function checkedAuth(auth: RemoteAuth, about: string): TokenAuth | ClientAuth | LoginAuth {
  const where = `${about}: "auth"`;
  if (typeof auth === 'string') return sendable({ token: auth }, where);
  if ('token' in auth) return sendable(checkedToken(auth, where), where);
  if ('store' in auth) return checkedLogin(auth, where);
  const client = checkedClient(auth as ClientAuth, where);
  if ((client.clientSecret === undefined) === (client.privateKey === undefined)) {
    throw new OptionError(`${where} needs either "clientSecret" or "privateKey".`);
  }
  return client;
}

/** RFC 6750 §2.1, and everything else that a header can contain and that is not a space. */
function sendable(auth: TokenAuth, where: string): TokenAuth {
  const token = auth.token.trim();
  if (token === '') throw new OptionError(`${where} is an empty token.`);
  if (/^bearer\s/i.test(token)) throw new OptionError(`${where} is the token alone, without "Bearer".`);
  if (/[^\x21-\x7e]/.test(token)) {
    throw new OptionError(`${where} is not a token: it contains a character that a token cannot contain.`);
  }
  return { token };
}
