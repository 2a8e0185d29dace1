/** Larger than any token response or discovery document. */
const MAX_BYTES = 1024 * 1024;

/** The members of a JSON object; none if the response is anything else. */
export async function readJson(body: AsyncIterable<Uint8Array>): Promise<Readonly<Record<string, unknown>>> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) return {};
    text += decoder.decode(chunk, { stream: true });
  }
  return jsonObject(text + decoder.decode());
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    // A JSON object has string keys and unknown values; nothing more is claimed.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
