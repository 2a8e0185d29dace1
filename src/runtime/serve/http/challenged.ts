import type { AuthInfo } from '@modelcontextprotocol/server';
import { asError } from '../../errors.ts';
import { challengeHeader } from '../auth/challenge.ts';
import { takeChallenge } from '../call/caller-tokens.ts';
import { requiredScopesOf } from '../call/required-scopes.ts';

/**
 * The response, or a 401 if the call has found that its caller must authenticate again (MCP 2026-07-28, access token
 * usage): clients then get a new token and repeat the request. A stream that has started keeps its status, and its result
 * says the same.
 */
export function challenged(
  response: Response,
  authInfo: AuthInfo | undefined,
  onError: (error: Error) => void,
): Response {
  const challenge = takeChallenge(authInfo);
  if (!authInfo || !challenge) return response;
  response.body?.cancel().catch((error) => onError(asError(error)));
  const { description, claims } = challenge;
  const header = challengeHeader({
    error: 'invalid_token',
    description,
    scopes: requiredScopesOf(authInfo),
    ...(claims !== undefined && { claims }),
    ...(authInfo.resourceMetadataUrl !== undefined && { resourceMetadata: authInfo.resourceMetadataUrl }),
  });
  return new Response(JSON.stringify({ error: 'invalid_token', error_description: description }), {
    status: 401,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', 'WWW-Authenticate': header },
  });
}
