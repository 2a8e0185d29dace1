/** A URL as it may be shown: without query, fragment, user name and password, where credentials may stand. */
export function safeUrl(url: string): string {
  const path = url.replace(/[?#].*$/s, '');
  return path.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}
