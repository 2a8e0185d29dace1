import { html, pageResponse, scopeList, shownText } from '../runtime/serve/pages/page.ts';
import type { Client } from './client.ts';
import type { Settings } from './options.ts';
import type { AuthorizationRequest } from './records.ts';
import { isLoopbackRedirect } from './redirect-uri.ts';

export interface ConsentForm {
  readonly client: Client;
  readonly asked: AuthorizationRequest;
  /** The fields of the form: the sealed request, and the token against forged ones. */
  readonly request: string;
  readonly csrf: string;
  readonly cookie: string;
}

/** Asks the user whether the client may have access. */
export function consentPage(settings: Settings, form: ConsentForm): Promise<Response> {
  const { client, asked, request, csrf, cookie } = form;
  const name = shownText(client.name ?? '') || client.host || 'A program without a name';
  const { host } = new URL(settings.resource);
  const upstream = new URL(settings.upstream.authorizationEndpoint);
  const title = `Allow ${name} to use ${host}?`;
  return pageResponse({
    title,
    status: 200,
    formAction: formTargets(upstream, asked.redirectUri),
    headers: { 'Set-Cookie': cookie },
    body: html`<h1>${title}</h1>
<p>A program asks for access to this server on your behalf. Allow it only if you have just started to connect it.</p>
${warning(client, asked)}
<dl>
<dt>Program</dt>
<dd>${name}${client.host === undefined ? ' (it says so itself; this is not verified)' : undefined}</dd>
${client.host === undefined ? undefined : html`<dt>Identified by</dt>\n<dd>${client.host}</dd>`}
<dt>Access is sent to</dt>
<dd><code>${asked.redirectUri}</code></dd>
<dt>Server</dt>
<dd>${settings.resource}</dd>
<dt>Scopes</dt>
<dd>${scopeList(asked.scopes, 'Everything that this server offers without scopes')}</dd>
</dl>
<p>If you allow it, you sign in at <strong>${upstream.host}</strong> next.</p>
<form method="post" action="${settings.base.pathname.replace(/\/$/, '')}/consent">
<input type="hidden" name="request" value="${request}">
<input type="hidden" name="csrf" value="${csrf}">
<button type="submit" name="decision" value="deny">Deny</button>
<button type="submit" name="decision" value="allow">Allow</button>
</form>`,
  });
}

/** Neither a registration nor a document proves which program on the machine receives the code. */
function warning({ host, redirectUris }: Client, { redirectUri }: AuthorizationRequest) {
  if (!isLoopbackRedirect(redirectUri)) return undefined;
  const which =
    host !== undefined && redirectUris.every(isLoopbackRedirect) ? `whether it is that of ${host}` : 'which one';
  return html`<p class="warning">Access is sent to a program on this computer. This server cannot tell ${which}.</p>`;
}

/**
 * Chromium also checks the redirects that follow the form: to the upstream, from there to any page where the user signs
 * in, and back to the client.
 */
function formTargets(upstream: URL, redirectUri: string): readonly string[] {
  const back = new URL(redirectUri);
  const client = back.protocol === 'http:' ? back.origin : back.protocol;
  return [...new Set(["'self'", 'https:', upstream.origin, client])];
}
