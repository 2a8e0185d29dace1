import { type ServerContext, UrlElicitationRequiredError } from '@modelcontextprotocol/server';
import { type Invitation, inviterOf } from './caller-tokens.ts';

// Asking the user to open a URL: in 2025-11-25 an error of the call, which the client makes again later; in 2026-07-28 a
// question like any other, see `questions.ts`.

/** The keys of questions that ask to open a URL. */
const KEY = 'connect-';

export const questionKey = ({ key }: Invitation): string => KEY + key;

/** Whether a client with these capabilities opens URLs. */
export function opensUrls(capabilities: unknown): boolean {
  const { elicitation } = (capabilities ?? {}) as { readonly elicitation?: { readonly url?: unknown } };
  return typeof elicitation === 'object' && elicitation !== null && elicitation.url !== undefined;
}

/** @throws UrlElicitationRequiredError (-32042, MCP 2025-11-25) */
export function requireUrls(invitations: readonly Invitation[]): never {
  throw new UrlElicitationRequiredError(
    invitations.map(({ id: elicitationId, url, message }) => ({ mode: 'url', elicitationId, url, message })),
  );
}

/**
 * The user has agreed to open a URL, and may still be there (MCP 2026-07-28, elicitation): waits a while, so that the
 * call does not ask again at once.
 */
export async function untilSettled({ mcpReq, http }: ServerContext): Promise<void> {
  const inviter = inviterOf(http?.authInfo);
  if (!inviter) return;
  for (const [name, answer] of Object.entries(mcpReq.inputResponses ?? {})) {
    const { action } = (answer ?? {}) as { readonly action?: unknown };
    if (!name.startsWith(KEY) || action !== 'accept') continue;
    await inviter.settled(name.slice(KEY.length), mcpReq.signal);
  }
}

/**
 * Clients of 2025-11-25 declare once what they can do, and are then served per request. The session id, which they send
 * back with each request, repeats the one capability that calls need. It names no session and grants nothing.
 */
const SESSION = 'opens-urls-';

/** The session id for a client, by its first request; `undefined` if it needs none. */
export function sessionIdFor(message: unknown): string | undefined {
  const { method, params } = (message ?? {}) as { readonly method?: unknown; readonly params?: unknown };
  if (method !== 'initialize') return undefined;
  const { capabilities } = (params ?? {}) as { readonly capabilities?: unknown };
  return opensUrls(capabilities) ? SESSION + crypto.randomUUID() : undefined;
}

/** Whether the client of a request declared before that it opens URLs. */
export const hasDeclaredUrls = (request: Request | undefined): boolean =>
  request?.headers.get('mcp-session-id')?.startsWith(SESSION) ?? false;
