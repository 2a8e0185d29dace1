import type { AuthInfo } from '@modelcontextprotocol/server';

const required = new WeakMap<AuthInfo, readonly string[]>();

/** Remembers, with an admitted caller, the scopes that every call needs. */
export function withRequiredScopes(authInfo: AuthInfo, scopes: readonly string[]): AuthInfo {
  required.set(authInfo, scopes);
  return authInfo;
}

/**
 * The scopes that every call needs. A challenge for one tool names them as well: a client that asks only for what the
 * challenge names would lose them (MCP 2025-11-25, scope challenge handling).
 */
export const requiredScopesOf = (authInfo: AuthInfo | undefined): readonly string[] =>
  (authInfo && required.get(authInfo)) ?? [];
