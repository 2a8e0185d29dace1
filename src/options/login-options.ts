import { TOKEN_STORES } from './choices.ts';
import { AUTH, LOGIN, LOGOUT, OPENING } from './commands.ts';
import type { OptionRow } from './option-row.ts';

export const LOGIN_OPTIONS = [
  {
    flags: '--scheme <name>',
    description: 'security scheme of the document; with several APIs <namespace>.<name>; default: the only one',
    commands: AUTH,
  },
  {
    flags: '--device',
    description: 'log in with a browser on another device (RFC 8628)',
    commands: LOGIN,
  },
  {
    flags: '--client-id <id>',
    description:
      'client id at the authorization server; default: OAUTH_CLIENT_ID_<SCHEME> (with OAUTH_CLIENT_SECRET_<SCHEME>; for an MCP server OAUTH_CLIENT_ID_MCP), otherwise a client is registered',
    commands: LOGIN,
  },
  {
    flags: '--client-metadata-url <url>',
    description:
      'https URL of a client ID metadata document, used as the client id if the authorization server reads such documents',
    commands: LOGIN,
  },
  {
    flags: '--scope <scope>',
    description: 'scope to request; default: those that the operations need, or that the MCP server names',
    commands: LOGIN,
    repeat: true,
  },
  {
    flags: '--resource <url>',
    description: 'URL of the API that the token is requested for (RFC 8707), if its authorization server needs it',
    commands: LOGIN,
  },
  {
    flags: '--login-parameter <name=value>',
    description: 'additional parameter of the login, such as audience=https://api.example.com or access_type=offline',
    commands: LOGIN,
    repeat: true,
  },
  {
    flags: '--no-browser',
    description: 'only print the URL of the login, open no browser',
    commands: LOGIN,
  },
  {
    flags: '--account <id>',
    description:
      'instead of a target: a caller of a server, as auth status shows it; ends everything that the caller has connected',
    commands: LOGOUT,
  },
  {
    flags: '--token-store <place>',
    description:
      'where the key of stored logins is: keychain, or file (readable for whoever can read your files); memory: stored logins are not used. Default: the keychain if there is one, otherwise a file',
    commands: [...AUTH, ...OPENING, 'inspect', 'diff'],
    ...TOKEN_STORES,
    config: {
      of: 'whole',
      key: 'tokenStore',
      description:
        'where the key of stored tokens is, those of callers included: keychain, or file (readable for whoever can read your files); memory: stored logins are not used, and callers connect their accounts again after a restart. Default: the keychain if there is one, otherwise a file',
    },
  },
] as const satisfies readonly OptionRow[];
