/** Called when a session begins: that of a 2025 client over HTTP, or a connection over stdio. */
export type SessionWatch = (session: { readonly transport: 'http' | 'stdio' }) => SessionEnd;

/** Called once, when the session has ended. `protocolVersion` is absent if its client never negotiated one. */
export type SessionEnd = (ended: { readonly protocolVersion?: string }) => void;

/** What {@link SessionEnd} receives, from the server of the session. */
export function endOf(server: { getNegotiatedProtocolVersion(): string | undefined } | undefined) {
  const protocolVersion = server?.getNegotiatedProtocolVersion();
  return protocolVersion === undefined ? {} : { protocolVersion };
}
