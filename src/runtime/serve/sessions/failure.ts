type Headers = Readonly<Record<string, string>>;

/** A JSON-RPC error as a response. By default, it belongs to no single request. */
export function failure(
  status: number,
  code: number,
  message: string,
  headers: Headers = {},
  id: string | number | null = null,
): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status, headers });
}
