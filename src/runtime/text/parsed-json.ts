/** What a text says in JSON; `undefined` if it is not JSON. */
export function parsedJson(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
