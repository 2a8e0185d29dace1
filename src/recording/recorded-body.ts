import { parsedJson } from '../runtime/text/parsed-json.ts';
import type { RecordedBody } from './recording.ts';

/** Bytes in the most readable form that gives exactly them back. */
export function recordedBody(bytes: Uint8Array): RecordedBody {
  const text = utf8(bytes);
  if (text === undefined) return { base64: Buffer.from(bytes).toString('base64') };
  const json = parsedJson(text);
  return json !== undefined && JSON.stringify(json) === text ? { json } : { text };
}

export function bytesOf(body: RecordedBody): Uint8Array {
  if ('base64' in body) return Buffer.from(body.base64, 'base64');
  return new TextEncoder().encode('text' in body ? body.text : JSON.stringify(body.json));
}

/** The text, if the bytes are UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export const isJson = (text: string): boolean => parsedJson(text) !== undefined;
