import { type BodyPlan, type BodyVariant, getOwn, type Operation, type RequestPlan } from '../../../model/index.ts';
import type { JsonSchema } from '../../../model/json-schema.ts';
import { CallError } from '../../call-error.ts';
import { remembered } from '../../remembered.ts';
import { rememberedByText } from '../../remembered-by-text.ts';
import type { BuiltRequest } from '../http.ts';
import { writeBody } from '../serialize/body/body.ts';
import { writeCookie } from '../serialize/cookie.ts';
import { type FileAccess, readFile } from '../serialize/files.ts';
import { writeHeader } from '../serialize/header.ts';
import { writePath } from '../serialize/path.ts';
import { writeQueryParameter } from '../serialize/query.ts';
import { writeQueryString } from '../serialize/query-string.ts';
import { wireNames } from './wire-names.ts';

type Arguments = Readonly<Record<string, unknown>>;

export interface RequestInput {
  readonly operation: Operation;
  /** The model's schemas, for the names of nested properties. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Validated against `operation.arguments`. */
  readonly arguments: Arguments;
  /** Absolute, variables filled in. Its own query precedes the operation's. */
  readonly serverUrl: string;
  readonly files: FileAccess;
  readonly signal: AbortSignal;
}

/**
 * Builds the request of a call from its plan, without credentials. An argument that is `undefined` is not sent.
 *
 * @throws CallError `UNSAFE_ARGUMENT`, `FILE_REFUSED`, `INVALID_ARGUMENTS`
 */
export async function buildRequest({ operation, schemas, serverUrl, ...input }: RequestInput): Promise<BuiltRequest> {
  const plan = operation.request;
  const args = plan.renamed ? renamed(operation, schemas, input.arguments) : input.arguments;
  const server = serverParts(serverUrl);
  const built = {
    method: plan.method,
    target: server.base + writePath(plan.path, args),
    query: [...server.query, ...pieces(plan.fixedQuery), ...queryOf(plan, args)],
    cookies: plan.cookies.flatMap((parameter) => writeCookie(parameter, getOwn(args, parameter.argument))),
  };
  const headers = headersOf(operation, args);
  const chosen = plan.body && chooseBody(plan, plan.body, args);
  if (!chosen) return { ...built, headers };
  const { body, contentType } = await writeBody({
    ...chosen,
    arguments: args,
    readFile: (value) => readFile(value, input.files, input.signal),
  });
  return { ...built, headers: [...headers, ['Content-Type', contentType]], body };
}

function renamed({ arguments: schema }: Operation, schemas: RequestInput['schemas'], args: Arguments): Arguments {
  const toWireNames = wireNames(schemas);
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      toWireNames(getOwn(schema.properties, key) ?? schema.additionalProperties, value),
    ]),
  );
}

/**
 * The server's URL up to its path, and its own query. Dots are resolved in the server's path, but not in the
 * operation's.
 */
const serverParts = rememberedByText((serverUrl: string): { base: string; query: readonly string[] } => {
  const { protocol, host, pathname, search } = new URL(serverUrl);
  // The path starts with the single slash in between (OpenAPI 3.1.1 Paths Object: "appended (no relative URL
  // resolution)").
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  return { base: `${protocol}//${host}${path}`, query: pieces(search.slice(1)) };
});

function pieces(query: string): readonly string[] {
  return query === '' ? [] : query.split('&');
}

function queryOf({ query, queryString }: RequestPlan, args: Arguments): readonly string[] {
  const pairs = query.flatMap((parameter) => writeQueryParameter(parameter, getOwn(args, parameter.argument)));
  return queryString ? [...pairs, ...writeQueryString(queryString, getOwn(args, queryString.argument))] : pairs;
}

function headersOf({ request, response }: Operation, args: Arguments): [name: string, value: string][] {
  const headers: [string, string][] = response.accept === '' ? [] : [['Accept', response.accept]];
  for (const parameter of request.headers) {
    const value = writeHeader(parameter, getOwn(args, parameter.argument));
    if (value !== undefined) headers.push([parameter.name, value]);
  }
  return headers;
}

/** The variant to send and its content; `undefined` to send no body. See `BodyVariant`. */
function chooseBody(plan: RequestPlan, body: BodyPlan, args: Arguments) {
  const variant =
    namedVariant(body, args) ??
    body.variants.find((candidate) => givenKeys(plan, candidate, args).length > 0) ??
    (body.required ? body.variants[0] : undefined);
  if (!variant) return undefined;
  refuseForeign(plan, variant, args);
  const { source } = variant;
  if (source.kind === 'fields') return { variant, value: fieldsOf(plan, variant, args) };
  const value = getOwn(args, source.argument);
  return value === undefined ? undefined : { variant, value };
}

function namedVariant({ mediaTypeArgument, variants }: BodyPlan, args: Arguments): BodyVariant | undefined {
  const name = mediaTypeArgument === undefined ? undefined : getOwn(args, mediaTypeArgument);
  if (name === undefined) return undefined;
  const variant = variants.find(({ mediaType }) => mediaType === name);
  if (variant) return variant;
  throw new CallError('INVALID_ARGUMENTS', `The operation does not accept the media type in "${mediaTypeArgument}".`, {
    hint: `Use one of ${variants.map(({ mediaType }) => mediaType).join(', ')}.`,
  });
}

/** Rejects arguments that belong to another media type, instead of dropping them silently. */
function refuseForeign(plan: RequestPlan, variant: BodyVariant, args: Arguments): void {
  const others = plan.body?.variants.filter((other) => other !== variant) ?? [];
  if (!others.length) return;
  const own = new Set(givenKeys(plan, variant, args));
  const foreign = others.flatMap((other) => givenKeys(plan, other, args)).find((key) => !own.has(key));
  if (foreign === undefined) return;
  const message = `Argument "${foreign}" does not belong to the ${variant.mediaType} body that is sent.`;
  throw new CallError('INVALID_ARGUMENTS', message, { hint: 'Pass the arguments of only one media type.' });
}

/** The given arguments that this variant sends. */
function givenKeys(plan: RequestPlan, { source }: BodyVariant, args: Arguments): readonly string[] {
  if (source.kind === 'argument') return getOwn(args, source.argument) === undefined ? [] : [source.argument];
  const keys = Object.keys(args).filter((key) => args[key] !== undefined);
  if (!source.extras) return keys.filter((key) => Object.hasOwn(source.fields, key));
  const claimed = claimedArguments(plan);
  return keys.filter((key) => Object.hasOwn(source.fields, key) || !claimed.has(key));
}

function fieldsOf(plan: RequestPlan, variant: BodyVariant, args: Arguments): Arguments {
  const fields = variant.source.kind === 'fields' ? variant.source.fields : {};
  return Object.fromEntries(givenKeys(plan, variant, args).map((key) => [getOwn(fields, key) ?? key, args[key]]));
}

/**
 * The arguments with their own place in the request; any other is an additional property of the body. Computed once per
 * plan.
 */
const claimedArguments = remembered((plan: RequestPlan): ReadonlySet<string> => {
  const claimed = new Set(
    [
      ...plan.path.filter((part) => typeof part !== 'string'),
      ...plan.query,
      ...plan.headers,
      ...plan.cookies,
      ...(plan.queryString ? [plan.queryString] : []),
    ].map(({ argument }) => argument),
  );
  if (plan.body?.mediaTypeArgument !== undefined) claimed.add(plan.body.mediaTypeArgument);
  for (const { source, encoding } of plan.body?.variants ?? []) {
    if (source.kind === 'argument') claimed.add(source.argument);
    else for (const key of Object.keys(source.fields)) claimed.add(key);
    if (encoding.kind !== 'multipart') continue;
    for (const part of [...Object.values(encoding.parts), encoding.other]) {
      for (const { argument } of part.headers) claimed.add(argument);
    }
  }
  return claimed;
});
