import type { AnswerPath, PaginationPlan } from '../../model/index.ts';
import { segmentsOf } from '../../parse/references.ts';
import { followed, isObject, type Located, type Node, type Reader } from '../reader.ts';
import type { AnswerShape } from './answer-shape.ts';
import { keyOf } from './key.ts';
import type { PagingArgument } from './paging-arguments.ts';
import { pageSize, sizeOf } from './recognise.ts';

export interface Declaring {
  readonly operation: Located;
  readonly operationId: string | undefined;
  readonly pointer: string;
  readonly method: string;
  readonly args: readonly PagingArgument[];
  readonly shape: AnswerShape;
  readonly reader: Reader;
}

/** Whether it is worth a look: most operations declare nothing. */
export const mayDeclare = (operation: Node): boolean =>
  operation['x-speakeasy-pagination'] !== undefined || operation['x-ms-pageable'] !== undefined;

/**
 * The pagination that an extension or a link of the document declares; `'none'` if it declares that there is one page.
 */
export function declared(given: Declaring): PaginationPlan | 'none' | undefined {
  const { operation } = given;
  return (
    speakeasy(operation.value['x-speakeasy-pagination'], given) ??
    pageable(operation.value['x-ms-pageable'], given) ??
    link(given)
  );
}

/** `x-ms-pageable`: `nextLinkName: null` means a list that arrives whole. */
function pageable(value: unknown, { method, args, shape }: Declaring): PaginationPlan | 'none' | undefined {
  if (!isObject(value)) return undefined;
  const { nextLinkName, itemName } = value;
  if (nextLinkName === null) return 'none';
  if (typeof nextLinkName !== 'string' || nextLinkName === '' || method !== 'GET') return undefined;
  const items = typeof itemName === 'string' ? pathOf(itemName) : (shape.items ?? ['value']);
  return { kind: 'nextUrl', items, positions: [], ...sizeOf(args), next: pathOf(nextLinkName, shape) };
}

/** `nextLinkName` may have dots that belong to the name: `odata.nextLink`. */
function pathOf(name: string, shape?: AnswerShape): AnswerPath {
  const isWhole = shape?.fields.some(({ path }) => path.length === 1 && path[0] === name) ?? false;
  return isWhole || name.startsWith('@') || name.startsWith('odata.') ? [name] : name.split('.');
}

/** `x-speakeasy-pagination`. */
function speakeasy(value: unknown, { args, shape, method }: Declaring): PaginationPlan | undefined {
  if (!isObject(value) || !isObject(value.outputs)) return undefined;
  const { outputs } = value;
  const inputs = (Array.isArray(value.inputs) ? value.inputs : []).filter(isObject);
  const argumentFor = (type: string) => {
    const input = inputs.find((each) => each.type === type);
    return args.find(({ key }) => typeof input?.name === 'string' && key === keyOf(input.name));
  };
  const [list, next, url] = [jsonPath(outputs.results), jsonPath(outputs.nextCursor), jsonPath(outputs.nextUrl)];
  const items = list ?? shape.items;
  const limit = argumentFor('limit');
  const shared = { ...(items && { items }), ...(limit ? { size: pageSize(limit) } : sizeOf(args)) };
  if (value.type === 'url')
    return url && method === 'GET' ? { kind: 'nextUrl', ...shared, positions: [], next: url } : undefined;
  const cursor = argumentFor('cursor');
  if (value.type === 'cursor') return cursor && next && { kind: 'token', ...shared, ...position(cursor), next };
  const pages = jsonPath(outputs.numPages);
  const counted = argumentFor('page');
  if (counted)
    return { kind: 'page', ...shared, ...position(counted), first: startOf(counted, 1), ...(pages && { pages }) };
  const offset = argumentFor('offset');
  return offset && { kind: 'offset', ...shared, ...position(offset), first: startOf(offset, 0) };
}

const position = ({ argument }: PagingArgument) => ({ argument, positions: [argument] });

const startOf = ({ default: preset }: PagingArgument, usual: 0 | 1): number =>
  preset === 0 || preset === 1 ? preset : usual;

/** `$.meta.next`: names only. */
function jsonPath(value: unknown): AnswerPath | undefined {
  if (typeof value !== 'string' || !value.startsWith('$')) return undefined;
  const rest = value.slice(1).replace(/\[\*\]$/, '');
  return /^(\.[^.[\]*?()]+)*$/.test(rest) ? rest.split('.').slice(1) : undefined;
}

/** A Link Object (OpenAPI 3.1.1 §4.8.20) from an operation to itself. */
function link({ operation, operationId, pointer, args, shape, reader }: Declaring): PaginationPlan | undefined {
  const responses = isObject(operation.value.responses) ? Object.values(operation.value.responses) : [];
  for (const written of responses) {
    const { links } = followed(written, reader) ?? {};
    for (const each of isObject(links) ? Object.values(links) : []) {
      const { operationId: id, operationRef, parameters } = followed(each, reader) ?? {};
      const isOwn = (id !== undefined && id === operationId) || operationRef === pointer;
      if (!isOwn || !isObject(parameters)) continue;
      for (const [name, expression] of Object.entries(parameters)) {
        const argument = args.find(({ key }) => key === keyOf(name.replace(/^query\./, '')));
        const next = bodyPointer(expression);
        if (!argument || !next) continue;
        const items = shape.items && { items: shape.items };
        return { kind: 'token', ...items, ...sizeOf(args), ...position(argument), next };
      }
    }
  }
  return undefined;
}

/** `$response.body#/meta/next` */
function bodyPointer(expression: unknown): AnswerPath | undefined {
  const pointer = typeof expression === 'string' ? /^\{?\$response\.body#\/(.+?)\}?$/.exec(expression)?.[1] : undefined;
  return pointer === undefined ? undefined : segmentsOf(`#/${pointer}`);
}
