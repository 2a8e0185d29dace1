import { getOwn } from '../../../model/index.ts';
import type { BinaryAnswer } from '../read/answer.ts';

/** The name from the API, or one derived from the media type: `answer.pdf`. */
export function fileName({ filename, mediaType }: BinaryAnswer): string {
  return filename ?? `answer.${extension(mediaType)}`;
}

function extension(mediaType: string): string {
  const subtype = mediaType.split('/')[1] ?? '';
  const known = getOwn(EXTENSIONS, mediaType);
  if (known !== undefined) return known;
  return /^[a-z0-9]{2,5}$/.test(subtype) ? subtype : 'bin';
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/gzip': 'gz',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/x-tar': 'tar',
  'application/wasm': 'wasm',
  'audio/mpeg': 'mp3',
  'image/jpeg': 'jpg',
  'image/x-icon': 'ico',
  'video/quicktime': 'mov',
};

/** A name for embedded bytes: equal for the same bytes of the same operation, otherwise distinct. */
export async function blobUri(answer: BinaryAnswer, operationId: string): Promise<string> {
  // The copy has its own buffer, which crypto requires.
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(answer.bytes)));
  const hash = Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `api://answers/${encodeURIComponent(operationId)}/${hash}/${encodeURIComponent(fileName(answer))}`;
}
