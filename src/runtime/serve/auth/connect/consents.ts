import { messageOf } from '../../../errors.ts';
import { Expiring } from '../../../expiring.ts';
import { digestText, randomText } from '../../../text/random-text.ts';
import { callerId } from '../../call/caller.ts';
import type { Inviter } from '../../call/caller-tokens.ts';
import { OAuthError, readForm, seeOther, singleParameters, unavailable } from '../../pages/http.ts';
import { loginCookie } from '../../pages/login-cookie.ts';
import { type Handler, pageRoute } from '../../pages/page-route.ts';
import { ownedId, type Sharing } from '../../process-id.ts';
import type { VerifiedToken } from '../token-verifier.ts';
import type { BrowserLogin } from './browser-login.ts';
import { CONSENT_PATH, consentPage, endPage, shownPerson } from './connect-pages.ts';
import { INVITATION_MS, Invitations, type OpenInvitation } from './invitations.ts';

export interface ConsentsOptions {
  /** Of the public URL: the pages are there. */
  readonly origin: string;
  /** The public URL, for people. */
  readonly server: string;
  readonly login: BrowserLogin;
  readonly onError: (error: Error) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What this process shares with others; absent: it is alone. */
  readonly sharing?: Sharing | undefined;
}

/** Callers consent at third parties, on pages of this server. */
export interface Consents {
  inviterFor(callerId: string): Inviter;
  /** Serves `/connect` and what is below it; `undefined` for every other path. */
  handler(path: string): Handler | undefined;
}

export const LOGIN_PATH = '/connect/login';
const CALLBACK_PATH = '/connect/callback';
const MAX_FORM_BYTES = 4_096;
const TIMEOUT_MS = 20_000;

/** A redirect of the browser that has to come back: from the login of the caller, or from the third party. */
interface Redirect {
  readonly kind: 'login' | 'consent';
  readonly one: OpenInvitation;
  /** Digest of the browser that was sent away. */
  readonly browser: string;
  readonly verifier: string;
}

/**
 * The pages of a consent. A link leads to the login of the caller's own provider: only the browser of the person who
 * made the call goes on from there (MCP 2025-11-25, elicitation, phishing). Then the person sees what is asked, and goes
 * to the third party, whose `state` belongs to this browser.
 */
export function openConsents(options: ConsentsOptions): Consents {
  const { origin, onError } = options;
  const pages = new Pages(options);
  const place = { origin, onError };
  const routes = new Map<string, Handler>([
    ['/connect', pageRoute(place, 'GET', (request) => pages.start(request))],
    [LOGIN_PATH, pageRoute(place, 'GET', (request) => pages.finishLogin(request))],
    [CALLBACK_PATH, pageRoute(place, 'GET', (request) => pages.finishConsent(request))],
  ]);
  const ask = pageRoute(place, 'GET', (request) => pages.ask(request));
  const decide = pageRoute(place, 'POST', (request) => pages.decide(request));
  routes.set(CONSENT_PATH, (request) => (request.method === 'POST' ? decide(request) : ask(request)));
  return {
    inviterFor: (id) => pages.invitations.inviterFor(id),
    handler: (path) => routes.get(path),
  };
}

class Pages {
  readonly invitations: Invitations;
  readonly #redirects: Expiring<Redirect>;
  readonly #options: ConsentsOptions;
  readonly #cookie: ReturnType<typeof loginCookie>;

  constructor(options: ConsentsOptions) {
    this.#options = options;
    this.#cookie = loginCookie('mcp-connect', new URL(options.origin));
    this.invitations = new Invitations(options.origin, options.now, options.sharing);
    this.#redirects = new Expiring({ ttlMs: INVITATION_MS, now: options.now });
  }

  /** The link: sends the browser to the login of the caller. */
  async start(request: Request): Promise<Response> {
    const one = this.#invited(singleParameters(new URL(request.url).searchParams).get('ticket'));
    // Kept if there is one: consents in several tabs.
    const [known] = this.#cookie.of(request);
    const id = known !== undefined && /^[\w-]{43}$/.test(known) ? known : randomText();
    const state = this.#state();
    const { url, verifier } = await this.#options.login.begin(state);
    this.#redirects.put(state, { kind: 'login', one, browser: await digestText(id), verifier });
    return seeOther(url, { 'Set-Cookie': this.#cookie.header(id) });
  }

  /** The person at the browser has logged in: only the caller goes on. */
  async finishLogin(request: Request): Promise<Response> {
    const { one, browser, verifier } = await this.#returned(request, 'login');
    const person = await this.#person(new URL(request.url).searchParams, verifier);
    if (callerId(person.issuer, person.subject) !== one.callerId) {
      const who = shownPerson(person);
      throw forbidden(
        `You are signed in as ${who}, and this link was made for another user. Nothing was connected. If both are you, sign out at your provider and open the link again.`,
      );
    }
    this.#invited(one.ticket);
    one.proof = { browser, person: shownPerson(person), csrf: randomText() };
    return seeOther(`${this.#options.origin}${CONSENT_PATH}?ticket=${one.ticket}`);
  }

  async ask(request: Request): Promise<Response> {
    const one = this.#invited(singleParameters(new URL(request.url).searchParams).get('ticket'));
    const { person, csrf } = await this.#proven(request, one);
    const { server } = this.#options;
    return consentPage({ asked: one.connection.asked, person, server, ticket: one.ticket, csrf });
  }

  /** The answer to the page: the link is used up, and the browser goes to the third party. */
  async decide(request: Request): Promise<Response> {
    const form = await readForm(request, MAX_FORM_BYTES);
    const one = this.#invited(form.get('ticket'));
    const { csrf, browser } = await this.#proven(request, one);
    // Digests, so that the time of the comparison says nothing.
    if ((await digestText(form.get('csrf') ?? '')) !== (await digestText(csrf))) {
      throw forbidden(`This form was not created for this browser. ${AGAIN}`);
    }
    const { asked } = one.connection;
    this.invitations.use(one);
    if (form.get('decision') !== 'allow') {
      one.end();
      return endPage(asked, false);
    }
    const state = this.#state();
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { url, verifier } = await this.#shown(() =>
      one.connection.begin({ redirectUri: this.#callbackUrl, state, signal }),
    ).catch((error) => {
      one.end();
      throw error;
    });
    this.#redirects.put(state, { kind: 'consent', one, browser, verifier });
    return seeOther(url);
  }

  /** Back from the third party. */
  async finishConsent(request: Request): Promise<Response> {
    const { one, verifier } = await this.#returned(request, 'consent');
    const parameters = new URL(request.url).searchParams;
    try {
      await this.#shown(() =>
        one.connection.finish({
          parameters,
          redirectUri: this.#callbackUrl,
          verifier,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
      );
    } finally {
      one.end();
    }
    return endPage(one.connection.asked, true);
  }

  /** Names this process: the browser may come back to any other. */
  #state(): string {
    return ownedId(this.#options.sharing?.process, randomText());
  }

  get #callbackUrl(): string {
    return `${this.#options.origin}${CALLBACK_PATH}`;
  }

  #invited(ticket: string | undefined): OpenInvitation {
    const one = ticket === undefined ? undefined : this.invitations.find(ticket);
    if (one) return one;
    throw new OAuthError('invalid_request', `This link is unknown, has expired or was used. ${AGAIN}`, 404);
  }

  /** A redirect that this browser was sent away with. Its `state` cannot be used again. */
  async #returned(request: Request, kind: Redirect['kind']): Promise<Redirect> {
    const states = new URL(request.url).searchParams.getAll('state');
    const redirect = states.length === 1 ? this.#redirects.take(states[0] ?? '') : undefined;
    if (redirect?.kind !== kind) {
      throw new OAuthError('invalid_request', `This login is unknown, or has expired or ended. ${AGAIN}`);
    }
    if (await this.#isBrowser(request, redirect.browser)) return redirect;
    throw forbidden(`This login was started in another browser. ${AGAIN}`);
  }

  async #proven(request: Request, one: OpenInvitation): Promise<NonNullable<OpenInvitation['proof']>> {
    const { proof } = one;
    if (proof && (await this.#isBrowser(request, proof.browser))) return proof;
    throw forbidden('Open the link that your program has shown, in this browser: it lets you sign in first.');
  }

  async #isBrowser(request: Request, browser: string): Promise<boolean> {
    const digests = await Promise.all(this.#cookie.of(request).map(digestText));
    return digests.includes(browser);
  }

  async #person(parameters: URLSearchParams, verifier: string): Promise<VerifiedToken> {
    try {
      return await this.#options.login.finish(parameters, verifier);
    } catch (error) {
      if (nameOf(error) === 'InvalidTokenError') {
        this.#options.onError(new Error(`auth.login gets tokens that callers could not use: ${messageOf(error)}`));
        throw forbidden('The account that you signed in with has no access to this server.');
      }
      if (nameOf(error) === 'VerifierUnavailableError') throw unavailable(`The login cannot be verified now. ${AGAIN}`);
      return this.#shown(() => Promise.reject(error));
    }
  }

  /** Errors of the authorization server say what the person can do, the others nothing. */
  async #shown<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!['LoginError', 'CallError'].includes(nameOf(error))) throw error;
      this.#options.onError(error as Error);
      throw new OAuthError('server_error', `${messageOf(error)} Nothing was connected. ${AGAIN}`);
    }
  }
}

const AGAIN = 'Call the tool again in your program to get a new link.';

const forbidden = (message: string): OAuthError => new OAuthError('access_denied', message, 403);

/** By name: also errors of another copy of the runtime. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
