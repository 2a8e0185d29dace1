/**
 * An address without what may be a secret in it: user name and password, query, fragment. What messages show, and what
 * relative addresses resolve against. A path stays as it is; one letter before a colon is a drive of Windows.
 */
export function publicAddress(address: string): string {
  if (!/^\s*[a-z][a-z0-9+.-]+:/i.test(address)) return address;
  // In a URL that is broken a password may have a slash or a question mark in it.
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
