/**
 * An address without parts that may be secret: user name and password, query, fragment. Used in messages and as the
 * base of relative addresses. A path is unchanged; a single letter before a colon is a Windows drive.
 */
export function publicAddress(address: string): string {
  if (!/^\s*[a-z][a-z0-9+.-]+:/i.test(address)) return address;
  // In a malformed URL, a password may contain a slash or a question mark.
  if (!URL.canParse(address)) return address.replace(/^([^:]*:\/*).*@/s, '$1').replace(/[?#].*$/s, '');
  if (!carriesSecret(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** Whether a URL has a part that may be a secret. */
export function carriesSecret(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { username, password, search, hash } = new URL(address);
  return [username, password, search, hash].some((part) => part !== '');
}
