/** A URL for display: without query, fragment, user name and password, which may contain credentials. */
export function safeUrl(url: string): string {
  const path = url.replace(/[?#].*$/s, '');
  return path.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1');
}
