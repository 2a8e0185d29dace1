import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Row {
  readonly id: string;
  readonly name: string;
}

/** Three full pages of three rows, and one more row. */
export const ROWS: readonly Row[] = Array.from({ length: 10 }, (_, index) => ({
  id: `r${index}`,
  name: `row ${index}`,
}));
export const PAGE_SIZE = 3;

export interface PagingApi {
  readonly url: string;
  /** Method and URL of each request. */
  readonly requests: string[];
  /** Answers the next requests, instead of the API itself; `undefined` leaves a request to it. */
  answer: ((url: URL, response: ServerResponse) => boolean) | undefined;
  close(): Promise<void>;
}

/** The API of `test-specs/pagination.yaml` on this machine. */
export async function startPagingApi(): Promise<PagingApi> {
  const requests: string[] = [];
  const api: { answer: PagingApi['answer'] } = { answer: undefined };
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    if (api.answer?.(url, response)) return;
    const body = await bodyOf(request);
    const { value, link } = answerOf(url, body);
    if (link !== undefined) response.setHeader('Link', link);
    sendJson(response, value);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get answer() {
      return api.answer;
    },
    set answer(answer) {
      api.answer = answer;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): true {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
  return true;
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}

/** A token is the index of the first row. */
const pageAt = (start: number, size = PAGE_SIZE) => {
  const end = start + size;
  return { rows: ROWS.slice(start, end), next: end < ROWS.length ? end : undefined };
};

function answerOf(url: URL, body: Record<string, unknown>): { readonly value: unknown; readonly link?: string } {
  const get = (name: string) => url.searchParams.get(name) ?? undefined;
  const startOf = (token: unknown) => Number(token ?? 0);
  const linkTo = (next: number | undefined) =>
    next === undefined ? null : `${url.origin}${url.pathname}?from=${next}`;
  switch (url.pathname) {
    case '/by-next-url': {
      const { rows, next } = pageAt(startOf(get('from')));
      return { value: { data: rows, links: { self: url.href, next: linkTo(next) } } };
    }
    case '/pageable': {
      const { rows, next } = pageAt(startOf(get('from')));
      // Relative to the request.
      return { value: { value: rows, ...(next !== undefined && { '@odata.nextLink': `pageable?from=${next}` }) } };
    }
    case '/by-token': {
      const { rows, next } = pageAt(startOf(get('pageToken')));
      return { value: { items: rows, ...(next !== undefined && { nextPageToken: String(next) }) } };
    }
    case '/by-metadata-token': {
      const { rows, next } = pageAt(startOf(get('cursor')));
      return {
        value: {
          members: rows.map(({ id }) => id),
          response_metadata: { next_cursor: next === undefined ? '' : `${next}` },
        },
      };
    }
    case '/declared': {
      const { rows, next } = pageAt(startOf(get('from_row')));
      return { value: { found: rows, meta: { following: next === undefined ? null : `${next}` } } };
    }
    case '/linked': {
      const { rows, next } = pageAt(startOf(get('at')));
      return { value: { rows, ...(next !== undefined && { upcoming: `${next}` }) } };
    }
    case '/search': {
      const { rows, next } = pageAt(startOf(body.cursor));
      return { value: { results: rows, ...(next !== undefined && { next_cursor: `${next}` }) } };
    }
    case '/by-last-item': {
      const after = ROWS.findIndex(({ id }) => id === get('starting_after'));
      const { rows, next } = pageAt(after + 1);
      return { value: { data: rows, has_more: next !== undefined } };
    }
    case '/by-link':
    case '/top': {
      const { rows, next } = pageAt(startOf(get('from')));
      const first = `<${url.origin}${url.pathname}>; rel="first"`;
      return {
        value: rows,
        link: next === undefined ? first : `${first}, <${linkTo(next)}>; title="a, b"; rel="next"`,
      };
    }
    case '/by-page':
      return { value: pageAt((Number(get('page') ?? 1) - 1) * PAGE_SIZE).rows };
    case '/by-page-from-zero': {
      const { rows, next } = pageAt(Number(get('page') ?? 0) * PAGE_SIZE);
      return { value: { content: rows, totalPages: 4, last: next === undefined } };
    }
    case '/by-offset': {
      const { rows } = pageAt(Number(get('offset') ?? 0), Number(get('limit') ?? PAGE_SIZE));
      return { value: { rows, total: ROWS.length } };
    }
    default:
      return { value: {} };
  }
}
