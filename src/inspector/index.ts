// Takes a running server and returns the pages of its inspector. They are served to browsers of this machine that came
// with a link of the terminal, and to nobody else; secrets are hidden in everything they show.
import { isLoopback } from '../runtime/serve/http/loopback.ts';
import { html } from '../runtime/serve/pages/page.ts';
import { createInspectorApi, type InspectorApi } from './api.ts';
import type { Inspected } from './inspected.ts';
import { pageAsset } from './page-asset.ts';
import { GUARDED, json, message } from './respond.ts';
import { createVisitors, type Visitors } from './visitors.ts';

export type { Inspected, InspectedServer } from './inspected.ts';

export interface InspectorOptions {
  /** Called when a link has been used: it does not work again, and `url` makes another. */
  readonly onVisit?: () => void;
}

export interface Inspector {
  /** What responds to requests for this path; `undefined` if it is not one of the inspector's. */
  pages(path: string): ((request: Request) => Promise<Response>) | undefined;
  /** A link to the page of the server at this address. It admits one browser. */
  url(base: string): string;
  /** Ends the connections of open pages, and admits nobody any more. */
  close(): void;
}

const ROOT = '/inspector/';
const API = `${ROOT}api/`;
/** Pages of other origins cannot send it: it needs a preflight request, which is not answered. */
const HEADER = 'x-inspector';

export function openInspector(inspected: Inspected, { onVisit = () => {} }: InspectorOptions = {}): Inspector {
  const visitors = createVisitors();
  const api = createInspectorApi(inspected);
  return {
    pages(path) {
      if (path === '/inspector') return local(async () => redirect(ROOT));
      if (path === ROOT) return local((request) => page(request, visitors, onVisit));
      if (path.startsWith(API)) return local((request) => apiResponse(request, visitors, api));
      return undefined;
    },
    url: (base) => new URL(`${ROOT}?token=${visitors.invite()}`, base).href,
    close() {
      visitors.clear();
      api.close();
    },
  };
}

type Handler = (request: Request) => Promise<Response>;

/** The server may accept other names, for its MCP endpoint. */
function local(handler: Handler): Handler {
  return async (request) => {
    if (isLoopback(new URL(request.url).hostname)) return handler(request);
    return message(403, 'Not available here', html`<p>Open the inspector on the machine that runs the server.</p>`);
  };
}

async function page(request: Request, visitors: Visitors, onVisit: () => void): Promise<Response> {
  if (request.method !== 'GET')
    return json({ error: { message: 'Only GET is supported here.' } }, 405, { Allow: 'GET' });
  const url = new URL(request.url);
  const token = url.searchParams.get('token');
  if (token === null) {
    if (visitors.knows(request)) return (await pageAsset())();
    return request.headers.get('sec-fetch-site') === 'cross-site' ? again() : noSession();
  }
  const session = visitors.admit(token);
  if (session === undefined) return usedLink(visitors.knows(request));
  onVisit();
  return redirect(ROOT, { 'Set-Cookie': visitors.cookie(session, url) });
}

const redirect = (location: string, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status: 303, headers: { ...GUARDED, ...headers, Location: location } });

/** After a link on another site, browsers send the cookie only when a page of this server leads on. */
async function again(): Promise<Response> {
  const text = html`<p><a href="${ROOT}">Open the inspector</a></p>`;
  const response = await message(200, 'Inspector', text);
  response.headers.set('Refresh', `0; url=${ROOT}`);
  return response;
}

const NEW_LINK = html`<p>Use the latest line “Inspector: http://…” in the terminal of the server. If that link has been
used, too, restart the server: it prints a new one.</p>`;

const noSession = () => message(401, 'Open the link in the terminal', NEW_LINK);

function usedLink(isKnown: boolean): Promise<Response> {
  const way = isKnown ? html`<p><a href="${ROOT}">This browser can open the inspector without it.</a></p>` : NEW_LINK;
  return message(403, 'This link has been used', html`<p>A link to the inspector works once.</p>\n${way}`);
}

async function apiResponse(request: Request, visitors: Visitors, api: InspectorApi): Promise<Response> {
  const url = new URL(request.url);
  const refused = refusal(request, url, visitors);
  if (refused) return json({ error: { message: refused.message } }, refused.status);
  return api.respond(request, url.pathname.slice(API.length));
}

function refusal(request: Request, { origin }: URL, visitors: Visitors) {
  if (!visitors.knows(request))
    return { status: 401, message: 'The session has ended. Open the link in the terminal.' };
  const from = request.headers.get('origin') ?? origin;
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin';
  const isOwn = from === origin && site === 'same-origin' && request.headers.get(HEADER) === '1';
  return isOwn ? undefined : { status: 403, message: 'Only the page of the inspector can send this request.' };
}
