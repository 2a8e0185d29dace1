import { CALL_ERRORS, type CallErrorCode } from '../runtime/call-error.ts';
import type { ProviderErrorCode } from '../runtime/provider.ts';

export interface Explanation {
  readonly cause: string;
  readonly fix: string;
}

/** What the owner of a server, or its user, does about a call error. */
const FIXES: Readonly<Record<CallErrorCode, string>> = {
  INVALID_ARGUMENTS:
    'Correct the arguments that the message names. `openapi-mcp list <target> <tool>` shows the schema. If the API accepts the call all the same, the document is wrong: correct it, or add an overlay.',
  UNSAFE_ARGUMENT:
    'Use a value without what the message names, such as "." or ".." as a segment of the path. No option allows it.',
  MISSING_CREDENTIAL:
    'Set one of the variables in the message, pass --auth <scheme>=<credential>, or log in with `openapi-mcp auth login <target>`. `openapi-mcp run <target> --dry-run` shows what was found.',
  CREDENTIAL_REFUSED:
    'Check the client id, the client secret and the scopes, or log in again. The message has the error of the authorization server.',
  SIGNING_FAILED: 'Correct the auth handler, or the key that it signs with. The message has its error.',
  FORBIDDEN_ADDRESS:
    'If you trust the address, allow it: --allow-private for private addresses, --credentials-for <origin> for another host, or --base-url to choose the server.',
  FILE_REFUSED: 'Check the path, and allow its folder with --allow-files <folder>, or its host with --allow-file-urls.',
  HOOK_FAILED: 'The message is that of the hook. If the hook did not mean to reject the call, correct it.',
  HTTP_STATUS:
    'Read the response of the API in the message. 401 and 403: check the credential and its scopes. 404: check the ids, and the server (--server, --base-url). 429 and 503: try again later. `openapi-mcp call … --trace` shows the request.',
  REDIRECT_REFUSED:
    'Use the address that the API redirects to as --base-url, if you trust it. A redirect never takes credentials to another origin.',
  TIMEOUT: 'Try again, ask for less, or set a longer limit with --timeout <seconds>.',
  CANCELLED: 'Nothing: the client cancelled the call. The API may have processed the request.',
  CONNECTION_REFUSED: 'Start the API, or check host and port (--server, --base-url).',
  CONNECTION_LOST:
    'Try again. The API may have processed the request: check before you repeat a call that changes something.',
  HOST_NOT_FOUND: 'Check the host name (--server, --base-url), the name server, and the proxy (HTTPS_PROXY).',
  TLS_FAILED:
    'Check the certificate of the API. Trust its authority with --ca <file>; if the API requires a client certificate, pass --cert and --key.',
  NETWORK_FAILED:
    'Check the server of the document, or set --base-url. Check the network and the proxy (HTTPS_PROXY). The message has the cause.',
  NOT_RECORDED:
    'Record the request: run the same call with --record <folder> in place of --replay. The message names the request.',
  NOT_DECLARED:
    'Choose a status that the document declares for the operation (--mock-status), or add it to the document.',
  ANSWER_TOO_LARGE: 'Ask for less with the filters or the page size of the operation.',
  ANSWER_UNREADABLE:
    'Check what the API sends with `openapi-mcp call … --trace`: its Content-Encoding, or a response that is cut off.',
};

/** Errors that come from elsewhere in a server: its middleware, its lists, its own tools. */
const OTHERS = {
  TOOL_NOT_FOUND: {
    cause: 'The server has no tool of that name, or its caller may not see it.',
    fix: '`openapi-mcp list <target>` shows the names. Operations that are not served have a problem: `openapi-mcp inspect <target>`.',
  },
  RESOURCE_NOT_FOUND: {
    cause: 'No resource or resource template of the server has that URI.',
    fix: '`openapi-mcp list <target>` shows the URIs and templates.',
  },
  PROMPT_NOT_FOUND: {
    cause: 'The server has no prompt of that name.',
    fix: '`openapi-mcp list <target>` shows the names.',
  },
  INSUFFICIENT_SCOPE: {
    cause: 'The caller’s token lacks a scope that the tool, resource or prompt needs.',
    fix: 'Log in again with the scopes in the message, or change `auth.scopes` of the server.',
  },
  READ_FAILED: {
    cause: 'A resource, prompt or completion failed. The message has the cause.',
    fix: 'Look up the code in the message, if there is one.',
  },
  TOOL_ERROR: {
    cause: 'A hand-written tool reported an error on purpose.',
    fix: 'The message is meant for the caller: do what it says.',
  },
  INTERNAL_ERROR: {
    cause: 'The call failed in this server, not in the API.',
    fix: 'Look at stderr of the server. If openapi-mcp is to blame, report it with the document and the arguments.',
  },
  MISSING_CAPABILITY: {
    cause: 'The call needs something that the MCP client does not support, such as asking its user.',
    fix: 'Use a client that supports it, or a tool that does not need it.',
  },
  RATE_LIMITED: {
    cause: 'The server limits how many calls may be made in a time.',
    fix: 'Wait as long as the message says, or raise the limit (middleware rateLimit).',
  },
  BUSY: {
    cause: 'As many calls are running as the server allows at the same time.',
    fix: 'Try again, or raise the limit (middleware concurrency).',
  },
  CIRCUIT_OPEN: {
    cause: 'The API failed several times in a row, so calls are rejected for a while.',
    fix: 'Wait as long as the message says, and check the API.',
  },
  CONFIRMATION_REQUIRED: {
    cause: 'The tool needs the confirmation of a person, and the client cannot ask its user.',
    fix: 'Use a client that supports elicitation. With a token in the message, call it again with that, after the user agreed.',
  },
  STORE_UNAVAILABLE: {
    cause: 'The call needs what the processes of the server share, and the store with it cannot be reached.',
    fix: 'Try again later. The server responds with 503 at /readyz until the store is back; see docs/scale-out.md.',
  },
  DECLINED: {
    cause: 'The user did not confirm the call.',
    fix: 'Do not repeat the call unless the user asks for it.',
  },
  MISFIT: {
    cause: 'The response of the API does not match the document. It is returned as text, with a note.',
    fix: 'Correct the document, or the API. The note says where they differ.',
  },
  INCOMPLETE: {
    cause: 'The response could not be read completely, or was cut to the size limit.',
    fix: 'Ask for less, or raise the limit with --max-result <bytes>.',
  },
} as const satisfies Readonly<
  Record<Exclude<ProviderErrorCode, 'INVALID_ARGUMENTS'>, Explanation> & Record<string, Explanation>
>;

/** Every code that the error of a call can have. */
export const CALL_EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  ...Object.entries(FIXES).map(([code, fix]) => [code, { cause: CALL_ERRORS[code as CallErrorCode], fix }] as const),
  ...Object.entries(OTHERS),
]);
