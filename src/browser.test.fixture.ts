/** What a user does with the pages that a login shows. */
export interface Visit {
  /** What is typed into the login form. Default: `alice`. */
  readonly login?: string;
  /** The answer to consent pages, or a function that answers each by its URL. Default: `accept`. */
  readonly consent?: Consent | ((page: URL) => Consent);
  /** Typed into the page of the device flow. */
  readonly userCode?: string;
  /** The redirect that belongs to the client: it is returned, not followed. */
  readonly stopAt: (url: URL) => boolean;
}

export type Consent = 'accept' | 'deny';

export interface Browser {
  /**
   * Follows redirects, and submits the forms of login, consent and device pages.
   *
   * @returns the URL that `stopAt` recognises
   * @throws Error if a page has nothing to submit; it has the page's status and text
   */
  browse(url: string | URL, visit: Visit): Promise<URL>;
  /** One request with the browser's cookies; redirects are not followed. */
  request(url: string | URL, init?: RequestInit): Promise<Response>;
  /** The URLs that were requested. */
  readonly visited: readonly string[];
  /** The names of the cookies that are sent to the URL. */
  cookies(url: string | URL): readonly string[];
}

/** Visits with a new browser, which has no cookies. */
export function browse(url: string | URL, visit: Visit): Promise<URL> {
  return startBrowser().browse(url, visit);
}

/** A browser without JavaScript: fetch, a cookie jar, and forms. */
export function startBrowser(): Browser {
  const jar: Cookie[] = [];
  const visited: string[] = [];
  const sentTo = (url: URL) =>
    jar.filter(({ host, path }) => host === url.hostname && (url.pathname === path || inFolder(url.pathname, path)));
  const request = async (address: string | URL, init: RequestInit = {}) => {
    const url = new URL(address);
    visited.push(url.href);
    const headers = new Headers(init.headers);
    const cookies = sentTo(url).map(({ name, value }) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(jar, line, url);
    return response;
  };
  return {
    visited,
    request,
    cookies: (url) => sentTo(new URL(url)).map(({ name }) => name),
    async browse(address, visit) {
      let next: Step = { url: new URL(address) };
      for (let steps = 0; steps < MOST_STEPS; steps++) {
        if (visit.stopAt(next.url)) return next.url;
        const response = await request(next.url, next.form && post(next.form, next.from));
        const { url } = next;
        const location = response.headers.get('location');
        const text = await response.text();
        const step: Step | undefined = location === null ? nextOf(text, url, visit) : { url: new URL(location, url) };
        if (!step) throw new Error(`${url.href} responded with ${response.status}: ${text}`);
        next = step;
      }
      throw new Error(`Still no redirect to the client after ${MOST_STEPS} steps: ${visited.join(' → ')}`);
    },
  };
}

const MOST_STEPS = 25;

interface Step {
  readonly url: URL;
  readonly form?: URLSearchParams;
  readonly from?: URL;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
}

/** RFC 6265 §5.3, as far as tests need it. `Secure` is ignored, as browsers do on loopback. */
function keep(jar: Cookie[], line: string, url: URL): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const [name = '', value = ''] = splitOnce(pair);
  const of = new Map(attributes.map((one) => splitOnce(one)).map(([key, text = '']) => [key?.toLowerCase(), text]));
  const path = of.get('path') ?? '/';
  const index = jar.findIndex((one) => one.name === name && one.host === url.hostname && one.path === path);
  if (index >= 0) jar.splice(index, 1);
  const ended = of.get('max-age') === '0' || (of.has('expires') && Date.parse(of.get('expires') ?? '') <= Date.now());
  if (!ended) jar.push({ name, value, host: url.hostname, path });
}

const splitOnce = (text: string) => {
  const at = text.indexOf('=');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const inFolder = (path: string, folder: string) => path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** As a browser sends a form: with the origin of the page. */
const post = (form: URLSearchParams, from: URL | undefined): RequestInit => ({
  method: 'POST',
  body: form,
  headers: from ? { origin: from.origin, 'sec-fetch-site': 'same-origin' } : {},
});

/** What the user does on a page: submits its form, or follows the link that aborts. */
function nextOf(html: string, page: URL, visit: Visit): Step | undefined {
  const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(html);
  if (!form) return undefined;
  const [, attributes = '', inside = ''] = form;
  const answer = typeof visit.consent === 'function' ? visit.consent(page) : (visit.consent ?? 'accept');
  const fields = new URLSearchParams();
  for (const [, input = ''] of inside.matchAll(/<input\b([^>]*)>/gi)) {
    fields.append(attribute(input, 'name') ?? '', typed(input, visit));
  }
  const isConsent = fields.get('prompt') !== 'login' && !fields.has('user_code');
  const buttons = [...inside.matchAll(/<button\b([^>]*)>/gi)].flatMap(([, button = '']) => {
    const name = attribute(button, 'name');
    return name === undefined ? [] : [{ name, value: attribute(button, 'value') ?? '' }];
  });
  const pressed = buttons.find(({ value }) => value === (answer === 'accept' ? 'allow' : 'deny'));
  if (pressed) fields.append(pressed.name, pressed.value);
  const abort = /<a href="([^"]*\/abort)"/i.exec(html)?.[1];
  if (isConsent && answer === 'deny' && !pressed && abort !== undefined)
    return { url: new URL(unescaped(abort), page) };
  return { url: new URL(attribute(attributes, 'action') ?? '', page), form: fields, from: page };
}

function typed(input: string, { login = 'alice', userCode = '' }: Visit): string {
  const name = attribute(input, 'name');
  if (name === 'login') return login;
  if (name === 'password') return 'any';
  if (name === 'user_code') return attribute(input, 'value') ?? userCode;
  return attribute(input, 'value') ?? '';
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return found === undefined ? undefined : unescaped(found);
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', '#39': "'", '#x27': "'", lt: '<', gt: '>', amp: '&' };

const unescaped = (text: string) =>
  text.replace(/&(quot|#39|#x27|lt|gt|amp);/g, (whole, name) => ENTITIES[name] ?? whole);
