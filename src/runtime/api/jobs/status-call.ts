import type { ApiModel, Operation, PathParameter } from '../../../model/index.ts';
import { isRecord } from '../../is-record.ts';
import { argumentsFromText } from '../arguments/text-arguments.ts';
import { type HttpResponse, headerValue } from '../http.ts';
import type { Answer } from '../read/answer.ts';
import { percentDecoded } from '../serialize/percent-encoding.ts';

/** A call that asks for the status of a job. */
export interface StatusCall {
  readonly operation: Operation;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A response with 202 Accepted, and what it responds to. */
export interface AcceptedJob {
  readonly model: ApiModel;
  readonly operation: Operation;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
  readonly headers: HttpResponse['headers'];
  /** The URL that responded. */
  readonly url: string;
  readonly serverUrl: (operation: Operation) => { readonly url: string } | { readonly problem: string };
}

/**
 * The operation that tells how a job goes on; only one of this document: another URL would get its credentials. The
 * evidence, best first: the document's own word (`x-mcp: { status: <operationId> }`), the header `Location`, links of the
 * document (OpenAPI 3.1.1 §4.8.20), the GET for one item of the path (`/exports/{id}` for `POST /exports`), a GET by an
 * id of the response that is named like a job (`jobId`).
 */
export function statusCall(job: AcceptedJob): StatusCall | undefined {
  const reads = job.model.operations.filter(({ request }) => request.method === 'GET');
  const { statusOperation } = job.operation.response;
  const named = reads.find(({ id, origin }) => [origin.operationId, id].includes(statusOperation ?? ''));
  if (named) return located(job, [named]) ?? filled(job, named);
  return (
    located(job, reads) ?? first(job, linked(job, reads)) ?? first(job, itemOf(job, reads)) ?? first(job, jobs(reads))
  );
}

function first(job: AcceptedJob, operations: readonly Operation[]): StatusCall | undefined {
  for (const operation of operations) {
    const call = filled(job, operation);
    if (call) return call;
  }
  return undefined;
}

const parametersOf = ({ request }: Operation): readonly PathParameter[] =>
  request.path.filter((part) => typeof part !== 'string');

/** The operation whose path the header `Location` matches, with the fewest parameters. */
function located(job: AcceptedJob, reads: readonly Operation[]): StatusCall | undefined {
  const location = headerValue(job.headers, 'location');
  const base = URL.canParse(job.url) ? job.url : undefined;
  if (location === undefined || !URL.canParse(location, base)) return undefined;
  const target = new URL(location, base);
  const matches = reads.flatMap((operation) => {
    const values = valuesIn(target, operation, job.serverUrl(operation));
    if (!values) return [];
    const found = argumentsFromText(operation, job.model.schemas, values);
    const isWhole = operation.arguments.required.every((name) => Object.hasOwn(found, name));
    return isWhole ? [{ operation, arguments: found }] : [];
  });
  const [best] = matches.sort(
    (one, other) => parametersOf(one.operation).length - parametersOf(other.operation).length,
  );
  return best;
}

/** The arguments in a URL of the operation, as texts; `undefined` if it is the URL of another one. */
function valuesIn(
  target: URL,
  operation: Operation,
  server: ReturnType<AcceptedJob['serverUrl']>,
): Readonly<Record<string, string>> | undefined {
  if ('problem' in server || !URL.canParse(server.url)) return undefined;
  const base = new URL(server.url);
  // APIs behind a TLS proxy name themselves by http. The request goes to the server as configured.
  if (target.host !== base.host) return undefined;
  const prefix = base.pathname.replace(/\/$/, '');
  if (!target.pathname.startsWith(prefix)) return undefined;
  const parameters = parametersOf(operation);
  const isPlain = parameters.every(({ format }) => format.kind === 'style' && format.style === 'simple');
  if (!isPlain) return undefined;
  const pattern = operation.request.path
    .map((part) => (typeof part === 'string' ? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : '([^/]+)'))
    .join('');
  const match = new RegExp(`^${pattern}/?$`).exec(target.pathname.slice(prefix.length));
  if (!match) return undefined;
  const inPath = parameters.map(({ argument }, index) => [argument, percentDecoded(match[index + 1] ?? '')] as const);
  const inQuery = operation.request.query.flatMap(({ argument, name }) => {
    const value = target.searchParams.get(name);
    return value === null ? [] : [[argument, value] as const];
  });
  return Object.fromEntries([...inPath, ...inQuery]);
}

function linked({ operation }: AcceptedJob, reads: readonly Operation[]): readonly Operation[] {
  const links = operation.response.links ?? [];
  return reads.filter(({ origin }) =>
    links.some(
      ({ operationId, operationRef }) =>
        (operationId !== undefined && operationId === origin.operationId) || operationRef === origin.pointer,
    ),
  );
}

/** `/exports/{id}` and `/exports/{id}/status` for `/exports`. */
function itemOf({ operation }: AcceptedJob, reads: readonly Operation[]): readonly Operation[] {
  const start = operation.origin.path.replace(/\/$/, '');
  const rest = ({ origin }: Operation) => (origin.path.startsWith(`${start}/`) ? origin.path.slice(start.length) : '');
  return reads
    .filter((read) => /^\/\{[^{}/]+\}(\/status)?$/.test(rest(read)))
    .sort((one, other) => other.origin.path.length - one.origin.path.length);
}

const JOB_NAME =
  /^(batch|build|deployment|execution|export|import|job|operation|process|request|run|task|workflow)(id|uuid)$/;

function jobs(reads: readonly Operation[]): readonly Operation[] {
  return reads
    .filter(({ origin }) => /\}(\/status)?$/.test(origin.path))
    .filter((read) => JOB_NAME.test(plain(parametersOf(read).at(-1)?.name ?? '')))
    .sort((one, other) => one.origin.path.length - other.origin.path.length);
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** A longer text is not an id. */
const LONGEST_ID = 500;

const isId = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value !== '' && value.length <= LONGEST_ID);

/** The operation with the ids of the response, and with the arguments of the call that stand for the same. */
function filled({ answer, arguments: given }: AcceptedJob, operation: Operation): StatusCall | undefined {
  const value = answer.kind === 'json' ? answer.value : undefined;
  const objects = isRecord(value) ? [value, ...Object.values(value).filter(isRecord)] : [];
  const idOf = (names: readonly string[]): unknown => {
    for (const object of objects)
      for (const [key, id] of Object.entries(object)) if (names.includes(plain(key)) && isId(id)) return id;
    return undefined;
  };
  const last = parametersOf(operation).at(-1)?.argument;
  const found: Record<string, unknown> = {};
  for (const name of operation.arguments.required) {
    const id = idOf([plain(name)]) ?? (name === last ? idOf(['id', 'uuid']) : undefined) ?? given[name];
    if (id === undefined) return undefined;
    found[name] = id;
  }
  // The path must come from the response: the arguments of the call alone name no job.
  return last !== undefined && found[last] !== undefined && String(found[last]) !== String(given[last])
    ? { operation, arguments: found }
    : undefined;
}
