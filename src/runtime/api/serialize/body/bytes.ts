import { settleMediaType } from '../../../../model/index.ts';
import { type FileContent, fileMediaType } from '../files.ts';

/**
 * A file as the body: its bytes unchanged, with the declared media type, or the file's own if that is a range
 * (`image/*`).
 */
export function bytesBody(mediaType: string, file: FileContent): { body: Uint8Array; contentType: string } {
  return { body: file.bytes, contentType: settleMediaType([mediaType], fileMediaType(file)) };
}
