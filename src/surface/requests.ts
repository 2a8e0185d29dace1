import type { ApiModel, BodyVariant, Operation, RequestPlan } from '../model/index.ts';
import type { SurfaceApi, SurfaceRequest } from './surface.ts';

/** What of an API concerns all of its operations. */
export const surfaceApi = ({ servers }: Pick<ApiModel, 'servers'>): SurfaceApi => ({
  servers: servers.map(({ url }) => url),
});

/** How calls of an operation reach the API. */
export function surfaceRequest(api: string, { request, origin, auth }: Operation): SurfaceRequest {
  return {
    api,
    method: request.method,
    path: origin.path,
    ...(request.servers !== 'api' && { servers: request.servers.map(({ url }) => url) }),
    parameters: Object.fromEntries(parametersOf(request)),
    ...(request.body && { body: request.body.variants.map(({ mediaType }) => mediaType) }),
    auth: auth.map(({ schemes }) => schemes),
  };
}

function* parametersOf({ path, query, queryString, headers, cookies, body }: RequestPlan): Iterable<[string, string]> {
  for (const part of path) if (typeof part !== 'string') yield [part.argument, inWords('path', part)];
  for (const each of query) yield [each.argument, inWords('query', each)];
  if (queryString) yield [queryString.argument, `complete query string, ${queryString.encoding.kind}`];
  for (const each of headers) yield [each.argument, inWords('header', each)];
  for (const each of cookies) yield [each.argument, inWords('cookie', each)];
  if (body?.mediaTypeArgument !== undefined) yield [body.mediaTypeArgument, 'media type of the body'];
  // Later variants repeat the arguments of the first ones.
  for (const variant of [...(body?.variants ?? [])].reverse()) yield* bodyArguments(variant);
}

function bodyArguments({ source }: BodyVariant): [string, string][] {
  if (source.kind === 'argument') return [[source.argument, 'body']];
  return Object.entries(source.fields).map(([argument, property]) => [argument, `body property ${property}`]);
}

type AnyParameter = RequestPlan['query'][number] | RequestPlan['headers'][number] | RequestPlan['cookies'][number];
type PathParameter = Exclude<RequestPlan['path'][number], string>;

function inWords(location: string, { name, format, ...rest }: AnyParameter | PathParameter): string {
  const reserved = 'allowReserved' in rest && rest.allowReserved ? ', reserved characters allowed' : '';
  const how = format.kind === 'content' ? format.mediaType : `${format.style}${format.explode ? ', exploded' : ''}`;
  return `${location} ${name}, ${how}${reserved}`;
}
