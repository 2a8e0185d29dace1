import { percentDecoded } from '../../serialize/percent-encoding.ts';
import { strictlyEncoded } from '../apply.ts';
import type { AwsCredential } from '../credentials.ts';
import { hex, sha256Hex } from '../hex.ts';

export interface SignV4Options {
  readonly method: string;
  /** As it is sent. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | undefined;
  readonly key: Pick<AwsCredential, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;
  readonly region: string;
  /** The name in the credential scope: `execute-api`, `s3`. */
  readonly service: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The headers that sign a request with AWS Signature Version 4:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * Of the request's own headers, `Host`, `Content-*` and `X-Amz-*` are signed: proxies may change the others. The body is
 * always signed.
 */
export async function signV4(options: SignV4Options): Promise<{ headers: Record<string, string>; signature: string }> {
  const { key, region, service, now, body = new Uint8Array() } = options;
  const time = new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const payload = await sha256Hex(body);
  const own = {
    'X-Amz-Date': time,
    ...(key.sessionToken !== undefined && { 'X-Amz-Security-Token': key.sessionToken }),
    // S3 and OpenSearch Serverless require it.
    ...(NEEDS_PAYLOAD_HEADER.test(service) && { 'X-Amz-Content-Sha256': payload }),
  };
  const headers = canonicalHeaders(options, own);
  const names = headers.map(([name]) => name).join(';');
  const canonical = [
    options.method,
    canonicalPath(options.url, service),
    canonicalQuery(options.url),
    ...headers.map(([name, value]) => `${name}:${value}`),
    '',
    names,
    payload,
  ].join('\n');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), await sha256Hex(canonical)].join('\n');
  let signing = new TextEncoder().encode(`AWS4${key.secretAccessKey}`);
  for (const part of scope) signing = await hmac(signing, part);
  const signature = hex(await hmac(signing, toSign));
  const credential = `${key.accessKeyId}/${scope.join('/')}`;
  const Authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return { headers: { ...own, Authorization }, signature };
}

const isS3 = (service: string): boolean => /^s3(?:-|$)/.test(service);
const NEEDS_PAYLOAD_HEADER = /^(?:s3(?:-.+)?|aoss)$/;

type Bytes = Uint8Array<ArrayBuffer>;

async function hmac(key: Bytes, text: string): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(text)));
}

/** In lower case and sorted, values without outer and repeated spaces. */
function canonicalHeaders({ url, headers }: SignV4Options, own: Readonly<Record<string, string>>) {
  const signed = headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => /^(?:content-(?:type|md5)|x-amz-.+)$/.test(name));
  const all = new Map([['host', new URL(url).host] as const, ...signed]);
  for (const [name, value] of Object.entries(own)) all.set(name.toLowerCase(), value);
  return [...all]
    .map(([name, value]) => [name, value.trim().replace(/ {2,}/g, ' ')] as const)
    .sort(([one], [other]) => compared(one, other));
}

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/**
 * The path as it is sent, encoded once more, without empty and relative segments. S3 uses it as it is sent, because a
 * key may contain those.
 */
function canonicalPath(url: string, service: string): string {
  const [, path = ''] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url) ?? [];
  if (isS3(service))
    return (path || '/')
      .split('/')
      .map((segment) => strictlyEncoded(percentDecoded(segment)))
      .join('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(strictlyEncoded(segment));
  }
  const end = kept.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : '';
  return `/${kept.join('/')}${end}`;
}

/** Encoded in one way, sorted by name and then by value. */
function canonicalQuery(url: string): string {
  const [, query = ''] = /^[^?#]*\?([^#]*)/.exec(url) ?? [];
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [
        strictlyEncoded(percentDecoded(name.replaceAll('+', ' '))),
        strictlyEncoded(percentDecoded(value.replaceAll('+', ' '))),
      ] as const;
    })
    .sort(([name, value], [otherName, other]) => compared(name, otherName) || compared(value, other))
    .map((pair) => pair.join('='))
    .join('&');
}
