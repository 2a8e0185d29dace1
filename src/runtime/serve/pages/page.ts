import { visibleText } from '../../../model/hidden-text.ts';
import { once } from '../../once.ts';
import { toBase64 } from '../../text/base64.ts';
import { cutText } from '../../text/cut-text.ts';
import { NO_STORE } from './http.ts';

/** Text that is HTML already. Everything else is escaped when it is put into `html`. */
export interface Html {
  readonly html: string;
}

/** HTML from a template; inserted text is escaped, and lists are joined. */
export function html(strings: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  return { html: strings.map((text, index) => (index === 0 ? text : inserted(values[index - 1]) + text)).join('') };
}

type Insertable = string | Html | readonly Html[] | undefined;

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status: number;
  /** Where its form, and the redirects that follow, may lead: sources of `form-action` (CSP 3 §6.5.1). Default: nowhere. */
  readonly formAction?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page without script, which no other page can frame. */
export async function pageResponse({ title, body, status, formAction = [], headers = {} }: Page): Promise<Response> {
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${{ html: `<style>${STYLE}</style>` }}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${await styleHash()}'`,
    `form-action ${formAction.join(' ') || "'none'"}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return new Response(text, {
    status,
    headers: {
      ...NO_STORE,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy.join('; '),
      'X-Frame-Options': 'DENY',
      // With `no-referrer`, browsers would send `Origin: null` with the form.
      'Referrer-Policy': 'same-origin',
      ...headers,
    },
  });
}

/** A page that says what went wrong. */
export function errorPage(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  const title = status === 503 ? 'Temporarily unavailable' : 'This login cannot continue';
  return pageResponse({ title, status, headers, body: html`<h1>${title}</h1>\n<p>${message}</p>` });
}

/** A name, of at most 100 bytes. It cannot hide what follows it with directions or invisible characters. */
export const shownText = (text: string): string => cutText(visibleText(text).replace(/\s+/g, ' ').trim(), 100);

export const scopeList = (scopes: readonly string[], without: string): string | Html =>
  scopes.length === 0 ? without : html`<ul>\n${scopes.map((scope) => html`<li>${scope}</li>`)}\n</ul>`;

function inserted(value: Insertable): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value.replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
  return 'html' in value ? value.html : value.map((one) => one.html).join('\n');
}

/** The only style that the page may use (CSP 3 §2.3.1). */
const styleHash = once(async () =>
  toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(STYLE)))),
);

const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f7; --card: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de;
  --action: #0b5cad; --on-action: #fff; --warning: #fff4ce; --warning-line: #9a6700; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --card: #161b22; --text: #e6edf3; --quiet: #9198a1; --line: #3d444d;
    --action: #79b8ff; --on-action: #0d1117; --warning: #2e2a1f; --warning-line: #d29922; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 1rem auto; padding: 1.25rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .75rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.35rem; line-height: 1.3; }
dl { margin: 1rem 0; }
dt { color: var(--quiet); font-size: .9rem; }
dd { margin: 0 0 .75rem; }
ul { margin: 0; padding-left: 1.25rem; }
code { font: .9rem/1.4 ui-monospace, monospace; }
.warning { padding: .6rem .75rem; background: var(--warning); border-left: 4px solid var(--warning-line); }
form { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
button { flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--text); background: transparent; border: 1px solid var(--quiet); border-radius: .5rem; }
button[value="allow"] { color: var(--on-action); background: var(--action); border-color: var(--action); }
button:focus-visible { outline: 3px solid var(--action); outline-offset: 3px; }
`;
