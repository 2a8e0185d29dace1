import type { AskedConsent } from '../../../caller-access.ts';
import { html, pageResponse, scopeList, shownText } from '../../pages/page.ts';
import type { VerifiedToken } from '../token-verifier.ts';

export interface ConsentForm {
  readonly asked: AskedConsent;
  /** Who has signed in, for people. */
  readonly person: string;
  /** The MCP server, for people. */
  readonly server: string;
  readonly ticket: string;
  /** The token against forged forms. */
  readonly csrf: string;
}

/** Asks the user whether the server may use an account at the third party. */
export function consentPage({ asked, person, server, ticket, csrf }: ConsentForm): Promise<Response> {
  const { api, issuer, audience, scopes } = asked;
  const party = new URL(issuer);
  const name = shownText(api);
  const title = `Connect your account at ${party.host}?`;
  return pageResponse({
    title,
    status: 200,
    // Chromium also checks the redirects that follow the form.
    formAction: [...new Set(["'self'", 'https:', party.origin])],
    body: html`<h1>${title}</h1>
<p>A program that you use with ${server} wants to use ${name} on your behalf. Allow it only if you have just started this.</p>
<dl>
<dt>API</dt>
<dd>${name} (${audience})</dd>
<dt>Account there</dt>
<dd>The one that you sign in with at <strong>${party.host}</strong> next</dd>
<dt>Used by</dt>
<dd>${shownText(person)}, with any program that you connect to ${server}</dd>
<dt>Scopes</dt>
<dd>${scopeList(scopes, 'What the account allows without scopes')}</dd>
</dl>
<form method="post" action="${CONSENT_PATH}?ticket=${ticket}">
<input type="hidden" name="ticket" value="${ticket}">
<input type="hidden" name="csrf" value="${csrf}">
<button type="submit" name="decision" value="deny">Deny</button>
<button type="submit" name="decision" value="allow">Continue to ${party.host}</button>
</form>`,
  });
}

export const CONSENT_PATH = '/connect/consent';

/** The end of a consent. */
export function endPage(asked: AskedConsent, connected: boolean): Promise<Response> {
  const { host } = new URL(asked.issuer);
  const title = connected ? 'Your account is connected' : 'Nothing was connected';
  const text = connected
    ? `${shownText(asked.api)} can now be used on your behalf. Close this page, and go back to your program.`
    : `You did not allow the use of your account at ${host}. Close this page, and go back to your program.`;
  return pageResponse({ title, status: 200, body: html`<h1>${title}</h1>\n<p>${text}</p>` });
}

/** How a person recognises the own account. */
export function shownPerson({ subject, claims }: VerifiedToken): string {
  const known = [claims.email, claims.preferred_username, claims.name];
  return known.find((claim): claim is string => typeof claim === 'string' && claim !== '') ?? subject;
}
