import { curlText } from '../runtime/curl-text.ts';
import { messageOf } from '../runtime/errors.ts';
import { previewCall } from '../runtime/preview.ts';
import type { Provider, ToolCall } from '../runtime/provider.ts';
import { callTool } from '../runtime/serve/call/call-tool.ts';
import type { Previewed } from './api-types.ts';
import { answered, inspectorContext } from './calls.ts';
import { type Hiding, hidingOf } from './hiding.ts';
import type { Inspected, InspectedServer } from './inspected.ts';
import { createLive, trafficDetail, trafficLine } from './live.ts';
import { createQuestions, type Questions } from './questions.ts';
import { answer, completion, count, jsonBody, object, text, texts } from './requests.ts';
import { json, RequestError } from './respond.ts';
import { toolDetail } from './tool-lines.ts';
import { budget, graph, overview, problems, seen } from './views.ts';

/** The local API of the page. */
export interface InspectorApi {
  /** Answers a request of an admitted browser. Errors are JSON with a message. */
  respond(request: Request, path: string): Promise<Response>;
  close(): void;
}

interface Asked {
  readonly server: InspectedServer;
  readonly url: URL;
  readonly signal: AbortSignal;
  readonly hide: Hiding;
  readonly questions: Questions;
}
interface Sent extends Asked {
  readonly body: Readonly<Record<string, unknown>>;
}

export function createInspectorApi(inspected: Inspected): InspectorApi {
  const hiding = hidingOf(() => inspected.current().secrets());
  const live = createLive(inspected, hiding);
  const questions = createQuestions(live.ask);
  const reads: Readonly<Record<string, (asked: Asked) => unknown>> = { ...READS, ...trafficReads(inspected) };
  const route = async (request: Request, path: string): Promise<unknown> => {
    const server = inspected.current();
    const asked = { server, url: new URL(request.url), signal: request.signal, hide: hiding(), questions };
    const [read, send] = [own(reads, path), own(SENDS, path)];
    if (!read && !send) throw new RequestError(404, `There is no "${path}" here.`);
    const method = read ? 'GET' : 'POST';
    if (request.method !== method) throw new RequestError(405, `Only ${method} is supported here.`);
    return read ? read(asked) : send?.({ ...asked, body: await jsonBody(request) });
  };
  return {
    async respond(request, path) {
      if (path === 'events' && request.method === 'GET') return live.open(request.signal);
      try {
        return json(hiding().plain(await route(request, path)));
      } catch (error) {
        const status = error instanceof RequestError ? error.status : 500;
        return json(hiding().plain({ error: { message: messageOf(error) } }), status);
      }
    },
    close: live.close,
  };
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

const READS: Readonly<Record<string, (asked: Asked) => unknown>> = {
  overview: ({ server }) => overview(server),
  tool: ({ server, url, signal }) => toolDetail(server.whole, url.searchParams.get('name') ?? '', signal),
  budget: ({ server }) => budget(server),
  seen: ({ server, url }) => seen(server, url.searchParams.get('name') ?? ''),
  graph: ({ server }) => graph(server),
  problems: ({ server }) => problems(server),
};

const trafficReads = ({ traffic }: Inspected): Readonly<Record<string, (asked: Asked) => unknown>> => ({
  traffic: ({ hide }) => traffic.entries().map((entry) => trafficLine(entry, hide)),
  exchange: ({ url, hide }) => {
    const detail = trafficDetail(traffic, count(url, 'id'), hide);
    if (!detail) throw new RequestError(404, 'This call is no longer kept.');
    return detail;
  },
});

const SENDS: Readonly<Record<string, (sent: Sent) => Promise<unknown>>> = {
  preview: async ({ server, body, signal, hide }) => preview(server.whole, toolCall(body), { signal, hide }),
  call: async ({ server, body, signal, hide, questions }) => {
    const call = toolCall(body);
    const elicit = body.id === undefined ? undefined : questions.asking(text(body, 'id'), signal);
    return answered({ signal, hide, elicit }, (context) => callTool(server.whole, call, context, () => {}));
  },
  answer: async ({ body, questions }) => {
    questions.answer(text(body, 'id'), answer(body));
    return {};
  },
  read: async ({ server, body, signal, hide }) => {
    const uri = text(body, 'uri');
    return answered({ signal, hide }, (context) => server.whole.readResource({ uri }, context));
  },
  prompt: async ({ server, body, signal, hide }) => {
    const get = { name: text(body, 'name'), arguments: texts(body, 'arguments') };
    return answered({ signal, hide }, (context) => server.whole.getPrompt(get, context));
  },
  complete: async ({ server, body, signal }) => server.whole.complete(completion(body), inspectorContext(signal)),
};

const toolCall = (body: Sent['body']): ToolCall => ({ name: text(body, 'name'), arguments: object(body, 'arguments') });

async function preview(
  whole: Provider,
  call: ToolCall,
  { signal, hide }: { readonly signal: AbortSignal; readonly hide: Hiding },
): Promise<Previewed> {
  const previewed = await previewCall(whole, call, inspectorContext(signal));
  if ('problem' in previewed) return { problem: hide.body(previewed.problem) };
  const { method, url, headers, body } = previewed.request;
  const shown = body !== undefined && { body: typeof body === 'string' ? hide.body(body) : body };
  return { curl: curlText({ method, url: hide.url(url), headers: hide.headers(headers), ...shown }) };
}
