import type {
  CookieParameter,
  HeaderParameter,
  Operation,
  Origin,
  PathParameter,
  QueryParameter,
  RequestPlan,
  ResponsePlan,
} from '../../../model/index.ts';

/** What most operations have: literals of emitted projects leave it out. The model itself has no defaults. */
export const OUTLINE_DEFAULTS = {
  origin: { tags: [], deprecated: false },
  request: { servers: 'api', fixedQuery: '', query: [], headers: [], cookies: [], coercions: [], renamed: false },
  response: { accept: 'application/json, */*;q=0.1', wrapped: false, pagingArguments: [] },
  path: { format: { kind: 'style', style: 'simple', explode: false }, allowReserved: false },
  query: { format: { kind: 'style', style: 'form', explode: true }, allowReserved: false, allowEmptyValue: false },
  headers: { format: { kind: 'style', style: 'simple', explode: false } },
  cookies: { format: { kind: 'style', style: 'form', explode: true } },
} as const satisfies {
  readonly origin: Partial<Origin>;
  readonly request: Partial<RequestPlan>;
  readonly response: Partial<ResponsePlan>;
  readonly path: Partial<PathParameter>;
  readonly query: Partial<QueryParameter>;
  readonly headers: Partial<HeaderParameter>;
  readonly cookies: Partial<CookieParameter>;
};

type Defaults = typeof OUTLINE_DEFAULTS;

/** A part of an operation whose defaults may be left out. */
type Sparse<Part, Given> = Omit<Part, keyof Given> & Partial<Pick<Part, keyof Given & keyof Part>>;

/** A parameter is called on the wire as its argument is, unless `name` says otherwise. */
type SparseParameter<Parameter, Given> = Sparse<Parameter, Given & { readonly name: string }>;

export interface RequestOutline
  extends Sparse<Omit<RequestPlan, 'path' | 'query' | 'headers' | 'cookies'>, Defaults['request']> {
  readonly path: readonly (string | SparseParameter<PathParameter, Defaults['path']>)[];
  readonly query?: readonly SparseParameter<QueryParameter, Defaults['query']>[];
  readonly headers?: readonly SparseParameter<HeaderParameter, Defaults['headers']>[];
  readonly cookies?: readonly SparseParameter<CookieParameter, Defaults['cookies']>[];
}

/** The parts of an operation that have defaults. */
export interface OutlineParts {
  readonly origin: Sparse<Origin, Defaults['origin']>;
  readonly request: RequestOutline;
  readonly response?: Sparse<Omit<ResponsePlan, 'schema'>, Defaults['response']>;
}

/** An outline with every default filled in. */
export function withDefaults<Outline extends OutlineParts>(
  outline: Outline,
): Omit<Outline, keyof OutlineParts> & Pick<Operation, keyof OutlineParts> {
  const { origin, request, response, ...rest } = outline;
  return {
    ...rest,
    origin: { ...OUTLINE_DEFAULTS.origin, ...origin },
    request: requestOf(request),
    response: { ...OUTLINE_DEFAULTS.response, ...response },
  };
}

function requestOf({ path, query = [], headers = [], cookies = [], ...rest }: RequestOutline): RequestPlan {
  const { path: inPath, query: inQuery, headers: inHeader, cookies: inCookie } = OUTLINE_DEFAULTS;
  return {
    ...OUTLINE_DEFAULTS.request,
    ...rest,
    path: path.map((part) => (typeof part === 'string' ? part : { ...inPath, name: part.argument, ...part })),
    query: query.map((parameter) => ({ ...inQuery, name: parameter.argument, ...parameter })),
    headers: headers.map((parameter) => ({ ...inHeader, name: parameter.argument, ...parameter })),
    cookies: cookies.map((parameter) => ({ ...inCookie, name: parameter.argument, ...parameter })),
  };
}
