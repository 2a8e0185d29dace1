import type { ApiModel, Operation } from '../../model/index.ts';
import { CallError } from '../call-error.ts';
import type { CallContext } from '../provider.ts';
import { coerce } from './arguments/coerce.ts';
import { exactIntegersOf, settleIntegers } from './arguments/exact-integers.ts';
import type { ArgumentValidator } from './arguments/validate-arguments.ts';
import type { BuiltRequest } from './http.ts';
import { acceptEncoding, type Decoders } from './read/index.ts';
import { buildRequest } from './request/build-request.ts';
import { forwardedHeaders } from './request/forwarded-headers.ts';
import type { FileAccess } from './serialize/files.ts';
import { originOfUrl } from './split-url.ts';

/** What preparing a request needs. */
export interface PreparingParts {
  readonly model: ApiModel;
  readonly validator: ArgumentValidator;
  readonly decoders: Decoders;
  readonly files: FileAccess | Promise<FileAccess>;
  /** Headers of the client's request to send on. */
  readonly forwardHeaders: readonly string[];
  /** The only origins that receive them; `undefined`: all servers of the API. */
  readonly credentialOrigins: readonly string[] | undefined;
  /** The server of an operation, or a problem in words if it has no usable one. */
  serverUrl(operation: Operation): { readonly url: string } | { readonly problem: string };
}

/** A call's request before it is authorised. */
export interface Prepared {
  /** As validated. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly request: BuiltRequest;
  /** Without the headers of the connection. */
  readonly built: BuiltRequest;
  readonly serverUrl: string;
  /** Headers of the context, for what the request and its credentials leave free. */
  readonly headers: CallContext['headers'];
}

export type PreparingContext = Pick<CallContext, 'signal' | 'headers' | 'meta' | 'requestHeader' | 'page'>;

/** Validates the arguments of a call and builds its request. @throws CallError */
export async function prepareRequest(
  { operation, arguments: given }: { operation: Operation; arguments: Readonly<Record<string, unknown>> },
  context: PreparingContext,
  parts: PreparingParts,
): Promise<Prepared> {
  const checked = await checkedArguments(operation, putBack(given, operation), context, parts);
  const server = parts.serverUrl(operation);
  if ('problem' in server) throw new CallError('NETWORK_FAILED', server.problem);
  const { url: serverUrl } = server;
  const headers = contextHeaders(context, originOfUrl(serverUrl), parts);
  const built = await buildRequest({
    operation,
    schemas: parts.model.schemas,
    arguments: checked,
    serverUrl,
    files: await parts.files,
    signal: context.signal,
  });
  const { at } = context.page ?? {};
  const placed = at && 'path' in at ? (await import('./paging/at-page.ts')).atPage(built, at.path, serverUrl) : built;
  const accepting = ['Accept-Encoding', acceptEncoding(parts.decoders)] as const;
  const request = { ...placed, headers: [...placed.headers, accepting] };
  return { arguments: checked, request, built: placed, serverUrl, headers };
}

/** The arguments to send. @throws CallError `INVALID_ARGUMENTS` */
async function checkedArguments(
  operation: Operation,
  given: Readonly<Record<string, unknown>>,
  { meta }: Pick<CallContext, 'meta'>,
  { model, validator }: PreparingParts,
): Promise<Readonly<Record<string, unknown>>> {
  const integers = settleIntegers(operation, model.schemas, given, exactIntegersOf(meta));
  const faults = await validator.validate(operation, model.schemas, integers.checked);
  const messages = [...integers.faults, ...faults.map(({ message }) => message)];
  if (messages.length === 0) return integers.sent;
  const { exampleLine } = await import('./arguments/example-line.ts');
  const example = await exampleLine(operation, model.schemas, validator);
  throw new CallError('INVALID_ARGUMENTS', [...messages, ...example].join('\n'));
}

/** Headers of the context, with those of the client's request that this API forwards. */
function contextHeaders(
  context: Pick<CallContext, 'headers' | 'requestHeader'>,
  origin: string,
  { forwardHeaders, credentialOrigins }: PreparingParts,
): CallContext['headers'] {
  const isTrusted = credentialOrigins === undefined || credentialOrigins.includes(origin);
  return forwardedHeaders(isTrusted ? forwardHeaders : [], context);
}

/** Headers of the context, except those that the call or a credential has set. */
export function withFreeHeaders(request: BuiltRequest, headers: CallContext['headers'] = {}): BuiltRequest {
  const given = Object.entries(headers);
  if (given.length === 0) return request;
  const taken = new Set(request.headers.map(([name]) => name.toLowerCase()));
  if (request.cookies.length > 0) taken.add('cookie');
  const free = given.filter(([name]) => !taken.has(name.toLowerCase()));
  return free.length === 0 ? request : { ...request, headers: [...request.headers, ...free] };
}

/** Restores exact values where the provider profile listed others. */
function putBack(given: Readonly<Record<string, unknown>>, { request }: Operation): Readonly<Record<string, unknown>> {
  // An object stays an object.
  return coerce(given, request.coercions) as Readonly<Record<string, unknown>>;
}
