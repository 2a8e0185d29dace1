type Headers = Readonly<Record<string, string>>;

/** A response that belongs to no single request: a JSON-RPC error without an id. */
export function failure(status: number, code: number, message: string, headers: Headers = {}): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status, headers });
}
