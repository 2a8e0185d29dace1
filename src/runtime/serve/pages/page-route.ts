import { asError } from '../../errors.ts';
import { OAuthError, RETRY, unavailable } from './http.ts';
import { errorPage } from './page.ts';

export type Handler = (request: Request) => Promise<Response>;

/** Where pages are, and who hears of unexpected errors. */
export interface PagePlace {
  /** The only origin whose forms are accepted. */
  readonly origin: string;
  readonly onError: (error: Error) => void;
}

/** A page for people: errors become pages, and a form of another origin is refused. */
export function pageRoute(place: PagePlace, method: 'GET' | 'POST', serve: Handler): Handler {
  return async (request) => {
    try {
      if (request.method !== method) throw wrongMethod(method);
      checkOrigin(request, place);
      return await serve(request);
    } catch (error) {
      const { message, status } = reported(place, error);
      return errorPage(status, message, { ...(status === 503 && RETRY), ...(status === 405 && { Allow: method }) });
    }
  };
}

/** In addition to the form's own token. Browsers send `Origin` with every form. */
function checkOrigin(request: Request, place: PagePlace): void {
  const origin = request.headers.get('origin');
  if (origin === null || origin === place.origin || request.method === 'GET') return;
  throw new OAuthError('access_denied', 'This form was sent by a page of another origin.', 403);
}

export const wrongMethod = (method: string) =>
  new OAuthError('invalid_request', `Only ${method} is supported here.`, 405);

/** What may be shown. Everything unexpected is reported, and probably the store's. */
export function reported({ onError }: Pick<PagePlace, 'onError'>, error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  onError(asError(error));
  return unavailable('This server cannot respond now. Try again later.');
}
