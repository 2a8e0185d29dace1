import type { BodyVariant } from '../../../../model/index.ts';
import { isRange, withCharset } from '../../../../model/index.ts';
import type { FileContent } from '../files.ts';
import { bytesBody } from './bytes.ts';
import { formPairs } from './form.ts';
import { jsonBody } from './json.ts';
import { multipartBody } from './multipart.ts';
import { sequenceBody } from './sequence.ts';
import { textBody } from './text.ts';
import { xmlBody } from './xml.ts';

export interface BodyInput {
  readonly variant: BodyVariant;
  /** The content of the body: an object of fields, or the single argument. Never `undefined`. */
  readonly value: unknown;
  /** Of the operation. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly readFile: (value: unknown) => Promise<FileContent>;
}

export interface WrittenBody {
  readonly body: string | Uint8Array;
  readonly contentType: string;
}

/** An encoded body with its `Content-Type`. */
export async function writeBody({ variant, value, ...input }: BodyInput): Promise<WrittenBody> {
  const { encoding, mediaType } = variant;
  switch (encoding.kind) {
    case 'json':
      return { body: jsonBody(value), contentType: exact(mediaType, 'application/json') };
    case 'form':
      return { body: formPairs(encoding, value).join('&'), contentType: mediaType };
    case 'multipart':
      return multipartBody({ ...input, mediaType: exact(mediaType, 'multipart/form-data'), encoding, value });
    case 'text':
      return text(textBody(value), exact(mediaType, 'text/plain'));
    case 'xml':
      return text(xmlBody(encoding.xml, value), exact(mediaType, 'application/xml'));
    case 'sequence':
      return text(sequenceBody(encoding.framing, value), mediaType);
    case 'bytes':
      return bytesBody(mediaType, await input.readFile(value));
  }
}

function text(body: string, mediaType: string): WrittenBody {
  return { body, contentType: withCharset(mediaType, body) };
}

/** A media range cannot be sent as a Content-Type. */
function exact(mediaType: string, otherwise: string): string {
  return isRange(mediaType) ? otherwise : mediaType;
}
