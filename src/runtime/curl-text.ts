import type { PreviewedRequest } from './preview.ts';

/**
 * A request as a curl command for POSIX shells. Bytes that are not text are left out: curl then reads them from stdin.
 */
export function curlText({ method, url, headers, body }: PreviewedRequest): string {
  const text = body === undefined ? undefined : textOf(body);
  return [
    `curl ${methodWords(method, body !== undefined)}${quoted(url)}`,
    // Without it, curl would read "[1]" and "{a,b}" in a URL as ranges and lists.
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    // Headers that curl would otherwise add, or compress what it prints.
    ...headers.flatMap(([name, value]) => (isOfConnection(name) ? [] : [`-H ${quoted(`${name}: ${value}`)}`])),
    ...(body === undefined
      ? []
      : [text === undefined ? '--data-binary @-   # bytes that are not text' : `--data-raw ${quoted(text)}`]),
  ].join(' \\\n  ');
}

/** GET is the default; HEAD has an option of its own, because curl would wait for a body. */
function methodWords(method: string, hasBody: boolean): string {
  const name = method.toUpperCase();
  if (name === 'HEAD') return '--head ';
  return name === (hasBody ? 'POST' : 'GET') ? '' : `-X ${name} `;
}

/** What this program sends for its own decoders. */
const isOfConnection = (name: string): boolean => name.toLowerCase() === 'accept-encoding';

function textOf(body: string | Uint8Array): string | undefined {
  if (typeof body === 'string') return body;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
