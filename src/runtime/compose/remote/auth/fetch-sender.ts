import type { HttpSender } from '../../../api/http.ts';
import { CallError } from '../../../call-error.ts';
import { codeOf, messageOf } from '../../../errors.ts';

/** Sends with `fetch`, and follows no redirect: a secret is only for the endpoint that it is sent to. */
export const fetchSender: HttpSender = async ({ method, url, headers, body, signal }) => {
  try {
    const response = await fetch(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      // Its buffer is never shared, which the type does not say.
      ...(body !== undefined && { body: body as string | Uint8Array<ArrayBuffer> }),
      signal,
      redirect: 'manual',
    });
    return { status: response.status, headers: [...response.headers], body: chunksOf(response) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { cause } = error as { readonly cause?: unknown };
    throw new CallError('NETWORK_FAILED', `did not respond (${String(codeOf(cause) ?? messageOf(error))}).`);
  }
};

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
